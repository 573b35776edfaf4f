/**
 * A bridge is a way out of the page: to our own server, to a host page around this one, or to a file on the
 * participant's device. The run cycle does not know which. Each writes into the record what it sends, when it sends it.
 */

import type { CommandSystemLog, DonationResult } from "../protocol/types.gen.js";
import type { Destination } from "./destination.js";

/** A line for the researcher's log. */
export interface LogEntry {
  level: CommandSystemLog["level"];
  message: string;
}

/** The ways out, below the gate: what comes here has been admitted. No method rejects: what fails is said in the result, or kept for the next time. */
export interface Bridge {
  readonly destination: Destination;
  /** Send a donation. Null means that the other side acknowledges nothing, so that nobody can know. */
  donate(key: string, content: Blob): Promise<DonationResult | null>;
  /** Keep a line for the log; ``flush`` sends it. */
  log(entry: LogEntry): void;
  /** Send the lines that were kept, without making anybody wait. */
  flush(): void;
  /** The flow has ended; resolves when all that was kept is sent or cannot be. */
  exit(code: number, info: string): Promise<void>;
  /** Something happened that the other side may want to know, such as ``initialized``. */
  event(name: string): void;
}
