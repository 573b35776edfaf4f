/** A table that the participant looked through and agreed to give, and the rows of it that they deleted. */

import type { PropsUIPromptConsentFormTable, Text } from "../../protocol/types.gen.js";
import { inPieces } from "../../short_tasks.js";
import type { Cell } from "../../table/json_text.js";
import { readTable } from "../../table/read_table.js";
import { JSON_TYPE } from "../bytes.js";
import type { UnseenName } from "../unseen_names.js";
import type { Agreement } from "./agreement_kind.js";
import type { Departing, Departure } from "./departure.js";
import { writeRows } from "./reviewed_rows.js";
import { printRows, type RowPrints } from "./same_rows.js";

/** What is needed to know a reviewed table again after a reload. */
export interface KeptTable {
  prompt: PropsUIPromptConsentFormTable;
  deleted: number[];
  agreement: number;
  place: number;
  isDoubted: boolean;
  departure: Departure | null;
}

export class ReviewedTable implements Agreement, Departing {
  departure: Departure | null = null;
  /** Whether the participant later answered about a table that may be the same to them. */
  isDoubted = false;
  readonly deleted: ReadonlySet<number>;
  readonly #texts: readonly string[];
  #columns: ReadonlyMap<string, readonly Cell[]> | null = null;
  #prints: RowPrints | null = null;

  /**
   * @param agreement the number of the answer that agreed to it.
   * @param place where it stood among the tables of its page.
   */
  constructor(
    private readonly prompt: PropsUIPromptConsentFormTable,
    deleted: Iterable<number>,
    readonly agreement: number,
    readonly place = 0,
  ) {
    this.deleted = new Set(deleted);
    this.#texts = textsOf(prompt);
  }

  static from({ prompt, deleted, agreement, place, isDoubted, departure }: KeptTable): ReviewedTable {
    const table = new ReviewedTable(prompt, deleted, agreement, place);
    table.isDoubted = isDoubted;
    table.departure = departure;
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

  /** The names in it that were not shown, and leave with the rows: its id, and those of columns with headers. */
  get unseenNames(): UnseenName[] {
    const { title, headers } = this.prompt;
    const columns = Object.entries(headers ?? {}).map(([name, header]) => [JSON.stringify(header), name] as const);
    return [[JSON.stringify(title), this.name], ...columns];
  }

  /** Whether a prompt goes by the same id, or by the same title in some language. */
  isCalledLike({ id, title }: PropsUIPromptConsentFormTable): boolean {
    const titles = new Set(wordings(this.prompt.title));
    return id === this.name || wordings(title).some((text) => titles.has(text));
  }

  /** Its rows, to be compared with those of other tables. */
  async prints(): Promise<RowPrints> {
    this.#prints ??= await inPieces(printRows(this.#texts));
    return this.#prints;
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
    const { prompt, agreement, place, isDoubted, departure } = this;
    return { prompt, deleted: [...this.deleted], agreement, place, isDoubted, departure };
  }
}

function textsOf({ data_frame: texts }: PropsUIPromptConsentFormTable): readonly string[] {
  return typeof texts === "string" ? [texts] : texts;
}

/** A text in every language. */
function wordings(text: Text): string[] {
  const all = typeof text === "string" ? [text] : Object.values(text.translations);
  return all.map((wording) => wording.trim()).filter((wording) => wording !== "");
}
