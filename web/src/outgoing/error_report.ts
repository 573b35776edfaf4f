/** The report of a script's error, written by the page from what the participant saw when they agreed to send it. */

/** A character may take so many in JSON; and the rest of a report so many in all. */
const LONGEST_ESCAPE = 6;
const REST = 1_000;

/**
 * The bytes of a report, if the donation is one; else null. Only the traceback that was shown is in it, and the page's
 * own clock.
 */
export function errorReport(json: string, platform: string, shown: string): Blob | null {
  if (json.length > LONGEST_ESCAPE * shown.length + REST) return null;
  let report: unknown;
  try {
    report = JSON.parse(json);
  } catch {
    return null;
  }
  const { traceback } = (report ?? {}) as { traceback?: unknown };
  if (traceback !== shown) return null;
  const written = { platform, traceback: shown, timestamp: new Date().toISOString() };
  return new Blob([JSON.stringify(written)], { type: "application/json" });
}
