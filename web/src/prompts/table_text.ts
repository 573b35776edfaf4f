/**
 * Reads the JSON text of a table cell by cell, so that it can be done in pieces: ``JSON.parse`` of a long text would hold
 * up the page. It also keeps what ``JSON.parse`` loses: the order of rows whose keys are numbers (a DataFrame that
 * was sorted), and all digits of large whole numbers (an id of 19 digits).
 */

/** A cell as it was, as far as the page needs to tell apart; a list or an object is its JSON text. */
export type Cell = string | number | bigint | boolean | null;

/** The text is not the JSON of a table. */
export class TableTextError extends Error {}

/** Cells between two pauses. */
const STEP = 200;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const STRING_OR_SPACE = /"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g;
const WORD = /-?[A-Za-z]+/y;
const CONSTANTS: Record<string, Cell> = { true: true, false: false, null: null, NaN: null };

/**
 * Read ``{column: {row: cell}}`` or ``{column: [cell]}``, or several such texts one after another, into columns of equal
 * length. Yields the number of rows that are whole in the first column so far.
 */
export function* readTable(texts: readonly string[]): Generator<number, Map<string, Cell[]>> {
  const columns = new Map<string, Cell[]>();
  let rows = 0;
  for (const text of texts) {
    for (const read of new Reader(text).columns(columns, rows)) yield read;
    for (const cells of columns.values()) rows = Math.max(rows, cells.length);
  }
  for (const cells of columns.values()) yield* pad(cells, rows);
  return columns;
}

function* pad(cells: Cell[], length: number): Generator<number> {
  while (cells.length < length) {
    cells.push(null);
    if (cells.length % STEP === 0) yield length;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  *columns(into: Map<string, Cell[]>, start: number): Generator<number> {
    this.expect("{");
    if (this.accept("}")) return;
    do {
      const name = this.key();
      const cells = into.get(name) ?? [];
      into.set(name, cells);
      yield* pad(cells, start);
      const first = into.size === 1 || cells === into.values().next().value;
      for (const length of this.cells(cells)) yield first ? length : start;
    } while (this.accept(","));
    this.expect("}");
  }

  private *cells(into: Cell[]): Generator<number> {
    const keyed = this.accept("{");
    if (!keyed) this.expect("[");
    const end = keyed ? "}" : "]";
    if (this.accept(end)) return;
    do {
      if (keyed) this.key();
      into.push(this.cell());
      if (into.length % STEP === 0) yield into.length;
    } while (this.accept(","));
    this.expect(end);
  }

  private key(): string {
    const name = this.string();
    this.expect(":");
    return name;
  }

  private cell(): Cell {
    this.skipSpace();
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === "{" || first === "[") return this.nested();
    const number = this.match(NUMBER);
    if (number !== null) return asNumber(number);
    const word = this.match(WORD) ?? "";
    const constant = CONSTANTS[word];
    if (constant !== undefined) return constant;
    if (word.endsWith("Infinity")) return word;
    throw this.error();
  }

  private string(): string {
    this.skipSpace();
    if (this.text[this.at] !== '"') throw this.error();
    const start = this.at;
    this.at = this.stringEnd(start);
    const inner = this.text.slice(start + 1, this.at - 1);
    return inner.includes("\\") ? (JSON.parse(this.text.slice(start, this.at)) as string) : inner;
  }

  /** The position after the string that starts at ``start``. */
  private stringEnd(start: number): number {
    let quote = start;
    for (;;) {
      quote = this.text.indexOf('"', quote + 1);
      if (quote < 0) throw this.error();
      let backslashes = 0;
      while (this.text[quote - 1 - backslashes] === "\\") backslashes += 1;
      if (backslashes % 2 === 0) return quote + 1;
    }
  }

  private nested(): string {
    const start = this.at;
    let depth = 0;
    do {
      const character = this.text[this.at];
      if (character === undefined) throw this.error();
      if (character === '"') {
        this.at = this.stringEnd(this.at);
        continue;
      }
      if (character === "{" || character === "[") depth += 1;
      if (character === "}" || character === "]") depth -= 1;
      this.at += 1;
    } while (depth > 0);
    return compact(this.text.slice(start, this.at));
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    return found;
  }

  private accept(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.accept(character)) throw this.error();
  }

  private skipSpace(): void {
    while (this.text.charCodeAt(this.at) <= 32) this.at += 1;
  }

  /** Says where, never what: the text is the participant's. */
  private error(): TableTextError {
    return new TableTextError(`The table's text is not valid at character ${this.at}.`);
  }
}

/** The same JSON without spaces and escapes; numbers stay as they are written, with all their digits. */
function compact(json: string): string {
  JSON.parse(json);
  return json.replace(STRING_OR_SPACE, (found) => (found.startsWith('"') ? JSON.stringify(JSON.parse(found)) : ""));
}

function asNumber(digits: string): Cell {
  const number = Number(digits);
  return !Number.isSafeInteger(number) && /^-?\d+$/.test(digits) ? BigInt(digits) : number;
}
