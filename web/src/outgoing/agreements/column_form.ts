/**
 * In which form the cells of a column leave. A table shows ``1``, ``1.0`` and the text ``"1"`` alike, so a script could hide
 * something in every cell: cells that look alike leave in one form per column.
 */

/** What a cell can look like, whether it is that or a text; as it is shown. */
const LOOKS: readonly RegExp[] = [/^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/, /^(?:true|false)$/, /^[[{].*[\]}]$/s];
const WHOLE_FLOAT = /^-?\d+\.0$/;
const WHOLE = /^-?\d+$/;
const QUOTE = '"'.charCodeAt(0);

export class ColumnForm {
  #hasWholeFloat = false;
  #hasWhole = false;
  /** Of each look, whether there are texts of it, and others. */
  readonly #texts = LOOKS.map(() => false);
  readonly #others = LOOKS.map(() => false);

  /** Note a cell that leaves, as JSON. */
  note(cell: string): void {
    const isText = cell.charCodeAt(0) === QUOTE;
    const noted = isText ? this.#texts : this.#others;
    if (isText && noted.every(Boolean)) return;
    const shown = isText ? cell.slice(1, -1) : cell;
    const look = lookOf(shown);
    if (look >= 0) noted[look] = true;
    if (isText) return;
    this.#hasWhole ||= WHOLE.test(cell);
    this.#hasWholeFloat ||= WHOLE_FLOAT.test(cell);
  }

  /** Whether cells that look alike have several forms. */
  get isMixed(): boolean {
    return this.#isOfBothNumbers || LOOKS.some((_, look) => this.#isMixedIn(look));
  }

  /** A cell in the form of its column: a whole number beside such, and a text beside texts that look like it. */
  of(cell: string): string {
    if (cell.charCodeAt(0) === QUOTE) return cell;
    const isMixed = this.#isMixedIn(lookOf(cell));
    const plain = (isMixed || this.#isOfBothNumbers) && WHOLE_FLOAT.test(cell) ? cell.slice(0, -2) : cell;
    return isMixed ? JSON.stringify(plain) : plain;
  }

  get #isOfBothNumbers(): boolean {
    return this.#hasWholeFloat && this.#hasWhole;
  }

  #isMixedIn(look: number): boolean {
    return this.#texts[look] === true && this.#others[look] === true;
  }
}

/** The number of the look that a cell has; -1 for none. */
function lookOf(shown: string): number {
  return LOOKS.findIndex((look) => look.test(shown));
}
