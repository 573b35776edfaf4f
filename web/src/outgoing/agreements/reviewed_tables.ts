/**
 * Tables that the participant looked through and agreed to give, without the rows that they deleted. A donation refers to
 * them, or its text is recognised; the page writes the bytes in either case.
 */

import { LONGEST_UNSEEN_NAME } from "../../protocol/limits.gen.js";
import type { AgreedPart, Page, Payload, Prompt, PropsUIPromptConsentFormTable } from "../../protocol/types.gen.js";
import { inPieces } from "../../short_tasks.js";
import { AgreementKind, type Offer, writeAgreed } from "./agreement_kind.js";
import { type KeptTable, ReviewedTable } from "./reviewed_table.js";
import { recogniseReviewed } from "./reviewed_text.js";

export class ReviewedTables extends AgreementKind {
  readonly name = "reviewed tables";
  /** Newest first. */
  #tables: ReviewedTable[] = [];

  /** Of what was shown more than once, the last word counts, be it another agreement or a refusal. */
  override answered(page: Page, payload: Payload, number: number): Payload | null {
    if (page.__type__ !== "PropsUIPageDataSubmission") return null;
    if (payload.__type__ !== "PayloadReview" && payload.__type__ !== "PayloadFalse") return null;
    const shown = [page.body].flat().flatMap(tablesOf);
    this.#tables = this.#tables.filter((table) => !shown.some((prompt) => table.shows(prompt)));
    if (payload.__type__ === "PayloadFalse") return null;
    const agreed = new Map(Object.entries(payload.value.deleted));
    for (const prompt of shown) {
      // Of two tables with one id, nobody can say which rows were deleted.
      const isOnly = shown.filter(({ id }) => id === prompt.id).length === 1;
      const deleted = agreed.get(prompt.id);
      if (deleted && isOnly) this.#tables.unshift(new ReviewedTable(prompt, deleted, number));
    }
    return { ...payload, value: { ...payload.value, agreement: number } };
  }

  override find({ agreement, name }: AgreedPart): ReviewedTable | null {
    return this.#tables.find((table) => table.agreement === agreement && table.name === name) ?? null;
  }

  async bytesFor(offer: Offer): Promise<Blob | null> {
    const { key } = offer;
    // Nobody was asked about the key, and the script chooses it.
    if (key.length > LONGEST_UNSEEN_NAME) return null;
    const free = this.#tables.filter((table) => table.key === null || table.key === key);
    const agreed = "text" in offer ? await inPieces(recogniseReviewed(offer.text, free)) : offer.agreed;
    if (!agreed) return null;
    const tables = free.filter((table) => agreed.parts.includes(table));
    if (tables.length < agreed.parts.length || !tables.every((table) => table.isPlainlyNamed)) return null;
    for (const table of tables) table.key = key;
    return inPieces(writeAgreed(agreed));
  }

  override release(): void {
    for (const table of this.#tables) table.release();
  }

  override kept(): KeptTable[] {
    return this.#tables.map((table) => table.kept());
  }

  override get keptCharacters(): number {
    return this.#tables.reduce((sum, table) => sum + table.characters, 0);
  }

  override restore(kept: unknown): void {
    this.#tables = (kept as KeptTable[]).map(ReviewedTable.from);
  }
}

/** The tables of a prompt that an agreement can be about. */
function tablesOf(prompt: Prompt): PropsUIPromptConsentFormTable[] {
  if (prompt.__type__ === "PropsUIPromptConsentFormTable") return [prompt];
  return prompt.__type__ === "PropsUIPromptConsentForm" ? [...prompt.tables, ...(prompt.metaTables ?? [])] : [];
}
