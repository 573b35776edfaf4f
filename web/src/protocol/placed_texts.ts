/** Large texts of a message: they come before it, piece by piece, and are put into their places when it is there. */

/** What a text is to stand in, its key there, and its position. The container is the very one in the message. */
export type PlacedText = [container: object, key: unknown, position: number];

/** What comes before a message. The bytes may come from code that forges messages. */
export interface TextPiece {
  position: number;
  piece: string | Uint8Array;
  isLast: boolean;
}

// What looks like a mark of the byte order is a character of the text.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Keeps texts until their message is there. */
export class TextInbox {
  #pieces: string[] = [];
  #texts = new Map<number, string>();
  #wrong: Error | null = null;

  /** Take a piece; no piece ends within a character. */
  take({ position, piece, isLast }: TextPiece): void {
    try {
      this.#pieces.push(typeof piece === "string" ? piece : utf8.decode(piece));
      if (!isLast) return;
      this.#texts.set(position, this.#pieces.length === 1 ? (this.#pieces[0] as string) : this.#pieces.join(""));
    } catch (error) {
      // Browsers differ in how long a text may be.
      this.#wrong = error as Error;
    }
    this.#pieces = [];
  }

  /**
   * Put the texts into their places, and forget them.
   *
   * @throws Error when one could not be read.
   */
  place(texts: PlacedText[]): void {
    const [found, wrong] = [this.#texts, this.#wrong];
    this.#texts = new Map();
    this.#wrong = null;
    if (wrong) throw wrong;
    for (const [container, key, position] of texts) {
      const value = found.get(position) ?? "";
      if (container instanceof Map) container.set(key, value);
      else
        Object.defineProperty(container, key as string, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
    }
  }
}
