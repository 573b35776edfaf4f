/**
 * The gate: every command of the script by which something leaves the page passes here. Python is not trusted: its
 * script, a package or a mistake may ask for anything. What passes is what the participant agreed to in a review, what
 * the study declares as data about the session, and what the page itself has shown and asked about.
 */

import type { CommandSystemLog, DonationResult, Page, Payload, Prompt } from "../protocol/types.gen.js";
import { inPieces } from "../short_tasks.js";
import type { Bridge } from "./bridge.js";
import { bytesOf } from "./bytes.js";
import { errorReport } from "./error_report.js";
import { type KeptTable, ReviewedTable } from "./reviewed_table.js";
import { rewriteReviewed } from "./reviewed_text.js";
import { LONGEST_KEY, type SessionData } from "./session_data.js";

/** What the gate goes by. */
export interface ConsentRules {
  sessionData: SessionData;
  /** Stands in error reports. */
  platform: string | null;
  /** Show the participant what would be sent under a key, and ask. */
  ask(key: string, content: Blob): Promise<boolean>;
  /** Tell the author, while they write, of what stayed on the page and why. */
  tellAuthor?(sentence: string): void;
}

/** What the participant agreed to, in a form that outlives a reload of the page. */
export interface KeptAgreements {
  tables: KeptTable[];
  report: string | null;
}

/** The answers to a donation that the participant did not want to send, and to one that nobody is asked about. */
const DECLINED = { success: false, status: 403, error: "The participant did not agree to send this." } as const;
const LONG_KEY = { success: false, status: 400, error: "The key of a donation has at most 200 characters." } as const;

/** The key of what leaves when a participant reports an error. */
const REPORT_KEY = "error-report";
/** The key of reviewed tables may have so many characters: nobody was asked about it, and the script chooses it. */
const LONGEST_UNSEEN_KEY = 100;
/** Characters of one log line of the script's, and of all of them in a session. */
const LONGEST_LINE = 1_000;
const MOST_LOGGED = 100_000;
/** The ends of a flow that say nothing but that it ended. */
const PLAIN_ENDS = ["", "End of script", "Error in script", "The script called sys.exit"];
/** Exit codes as systems know them; a larger number could hold something. */
const LARGEST_CODE = 255;

export class ConsentGate {
  /** Newest first: of two reviews of one table, the later is what the participant wants. */
  #tables: ReviewedTable[] = [];
  /** The error that the participant agreed to report. */
  #report: string | null = null;
  #logged = 0;

  constructor(
    private readonly bridge: Bridge,
    private readonly rules: ConsentRules,
  ) {}

  /** The participant has answered a page: from now on, what they agreed to there may leave. */
  answered(page: Page, payload: Payload): void {
    if (page.__type__ === "PropsUIPageError" && payload.__type__ === "PayloadTrue") this.#report = page.message;
    if (page.__type__ !== "PropsUIPageDataSubmission" || payload.__type__ !== "PayloadReview") return;
    const agreed = new Map(Object.entries(payload.value.deleted));
    const shown = [page.body].flat().flatMap(tablesOf);
    for (const prompt of shown) {
      // Of two tables with one id, nobody can say which rows were deleted.
      const isOnly = shown.filter(({ id }) => id === prompt.id).length === 1;
      const deleted = agreed.get(prompt.id);
      if (deleted && isOnly) this.#tables.unshift(new ReviewedTable(prompt, deleted));
    }
  }

  /** The bytes to send for a donation, once they may be sent; or what the script gets instead, when they may not. */
  async admit(key: string, json: string): Promise<Blob | DonationResult> {
    if (key.length > LONGEST_KEY) return { key, ...LONG_KEY };
    if (this.rules.sessionData.covers(key)) return inPieces(bytesOf(json));
    const agreed = this.#reported(key, json) ?? (await this.#reviewed(key, json));
    if (agreed) return agreed;
    const content = await inPieces(bytesOf(json));
    this.rules.tellAuthor?.(undeclared(`The donation “${key}”`, "the participant was asked about it", key));
    return (await this.rules.ask(key, content)) ? content : { key, ...DECLINED };
  }

