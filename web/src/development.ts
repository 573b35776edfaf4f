/** What the page does for an author at work: reload when the script changes, and say in the terminal what broke. */

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

/** Have a script's error printed in the terminal of the development server. */
export function reportScriptError(base: string, traceback: string): void {
  const headers = { "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify({ traceback }) };
  // The page shows the error in any case; that the terminal could not be reached changes nothing.
  fetch(new URL("api/script-error", base), request).catch(() => undefined);
}
