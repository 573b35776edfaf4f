/** Text as bytes, made piece by piece: a long one would hold up the page. */

/** Characters that become bytes at once. */
const PIECE = 500_000;
/** What the bytes are said to be. */
export const JSON_TYPE = { type: "application/json" } as const;

/** A text as the bytes that are sent; to be run in pieces. */
export function* bytesOf(text: string): Generator<void, Blob> {
  const parts: Blob[] = [];
  let start = 0;
  while (start < text.length) {
    let end = start + PIECE;
    // A character outside the basic plane takes two places, which belong in one piece.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    parts.push(new Blob([text.slice(start, end)]));
    start = end;
    yield;
  }
  return new Blob(parts, JSON_TYPE);
}

/** Collects short texts as bytes. */
export class ByteWriter {
  readonly #parts: Blob[] = [];
  #text = "";

  write(text: string): void {
    this.#text += text;
    if (this.#text.length > PIECE) this.#flush();
  }

  add(bytes: Blob): void {
    this.#flush();
    this.#parts.push(bytes);
  }

  done(): Blob {
    this.#flush();
    return new Blob(this.#parts, JSON_TYPE);
  }

  #flush(): void {
    if (this.#text) this.#parts.push(new Blob([this.#text]));
    this.#text = "";
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
