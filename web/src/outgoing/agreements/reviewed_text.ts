/**
 * Recognises reviewed tables in the JSON text of a donation. The text that comes out of the script is only compared: what
 * leaves is the page's own, so nothing can be hidden in spaces, escapes, digits, doubled keys or the order of keys.
 */

import { type Cell, JsonText, JsonTextError } from "../../table/json_text.js";
import type { AgreedForm } from "./agreement_kind.js";
import type { ReviewedTable } from "./reviewed_table.js";

type Reading<Result> = Generator<unknown, Result>;

/** The tables that a text consists of. */
export interface Recognised {
  readonly parts: readonly ReviewedTable[];
  readonly form: AgreedForm;
}

/** Rows between two pauses. */
const STEP = 50;

/**
 * The reviewed tables that a donation consists of; null where it is anything else. To be run in pieces.
 *
 * It may be what the ``yield`` of a review returned, ``{id: {"data": rows, "metadata": {"deletedRowCount": n}}}`` with
 * all tables or some of them; what stands there under one id; or the rows of one table alone.
 */
export function* recogniseReviewed(text: string, tables: readonly ReviewedTable[]): Reading<Recognised | null> {
  const donation = new Donation(text);
  const forms: [AgreedForm, (all: readonly ReviewedTable[]) => Reading<ReviewedTable[]>][] = [
    ["parts", (all) => donation.tablesById(all)],
    ["part", (all) => donation.oneOf(all, (table) => donation.table(table))],
    ["rows", (all) => donation.oneOf(all, (table) => donation.rows(table))],
  ];
  for (const [form, read] of forms) {
    try {
      donation.at = 0;
      const parts = yield* read(tables);
      if (donation.peek() === undefined) return { parts, form };
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
    }
  }
  return null;
}

/** The text of a donation. Every method throws a JsonTextError where the text holds something else than was reviewed. */
class Donation extends JsonText {
  *tablesById(tables: readonly ReviewedTable[]): Reading<ReviewedTable[]> {
    const found: ReviewedTable[] = [];
    this.expect("{");
    do {
      const id = this.key();
      // A doubled key is no second table: a reader of JSON takes only one of them.
      if (found.some((table) => table.name === id)) throw this.error();
      const same = tables.filter((table) => table.name === id);
      found.push(...(yield* this.oneOf(same, (table) => this.table(table))));
    } while (this.accept(","));
    this.expect("}");
    return found;
  }

  /** The first of the tables that the text goes on with. */
  *oneOf(tables: readonly ReviewedTable[], read: (table: ReviewedTable) => Reading<void>): Reading<ReviewedTable[]> {
    const start = this.at;
    for (const table of tables) {
      this.at = start;
      try {
        yield* read(table);
        return [table];
      } catch (error) {
        if (!(error instanceof JsonTextError)) throw error;
      }
    }
    throw this.error();
  }

  *table(table: ReviewedTable): Reading<void> {
    const seen = new Set<string>();
    this.expect("{");
    do {
      const name = this.key();
      if (seen.has(name)) throw this.error();
      seen.add(name);
      if (name === "data") yield* this.rows(table);
      else if (name === "metadata") this.#metadata(table);
      else throw this.error();
    } while (this.accept(","));
    this.expect("}");
    if (seen.size !== 2) throw this.error();
  }

  *rows(table: ReviewedTable): Reading<void> {
    const columns = yield* table.columns();
    const length = columns.values().next().value?.length ?? 0;
    let isFirst = true;
    this.expect("[");
    for (let position = 0; position < length; position++) {
      if (position % STEP === STEP - 1) yield;
      if (table.deleted.has(position)) continue;
      if (!isFirst) this.expect(",");
      this.#row(columns, position);
      isFirst = false;
    }
    this.expect("]");
  }

  #row(columns: ReadonlyMap<string, readonly Cell[]>, position: number): void {
    const seen = new Set<string>();
    this.expect("{");
    do {
      const name = this.key();
      const cells = columns.get(name);
      if (!cells || seen.has(name)) throw this.error();
      seen.add(name);
      this.#cell(cells[position]);
    } while (this.accept(","));
    this.expect("}");
    if (seen.size !== columns.size) throw this.error();
  }

  #cell(shown: Cell | undefined): void {
    const first = this.peek();
    const read = this.cell();
    if (first === "{" || first === "[") {
      if (typeof shown === "string" && sameNested(read as string, shown)) return;
    } else if (typeof read === "number" || typeof read === "bigint") {
      if (sameNumber(read, shown)) return;
    } else if (read === shown) {
      return;
    }
    throw this.error();
  }

  #metadata(table: ReviewedTable): void {
    this.expect("{");
    if (this.key() !== "deletedRowCount" || this.cell() !== table.deleted.size) throw this.error();
    this.expect("}");
  }
}

/** Whether two numbers have one value: Python writes ``1.0`` and ``1e+16`` where JavaScript has 1 and 10000000000000000. */
function sameNumber(read: number | bigint, shown: unknown): boolean {
  if (read === shown) return Number.isFinite(Number(read));
  if (typeof read === "bigint") return isWhole(shown) && BigInt(shown) === read;
  return typeof shown === "bigint" && isWhole(read) && BigInt(read) === shown;
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

/** Whether two lists or objects hold the same, as far as JavaScript's numbers can tell. */
function sameNested(read: string, shown: string): boolean {
  if (read === shown) return true;
  try {
    return sameValue(JSON.parse(read), JSON.parse(shown));
  } catch {
    return false;
  }
}

function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [ours, theirs] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return ours.size === theirs.size && [...ours].every(([key, value]) => sameValue(value, theirs.get(key)));
}
