/** A table that the participant looked through and agreed to give, and the rows of it that they deleted. */

import { LONGEST_UNSEEN_NAME } from "../../protocol/limits.gen.js";
import type { PropsUIPromptConsentFormTable } from "../../protocol/types.gen.js";
import type { Cell } from "../../table/json_text.js";
import { readTable } from "../../table/read_table.js";
import { JSON_TYPE } from "../bytes.js";
import type { Agreement } from "./agreement_kind.js";
import { writeRows } from "./reviewed_rows.js";

/** What is needed to know a reviewed table again after a reload. */
export interface KeptTable {
  prompt: PropsUIPromptConsentFormTable;
  deleted: number[];
  agreement: number;
  key: string | null;
}

export class ReviewedTable implements Agreement {
  /** The key under which it was donated; it leaves without a further question under this one only. */
  key: string | null = null;
  readonly deleted: ReadonlySet<number>;
  readonly #texts: readonly string[];
  #columns: ReadonlyMap<string, readonly Cell[]> | null = null;

  /** @param agreement the number of the answer that agreed to it. */
  constructor(
    private readonly prompt: PropsUIPromptConsentFormTable,
    deleted: Iterable<number>,
    readonly agreement: number,
  ) {
    this.deleted = new Set(deleted);
    this.#texts = textsOf(prompt);
  }

  static from({ prompt, deleted, agreement, key }: KeptTable): ReviewedTable {
    const table = new ReviewedTable(prompt, deleted, agreement);
    table.key = key;
    return table;
  }

  /** The table's id. */
  get name(): string {
    return this.prompt.id;
  }

  /** How many characters its text has. */
  get characters(): number {
    return this.#texts.reduce((sum, text) => sum + text.length, 0);
  }

  /** Whether a prompt shows the same table: under the same id, with the same rows. */
  shows(prompt: PropsUIPromptConsentFormTable): boolean {
    const texts = textsOf(prompt);
    return (
      prompt.id === this.name &&
      texts.length === this.#texts.length &&
      texts.every((text, piece) => text === this.#texts[piece])
    );
  }

  /**
   * Whether the names in it that were not shown are no more than names: its id, and those of columns with headers. The
   * script chooses them, and they leave with the rows.
   */
  get isPlainlyNamed(): boolean {
    return [this.name, ...Object.keys(this.prompt.headers ?? {})].every((name) => name.length <= LONGEST_UNSEEN_NAME);
  }

  /** The columns as the review showed them, read when they are first asked for; to be run in pieces. */
  *columns(): Generator<unknown, ReadonlyMap<string, readonly Cell[]>> {
    this.#columns ??= yield* readTable(this.#texts);
    return this.#columns;
  }

  /** Let go of the columns, which may take much memory; they can be read again. */
  release(): void {
    this.#columns = null;
  }

  *write(form: "part" | "rows"): Generator<unknown, Blob> {
    const rows = yield* writeRows(this.#texts, this.deleted);
    if (form === "rows") return rows;
    const metadata = `"metadata": {"deletedRowCount": ${this.deleted.size}}`;
    return new Blob(['{"data": ', rows, `, ${metadata}}`], JSON_TYPE);
  }

  /** What is needed to know it again after a reload. */
  kept(): KeptTable {
    return { prompt: this.prompt, deleted: [...this.deleted], agreement: this.agreement, key: this.key };
  }
}

function textsOf({ data_frame: texts }: PropsUIPromptConsentFormTable): readonly string[] {
  return typeof texts === "string" ? [texts] : texts;
}
