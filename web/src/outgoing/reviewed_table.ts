/** A table that the participant looked through and agreed to give, and the rows of it that they deleted. */

import type { PropsUIPromptConsentFormTable } from "../protocol/types.gen.js";
import type { Cell } from "../table/json_text.js";
import { readTable } from "../table/read_table.js";

/** What is needed to know a reviewed table again after a reload. */
export interface KeptTable {
  prompt: PropsUIPromptConsentFormTable;
  deleted: number[];
  key: string | null;
}

/** A name that nobody saw may have so many characters; the script chooses it, and it leaves with the rows. */
const LONGEST_NAME = 100;

export class ReviewedTable {
  /** The key under which it was donated; it leaves without a further question under this one only. */
  key: string | null = null;
  readonly deleted: ReadonlySet<number>;
  #columns: ReadonlyMap<string, readonly Cell[]> | null = null;

  constructor(
    readonly prompt: PropsUIPromptConsentFormTable,
    deleted: Iterable<number>,
  ) {
    this.deleted = new Set(deleted);
  }

  static from({ prompt, deleted, key }: KeptTable): ReviewedTable {
    const table = new ReviewedTable(prompt, deleted);
    table.key = key;
    return table;
  }

  get id(): string {
    return this.prompt.id;
  }

  /** The columns as the review showed them, read when they are first asked for; to be run in pieces. */
  *columns(): Generator<unknown, ReadonlyMap<string, readonly Cell[]>> {
    const { data_frame: texts } = this.prompt;
    this.#columns ??= yield* readTable(typeof texts === "string" ? [texts] : texts);
    return this.#columns;
  }

  /** Whether the names in it that were not shown, its id and the columns under other headers, are no more than names. */
  *isPlainlyNamed(): Generator<unknown, boolean> {
    const headers = this.prompt.headers ?? {};
    const unseen = [...(yield* this.columns()).keys()].filter((name) => Object.hasOwn(headers, name));
    return [this.id, ...unseen].every((name) => name.length <= LONGEST_NAME);
  }

  /** Let go of the columns, which may take much memory; they can be read again. */
  release(): void {
    this.#columns = null;
  }

  /** What is needed to know it again after a reload. */
  kept(): KeptTable {
    return { prompt: this.prompt, deleted: [...this.deleted], key: this.key };
  }
}
