/** What the page does for an author at work: reload when the script changes, and say in the terminal what broke. */

import { outcomeOf } from "./outgoing/outcome.js";
import type { SentRecord } from "./outgoing/sent_record.js";

/**
 * Reload the page when the server says that the script or a file beside it has changed; and when the server was started
 * again, unless the page is `inUse`: what a participant has not sent yet would be lost.
 */
export function reloadOnChange(base: string, reload: () => void, inUse: () => boolean): () => void {
  const changes = new EventSource(new URL("api/changes", base));
  const changed = () => {
    changes.close();
    reload();
  };
  changes.addEventListener("reload", changed);
  changes.addEventListener("restarted", () => {
    if (!inUse()) changed();
  });
  return () => changes.close();
}

/** Whether Python says by this line of its output that the script made a step and did not yield it. */
export function isForgottenYield(line: string): boolean {
  return line.startsWith("Forgotten yield: ");
}

/** Have a script's error printed in the terminal of the development server. */
export async function reportScriptError(base: string, traceback: string, record: SentRecord): Promise<void> {
  const address = new URL("api/script-error", base);
  const body = JSON.stringify({ traceback });
  const item = record.add("error", body, { kind: "server", origin: address.origin });
  const request = { method: "POST", headers: { "content-type": "application/json" }, body };
  // The page shows the error in any case; that the terminal could not be reached changes nothing.
  const status = await fetch(address, request).then(
    (response) => response.status,
    () => 0,
  );
  record.settle(item, outcomeOf({ success: status === 204, status }));
}
