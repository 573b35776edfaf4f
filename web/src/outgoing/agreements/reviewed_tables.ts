/**
 * Tables that the participant looked through and agreed to give, without the rows that they deleted. A donation refers to
 * them, or its text is recognised; the page writes the bytes in either case. Each leaves once.
 */

import type {
  AgreedPart,
  DonationResult,
  Page,
  Payload,
  Prompt,
  PropsUIPromptConsentFormTable,
} from "../../protocol/types.gen.js";
import { inPieces } from "../../short_tasks.js";
import type { UnseenNames } from "../unseen_names.js";
import { AgreementKind, type Fate, type Offer, writeAgreed } from "./agreement_kind.js";
import { depart, departed } from "./departure.js";
import { type KeptTable, ReviewedTable } from "./reviewed_table.js";
import { type Recognised, recogniseReviewed } from "./reviewed_text.js";
import { countCommon, type RowPrints } from "./same_rows.js";

interface KeptTables {
  tables: KeptTable[];
  names: [string, number][];
}

/** Fewer rows in common are none that tell of a table: many tables have a row with a zero. */
const FEW_ROWS = 3;

export class ReviewedTables extends AgreementKind {
  readonly name = "reviewed tables";
  /** Newest first. */
  #tables: ReviewedTable[] = [];
  /** The tables that an offer consists of. */
  readonly #offered = new WeakMap<Offer, Recognised>();

  constructor(
    private readonly names: UnseenNames,
    private readonly tellAuthor?: (sentence: string) => void,
  ) {
    super();
  }

  /** Of what was shown more than once, the last word counts, be it another agreement or a refusal. */
  override async answered(page: Page, payload: Payload, number: number): Promise<Payload | null> {
    if (page.__type__ !== "PropsUIPageDataSubmission") return null;
    if (payload.__type__ !== "PayloadReview" && payload.__type__ !== "PayloadFalse") return null;
    const shown = [page.body].flat().flatMap(tablesOf);
    await this.#forget(shown);
    if (payload.__type__ === "PayloadFalse") return null;
    const agreed = new Map(Object.entries(payload.value.deleted));
    for (const [place, prompt] of shown.entries()) {
      // Of two tables with one id, nobody can say which rows were deleted.
      const isOnly = shown.filter(({ id }) => id === prompt.id).length === 1;
      const deleted = agreed.get(prompt.id);
      if (deleted && isOnly) this.#tables.unshift(new ReviewedTable(prompt, deleted, number, place));
    }
    return { ...payload, value: { ...payload.value, agreement: number } };
  }

  override find({ agreement, name }: AgreedPart): ReviewedTable | null {
    return this.#tables.find((table) => table.agreement === agreement && table.name === name) ?? null;
  }

