/**
 * The gate: every command of the script by which something leaves the page passes here. Python is not trusted: its
 * script, a package or a mistake may ask for anything. What passes is what the participant agreed to, in whatever kind of
 * agreement, or what the study declares as data about the session.
 */

import {
  LARGEST_EXIT_CODE,
  LONGEST_KEY,
  LONGEST_SCRIPT_LOG_LINE,
  MOST_SCRIPT_LOG_CHARACTERS,
} from "../protocol/limits.gen.js";
import type {
  AgreedPart,
  CommandSystemDonate,
  CommandSystemDonateAgreed,
  CommandSystemLog,
  DonationResult,
  Page,
  Payload,
} from "../protocol/types.gen.js";
import { inPieces } from "../short_tasks.js";
import {
  type Agreed,
  type Agreement,
  type AgreementKind,
  type Fate,
  type Offer,
  writeAgreed,
} from "./agreements/agreement_kind.js";
import { agreementKinds, type ConsentRules } from "./agreements/kinds.js";
import type { Bridge } from "./bridge.js";
import { bytesOf } from "./bytes.js";
import type { Diagnostics } from "./diagnostics.js";
import { undeclared } from "./session_data.js";

/** A command that asks to send something to the researcher. */
export type Donation = CommandSystemDonate | CommandSystemDonateAgreed;

/** What the participant agreed to, in a form that outlives a reload of the page. */
export interface KeptAgreements {
  /** The number of the newest agreement. */
  newest: number;
  /** What each kind keeps. */
  kinds: Record<string, unknown>;
  /** About how many characters there are in it. */
  characters: number;
}

/** What a script gets for a donation that stays on the page. */
const DECLINED = { success: false, status: 403, error: "The participant did not agree to send this." } as const;
const NOT_AGREED = {
  success: false,
  status: 403,
  error: "The donation refers to something that the participant has not agreed to, or does not agree to any more.",
} as const;
const LONG_KEY = {
  success: false,
  status: 400,
  error: `The key of a donation has at most ${LONGEST_KEY} characters.`,
} as const;

/** The status of a donation that is larger than the study accepts. */
const TOO_LARGE = 413;

/** The ends of a flow that say nothing but that it ended. */
const PLAIN_ENDS = ["", "End of script", "Error in script", "The script called sys.exit"];

/** What the gate goes by. */
export interface GateRules extends ConsentRules {
  /** What the page says of its own, once the flow has ended. */
  diagnostics: Diagnostics;
}

export class ConsentGate {
  readonly #kinds: readonly AgreementKind[];
  /** The number of the newest agreement. */
  #newest = 0;
  /** What was admitted last. */
  #admitted: { offer: Offer; content: Blob } | null = null;
  #logged = 0;

  constructor(
    private readonly bridge: Bridge,
    private readonly rules: GateRules,
  ) {
    this.#kinds = agreementKinds(rules);
  }

  /**
   * The participant has answered a page: from now on, what they agreed to there may leave.
   *
   * @returns the payload for the script; where something was agreed to, with the number by which a donation may refer to it.
   */
  async answered(page: Page, payload: Payload): Promise<Payload> {
    const number = this.#newest + 1;
    let numbered = payload;
    for (const kind of this.#kinds) {
      const agreed = await kind.answered(page, numbered, number);
      if (agreed === null) continue;
      this.#newest = number;
      numbered = agreed;
    }
    return numbered;
  }

