/**
 * Recognises reviewed tables in the JSON text of a donation, and writes them anew from what was shown.
 *
 * The text that comes out of the script is only compared. What leaves is the page's own text, so nothing can be hidden
 * in spaces, escapes, digits, doubled keys or the order of keys.
 */
import { type Cell, JsonText, JsonTextError } from "../table/json_text.js";
import { ByteWriter } from "./bytes.js";
import type { ReviewedTable } from "./reviewed_table.js";

/** A donation that holds nothing but reviewed tables. */
export interface Rewritten {
  content: Blob;
  tables: ReviewedTable[];
}

type Reading<Result> = Generator<unknown, Result>;
type Form = (tables: readonly ReviewedTable[]) => Reading<Rewritten>;

/** Rows between two pauses. */
const STEP = 50;

/**
 * The reviewed tables that a donation consists of, as the page writes them; null where it is anything else. To be run in
 * pieces.
 *
 * It may be what the ``yield`` of a review returned, ``{id: {"data": rows, "metadata": {"deletedRowCount": n}}}`` with
 * all tables or some of them; what stands there under one id; or the rows of one table alone.
 */
export function* rewriteReviewed(text: string, tables: readonly ReviewedTable[]): Reading<Rewritten | null> {
  const reader = new Donation(text);
  const forms: Form[] = [
    (all) => reader.tablesById(all),
    (all) => reader.oneOf(all, (table) => reader.table(table)),
    (all) => reader.oneOf(all, (table) => reader.rows(table)),
  ];
  for (const form of forms) {
    try {
      reader.at = 0;
      const rewritten = yield* form(tables);
      if (reader.peek() === undefined) return rewritten;
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
    }
  }
  return null;
}

/** The text of a donation. Every method throws a JsonTextError where the text holds something else than was reviewed. */
class Donation extends JsonText {
  *tablesById(tables: readonly ReviewedTable[]): Reading<Rewritten> {
    const found: ReviewedTable[] = [];
    const writer = new ByteWriter();
    this.expect("{");
    do {
      const id = this.key();
      // A doubled key is no second table: a reader of JSON takes only one of them.
      if (found.some((table) => table.id === id)) throw this.error();
      const same = tables.filter((table) => table.id === id);
      const { content, tables: one } = yield* this.oneOf(same, (table) => this.table(table));
      writer.write(`${found.length ? ", " : "{"}${JSON.stringify(id)}: `);
      writer.add(content);
      found.push(...one);
    } while (this.accept(","));
    this.expect("}");
    writer.write("}");
    return { content: writer.done(), tables: found };
  }

  /** The first of the tables that the text goes on with. */
  *oneOf(tables: readonly ReviewedTable[], read: (table: ReviewedTable) => Reading<Blob>): Reading<Rewritten> {
    const start = this.at;
    for (const table of tables) {
      this.at = start;
      try {
        return { content: yield* read(table), tables: [table] };
      } catch (error) {
        if (!(error instanceof JsonTextError)) throw error;
      }
    }
    throw this.error();
  }

  *table(table: ReviewedTable): Reading<Blob> {
    let rows: Blob | null = null;
    let counted = false;
    this.expect("{");
    do {
      const name = this.key();
      if (name === "data" && !rows) rows = yield* this.rows(table);
      else if (name === "metadata" && !counted) counted = this.#deletedRowCount(table);
      else throw this.error();
    } while (this.accept(","));
    this.expect("}");
    if (!rows || !counted) throw this.error();
    const metadata = `"metadata": {"deletedRowCount": ${table.deleted.size}}`;
    return new Blob(['{"data": ', rows, `, ${metadata}}`]);
  }

  *rows(table: ReviewedTable): Reading<Blob> {
    const columns = [...(yield* table.columns())];
    const places = new Map(columns.map(([name], place) => [name, place]));
    const length = Math.max(0, ...columns.map(([, cells]) => cells.length));
    const writer = new ByteWriter();
    let before = "[";
    this.expect("[");
    for (let position = 0; position < length; position++) {
      if (position % STEP === STEP - 1) yield;
      if (table.deleted.has(position)) continue;
      if (before !== "[") this.expect(",");
      writer.write(`${before}${this.#row(columns, places, position)}`);
      before = ", ";
    }
    this.expect("]");
    writer.write(before === "[" ? "[]" : "]");
    return writer.done();
  }

  #row(columns: [string, readonly Cell[]][], places: Map<string, number>, position: number): string {
    const texts: string[] = new Array(columns.length);
    let read = 0;
    this.expect("{");
    do {
      const name = this.key();
      const place = places.get(name);
      if (place === undefined || texts[place] !== undefined) throw this.error();
      texts[place] = `${JSON.stringify(name)}: ${this.#cell(columns[place]?.[1][position])}`;
      read += 1;
    } while (this.accept(","));
    this.expect("}");
    if (read !== columns.length) throw this.error();
    return `{${texts.join(", ")}}`;
  }

  /** The shown cell as the page writes it, if it comes next. */
  #cell(shown: Cell | undefined): string {
    const first = this.peek();
    const start = this.at;
    const read = this.cell();
    if (first === "{" || first === "[") {
      if (typeof shown === "string" && sameNested(read as string, shown)) return shown;
    } else if (typeof read === "number" || typeof read === "bigint") {
      if (sameNumber(read, shown)) return numberText(read, this.text.slice(start, this.at));
    } else if (read === shown) {
      return JSON.stringify(read);
    }
    throw this.error();
  }

  #deletedRowCount(table: ReviewedTable): true {
    this.expect("{");
    if (this.key() !== "deletedRowCount" || this.cell() !== table.deleted.size) throw this.error();
    this.expect("}");
    return true;
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

/** A number in its shortest form; one that Python has as a float stays one. */
function numberText(value: number | bigint, source: string): string {
  const digits = String(value);
  return isWhole(value) && /[.eE]/.test(source) && !digits.includes("e") ? `${digits}.0` : digits;
}

/** Whether two lists or objects hold the same, as far as JavaScript's numbers can tell. What is written is the shown one. */
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
