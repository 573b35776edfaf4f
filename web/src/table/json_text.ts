/**
 * Reads JSON text value by value, so that it can be done in pieces: ``JSON.parse`` of a long text would hold up the page.
 * It also keeps what ``JSON.parse`` loses: the order of keys that are numbers, and all digits of large whole numbers.
 */

/** A value as it was, as far as the page needs to tell apart; a list or an object is its JSON text. */
export type Cell = string | number | bigint | boolean | null;

/** The text is not JSON, or not what was expected of it. */
export class JsonTextError extends Error {}

const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const STRING_OR_SPACE = /"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g;
const WORD = /-?[A-Za-z]+/y;
const CONSTANTS = new Map<string, Cell>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", null],
]);

/** A text and how far it has been read. */
export class JsonText {
  at = 0;

  constructor(readonly text: string) {}

  /** The name of an object's member, with the colon after it. */
  key(): string {
    const name = this.string();
    this.expect(":");
    return name;
  }

  /** A value. */
  cell(): Cell {
    const first = this.peek();
    if (first === '"') return this.string();
    if (first === "{" || first === "[") return this.nested();
    const number = this.match(NUMBER);
    if (number !== null) return asNumber(number);
    const word = this.match(WORD) ?? "";
    const constant = CONSTANTS.get(word);
    if (constant !== undefined) return constant;
    if (word.endsWith("Infinity")) return word;
    throw this.error();
  }

  string(): string {
    if (this.peek() !== '"') throw this.error();
    const start = this.at;
    this.at = this.stringEnd(start);
    const inner = this.text.slice(start + 1, this.at - 1);
    return inner.includes("\\") ? (JSON.parse(this.text.slice(start, this.at)) as string) : inner;
  }

  /** A list or an object, as text without spaces and escapes; numbers stay as they are written, with all their digits. */
  nested(): string {
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

  /** The first character of what comes next; undefined at the end. */
  peek(): string | undefined {
    while (this.text.charCodeAt(this.at) <= 32) this.at += 1;
    return this.text[this.at];
  }

  /** Read one character, if it comes next. */
  accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  /** Read one character, which must come next. */
  expect(character: string): void {
    if (!this.accept(character)) throw this.error();
  }

  /** Says where, never what: the text is the participant's. */
  error(): JsonTextError {
    return new JsonTextError(`The text is not valid at character ${this.at}.`);
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

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    return found;
  }
}

function compact(json: string): string {
  JSON.parse(json);
  return json.replace(STRING_OR_SPACE, (found) => (found.startsWith('"') ? JSON.stringify(JSON.parse(found)) : ""));
}

function asNumber(digits: string): Cell {
  const number = Number(digits);
  return !Number.isSafeInteger(number) && /^-?\d+$/.test(digits) ? BigInt(digits) : number;
}