  /** The bytes to send for a donation, once they may be sent; or what the script gets instead, when they may not. */
  async admit(donation: Donation): Promise<Blob | DonationResult> {
    const { key } = donation;
    if (isLongKey(key)) return { key, ...LONG_KEY };
    const offer = this.#offer(donation);
    if (offer === null) {
      this.rules.tellAuthor?.(`The donation “${key}” was refused. ${NOT_AGREED.error}`);
      return { key, ...NOT_AGREED };
    }
    try {
      for (const kind of this.#kinds) {
        const content = await kind.bytesFor(offer);
        if (content instanceof Blob) this.#admitted = { offer, content };
        if (content) return content;
      }
      this.#tell(offer, "declined");
      return { key, ...DECLINED };
    } finally {
      for (const kind of this.#kinds) kind.release();
    }
  }

  /** Send what was admitted last. */
  async send(key: string, content: Blob): Promise<DonationResult | null> {
    const offer = this.#admitted?.content === content ? this.#admitted.offer : null;
    if (offer) this.#tell(offer, "sent");
    const result = await this.bridge.donate(key, content);
    if (offer && result?.success) this.#tell(offer, "arrived");
    if (result?.status === TOO_LARGE) this.rules.diagnostics.note("tooLarge");
    return result;
  }

  #tell(offer: Offer, fate: Fate): void {
    for (const kind of this.#kinds) kind.learn(offer, fate);
  }

  /** A line for the researcher's log. It stays on the page unless the study declares its log lines. */
  log(level: CommandSystemLog["level"], message: string): void {
    const line = shortened(message);
    if (!this.#mayLog(`The log line “${line}”`)) return;
    if (this.#logged > MOST_SCRIPT_LOG_CHARACTERS) return;
    this.#logged += line.length;
    const full = this.#logged > MOST_SCRIPT_LOG_CHARACTERS;
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
    this.rules.diagnostics.tell(this.bridge);
    const text = shortened(info);
    const plain = PLAIN_ENDS.includes(info) && code >= 0 && code <= LARGEST_EXIT_CODE;
    if (plain || this.#mayLog(`What the script said at its end, “${code}: ${text}”,`)) {
      await this.bridge.exit(code, text);
    } else {
      await this.bridge.exit(Math.min(Math.abs(code), LARGEST_EXIT_CODE), "");
    }
  }

  /** A command did not fit the protocol. What was in it stays here. */
  refused(wrong: string): void {
    this.rules.diagnostics.note("refusedCommand");
    this.rules.tellAuthor?.(`A command was refused: ${wrong}.`);
  }

  /** A message that came out of Python besides was none that was waited for. */
  refusedMessage(sentence: string): void {
    this.rules.diagnostics.note("refusedMessage");
    this.rules.tellAuthor?.(sentence);
  }

  flush(): void {
    this.bridge.flush();
  }

  /** What the participant agreed to, in a form that outlives a reload of the page. */
  kept(): KeptAgreements {
    return {
      newest: this.#newest,
      kinds: Object.fromEntries(this.#kinds.map((kind) => [kind.name, kind.kept()])),
      characters: this.#kinds.reduce((sum, kind) => sum + kind.keptCharacters, 0),
    };
  }

  /** Take back what was kept. */
  restore({ newest, kinds }: KeptAgreements): void {
    this.#newest = newest;
    for (const kind of this.#kinds) kind.restore(kinds[kind.name]);
  }

  /** What a donation offers to send; null where it refers to what was not agreed to. */
  #offer(donation: Donation): Offer | null {
    const { key } = donation;
    if (donation.__type__ === "CommandSystemDonate") {
      const text = donation.json_string;
      return { key, text, content: () => inPieces(bytesOf(text)) };
    }
    const agreed = this.#agreed(donation);
    return agreed && { key, agreed, content: () => inPieces(writeAgreed(agreed)) };
  }

  #agreed({ parts: references, form }: CommandSystemDonateAgreed): Agreed | null {
    const parts = references.map((reference) => this.#find(reference)).filter((part) => part !== null);
    const names = new Set(parts.map((part) => part.name));
    const fits = form === "parts" ? parts.length > 0 : parts.length === 1;
    return fits && names.size === references.length ? { parts, form } : null;
  }

  #find(reference: AgreedPart): Agreement | null {
    for (const kind of this.#kinds) {
      const part = kind.find(reference);
      if (part) return part;
    }
    return null;
  }

  #mayLog(what: string): boolean {
    const { coversLog } = this.rules.sessionData;
    if (!coversLog) this.rules.tellAuthor?.(undeclared(what, "it stayed on the page", "log"));
    return coversLog;
  }
}

/** Whether a key is longer than one may be, in characters as Python counts them. */
function isLongKey(key: string): boolean {
  return [...key.slice(0, 2 * LONGEST_KEY + 1)].length > LONGEST_KEY;
}

function shortened(text: string): string {
  return text.length > LONGEST_SCRIPT_LOG_LINE ? `${text.slice(0, LONGEST_SCRIPT_LOG_LINE)}… (cut)` : text;
}
