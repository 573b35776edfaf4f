/**
 * What the page says of its own to the researcher: fixed sentences, each at most once in a session, when the flow has ended.
 * A script can bring about most of them, so they hold no names and no numbers, and do not tell when it happened.
 */
import type { Bridge, LogEntry } from "./bridge.js";

const SENTENCES = {
  refusedCommand: "Commands of the script that do not fit the protocol were refused.",
  refusedMessage: "Messages from Python that do not fit the protocol were refused.",
  tooLarge: "A donation was not sent, because it is larger than the study accepts.",
  InitError: "Python could not be started.",
  WorkerCrashed: "Python broke down again and again.",
  FlowDiverged: "The script took another way when it was started again.",
  ProtocolError: "The script sent nothing but commands that do not fit the protocol.",
  failed: "The page could not go on.",
} as const;

/** What can be said. */
export type Diagnosis = keyof typeof SENTENCES;

const WARNINGS: readonly Diagnosis[] = ["refusedCommand", "refusedMessage"];

/** The diagnosis of an error; the names of the page's own errors are those of diagnoses. */
export function diagnosisOf({ name }: Error): Diagnosis {
  return Object.hasOwn(SENTENCES, name) ? (name as Diagnosis) : "failed";
}

/** The diagnoses of one session. */
export class Diagnostics {
  readonly #noted = new Set<Diagnosis>();
  readonly #said = new Set<Diagnosis>();

  /** Note that something happened; nothing leaves yet. */
  note(diagnosis: Diagnosis): void {
    this.#noted.add(diagnosis);
  }

  /** The flow has ended: hand to the bridge what was noted and not said before, in an order that says nothing. */
  tell(bridge: Pick<Bridge, "log">): void {
    for (const diagnosis of Object.keys(SENTENCES) as Diagnosis[]) {
      if (!this.#noted.has(diagnosis) || this.#said.has(diagnosis)) continue;
      this.#said.add(diagnosis);
      bridge.log(entryOf(diagnosis));
    }
  }
}

function entryOf(diagnosis: Diagnosis): LogEntry {
  return { level: WARNINGS.includes(diagnosis) ? "warn" : "error", message: SENTENCES[diagnosis] };
}