  async bytesFor(offer: Offer): Promise<Blob | DonationResult | null> {
    const agreed = await this.#agreedIn(offer);
    if (!agreed) return null;
    this.#offered.set(offer, agreed);
    const { key } = offer;
    if (!(await this.#isPlainlyNamed(key, agreed.parts))) return null;
    if (agreed.parts.some((table) => table.isDoubted)) {
      this.#askedBecause(key, "a table that seems to be the same was answered later");
      return null;
    }
    const may = depart(agreed.parts, key, wholeOf(agreed));
    if (may === null) this.#askedBecause(key, "the tables in it have left the page before");
    return may === true ? inPieces(writeAgreed(agreed)) : may;
  }

  /** "Do not send" takes back what was agreed to in a review. */
  override learn(offer: Offer, fate: Fate): void {
    const parts = this.#offered.get(offer)?.parts ?? [];
    if (fate === "declined") this.#tables = this.#tables.filter((table) => !parts.includes(table));
    else departed(parts, offer.key, fate === "arrived");
  }

  override release(): void {
    for (const table of this.#tables) table.release();
  }

  override kept(): KeptTables {
    return { tables: this.#tables.map((table) => table.kept()), names: this.names.kept() };
  }

  override get keptCharacters(): number {
    return this.#tables.reduce((sum, table) => sum + table.characters, 0);
  }

  override restore(kept: unknown): void {
    const { tables, names } = kept as KeptTables;
    this.#tables = tables.map(ReviewedTable.from);
    this.names.restore(names);
  }

  /**
   * These were shown and answered: what was said before of a table that is called alike and has the same rows, in whatever
   * form, does not count any more. Of one that only seems to be the same nobody can say, so the page asks.
   */
  async #forget(shown: readonly PropsUIPromptConsentFormTable[]): Promise<void> {
    const forgotten = new Set<ReviewedTable>();
    const anew = shown.map((prompt) => ({ prompt, table: new ReviewedTable(prompt, [], 0) }));
    for (const former of this.#tables) {
      for (const { prompt, table } of anew) {
        const isCalledLike = former.isCalledLike(prompt);
        // Reading rows takes its time; those of what has left need it only where they may be meant again.
        if (!isCalledLike && former.departure !== null) continue;
        const [rows, others] = [await former.prints(), await table.prints()];
        const common = countCommon(rows, others);
        const isSame = common > 0 && common === rows.length && common === others.length;
        if (isSame && isCalledLike) forgotten.add(former);
        else if (isSame || (isCalledLike && common > 0) || isMuchOf(rows, common)) former.isDoubted = true;
      }
    }
    this.#tables = this.#tables.filter((table) => !forgotten.has(table));
  }

  /** The tables that an offer consists of, in the order in which they were shown. */
  async #agreedIn(offer: Offer): Promise<Recognised | null> {
    if ("agreed" in offer) {
      const { parts, form } = offer.agreed;
      const tables = this.#tables.filter((table) => parts.includes(table));
      return tables.length === parts.length ? { parts: tables.sort(asShown), form } : null;
    }
    // Of tables with the same rows, one that has not left yet.
    const left = (table: ReviewedTable) => Number(table.departure !== null);
    const tables = [...this.#tables].sort((one, other) => left(one) - left(other));
    const found = await inPieces(recogniseReviewed(offer.text, tables));
    return found && { parts: [...found.parts].sort(asShown), form: found.form };
  }

  /** Whether the names in it that nobody saw are no more than names. */
  async #isPlainlyNamed(key: string, tables: readonly ReviewedTable[]): Promise<boolean> {
    if ((await this.names.words.spelling(key)) === null) {
      this.#askedBecause(key, "its key has words in it that stand neither in the script nor in what it declares");
      return false;
    }
    const whole = JSON.stringify(tables.map((table) => table.name));
    const isAdmitted = await this.names.admit([[whole, key], ...tables.flatMap((table) => table.unseenNames)]);
    if (!isAdmitted) this.#askedBecause(key, "the names in it that nobody has seen are too many or too long");
    return isAdmitted;
  }

  #askedBecause(key: string, reason: string): void {
    this.tellAuthor?.(`The participant was asked about the donation “${key}”, because ${reason}.`);
  }
}

/** Whether so many rows are enough for a table to be meant, under whatever name. */
function isMuchOf(rows: RowPrints, common: number): boolean {
  return common >= FEW_ROWS && 2 * common >= rows.length;
}

/** Says what leaves together, and in which form. */
function wholeOf({ parts, form }: Recognised): string {
  return JSON.stringify([form, ...parts.map(({ agreement, name }) => [agreement, name])]);
}

function asShown(one: ReviewedTable, other: ReviewedTable): number {
  return one.agreement - other.agreement || one.place - other.place;
}

/** The tables of a prompt that an agreement can be about. */
function tablesOf(prompt: Prompt): PropsUIPromptConsentFormTable[] {
  if (prompt.__type__ === "PropsUIPromptConsentFormTable") return [prompt];
  return prompt.__type__ === "PropsUIPromptConsentForm" ? [...prompt.tables, ...(prompt.metaTables ?? [])] : [];
}