  /** Send what was admitted. */
  send(key: string, content: Blob): Promise<DonationResult | null> {
    return this.bridge.donate(key, content);
  }

  /** A line for the researcher's log. It stays on the page unless the study declares its log lines. */
  log(level: CommandSystemLog["level"], message: string): void {
    const line = shortened(message);
    if (!this.#mayLog(`The log line “${line}”`)) return;
    if (this.#logged > MOST_LOGGED) return;
    this.#logged += line.length;
    const full = this.#logged > MOST_LOGGED;
    this.bridge.log(
      full ? { level: "warn", message: "Further log lines of the script were left out." } : { level, message: line },
    );
  }

  /** An event of the script's own, which only a host would understand; the same holds as for log lines. */
  event(name: string): void {
    if (this.#mayLog(`The event “${shortened(name)}”`)) this.bridge.event(shortened(name));
  }

  /** The end of the flow: that it ended always leaves; what else the script says of it is for its log. */
  async exit(code: number, info: string): Promise<void> {
    const text = shortened(info);
    const plain = PLAIN_ENDS.includes(info) && code >= 0 && code <= LARGEST_CODE;
    if (plain || this.#mayLog(`What the script said at its end, “${code}: ${text}”,`)) {
      await this.bridge.exit(code, text);
    } else {
      await this.bridge.exit(Math.min(Math.abs(code), LARGEST_CODE), "");
    }
  }

  /** A command did not fit the protocol. What was in it stays here. */
  refused(name: string, wrong: string): void {
    this.#logRefusal(
      `A command that does not fit the protocol was refused: ${name}`,
      `A command was refused: ${wrong}.`,
    );
  }

  /** A message that came out of Python besides was none that was waited for. */
  refusedMessage(sentence: string): void {
    this.#logRefusal("A message from Python that does not fit the protocol was refused", sentence);
  }

  #logRefusal(message: string, forAuthor: string): void {
    this.bridge.log({ level: "warn", message });
    this.rules.tellAuthor?.(forAuthor);
  }

  flush(): void {
    this.bridge.flush();
  }

  /** What the participant agreed to, in a form that outlives a reload of the page. */
  kept(): KeptAgreements {
    return { tables: this.#tables.map((table) => table.kept()), report: this.#report };
  }

  /** Take back what was kept. */
  restore({ tables, report }: KeptAgreements): void {
    this.#tables = tables.map(ReviewedTable.from);
    this.#report = report;
  }

  #reported(key: string, json: string): Blob | null {
    if (key !== REPORT_KEY || this.#report === null) return null;
    return errorReport(json, this.rules.platform ?? "", this.#report);
  }

  /** The reviewed tables that a donation consists of, without what was deleted. */
  async #reviewed(key: string, json: string): Promise<Blob | null> {
    const free = this.#tables.filter((table) => table.key === null || table.key === key);
    if (key.length > LONGEST_UNSEEN_KEY || free.length === 0) return null;
    try {
      const rewritten = await inPieces(rewriteReviewed(json, free));
      if (!rewritten) return null;
      for (const table of rewritten.tables) {
        if (!(await inPieces(table.isPlainlyNamed()))) return null;
      }
      for (const table of rewritten.tables) table.key = key;
      return rewritten.content;
    } finally {
      for (const table of free) table.release();
    }
  }

  #mayLog(what: string): boolean {
    const { coversLog } = this.rules.sessionData;
    if (!coversLog) this.rules.tellAuthor?.(undeclared(what, "it stayed on the page", "log"));
    return coversLog;
  }
}

/** The tables of a prompt that an agreement can be about. */
function tablesOf(prompt: Prompt) {
  if (prompt.__type__ === "PropsUIPromptConsentFormTable") return [prompt];
  return prompt.__type__ === "PropsUIPromptConsentForm" ? [...prompt.tables, ...(prompt.metaTables ?? [])] : [];
}

function undeclared(what: string, consequence: string, key: string): string {
  const line = `${JSON.stringify(key)} = "what it is, in words"`;
  return `${what} is not declared, so ${consequence}. To send it without asking, add under [tool.sidestage.session-data]: ${line}`;
}

function shortened(text: string): string {
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}… (cut)` : text;
}
