/** What a study declares as data about the session: it leaves without a question, and the participant can read of it. */
import type { Text } from "../protocol/types.gen.js";

/** The name that stands for log lines, and for what a script says when it ends. */
const LOG = "log";

/** A key, or a pattern with ``*`` for any characters, and what is sent under it. */
export type Declarations = Readonly<Record<string, Text>>;

export class SessionData {
  readonly #patterns: RegExp[];

  /** @param declarations come from the study's configuration, which no script in the page can change. */
  constructor(readonly declarations: Declarations = {}) {
    this.#patterns = this.keys.map(asPattern);
  }

  /** The keys of donations that are declared, and patterns of such; the log is none. */
  get keys(): string[] {
    return Object.keys(this.declarations).filter((key) => key !== LOG);
  }

  /** Whether a donation's key is declared as it is. */
  names(key: string): boolean {
    return this.keys.includes(key);
  }

  /** Whether it is declared, or fits a pattern that is. */
  covers(key: string): boolean {
    return this.#patterns.some((pattern) => pattern.test(key));
  }

  /** Whether the script's log lines are declared. */
  get coversLog(): boolean {
    return Object.hasOwn(this.declarations, LOG);
  }
}

function asPattern(key: string): RegExp {
  const parts = key.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}

/** A sentence for the author about something that is not declared: what came of it, and how to declare it. */
export function undeclared(what: string, consequence: string, key: string): string {
  const line = `${JSON.stringify(key)} = "what it is, in words"`;
  return `${what} is not declared, so ${consequence}. To send it without asking, add under [tool.sidestage.session-data]: ${line}`;
}
