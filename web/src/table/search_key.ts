/** What a text is searched by: texts that people take for the same become the same. */

/** What takes no place on the screen and has no meaning for a search, such as marks of direction and soft hyphens. */
const IGNORED = /[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu;
const SPACES = /\s+/g;
const APOSTROPHES = /[\u2018\u2019\u201b\u02bc\u2032]/g;
const QUOTES = /[\u201c\u201d\u201e\u201f\u2033]/g;
const DASHES = /[\u2010\u2012-\u2015\u2212]/g;

const SPACE = 0x20;
const CAPITAL_SIGMA = 0x3a3;
/** The first half of the most common emoji, which have one form only. */
const EMOJI = 0xd83d;
const MAY_COMBINE = /[\p{M}\u1100-\u11ff\ud800-\udfff]/u;

/** By UTF-16 unit: whether its lower case is its key, whatever stands beside it; 0 as long as nobody asked. */
const plainness = new Uint8Array(0x1_0000);
const PLAIN = 1;
const NOT_PLAIN = 2;

/**
 * The key of a text. One form for compatible characters (NFKC), upper and lower case alike (also ``ß`` and ``SS``, the
 * Greek final sigma, the dotted and the dotless I of Turkish), all spaces one space, quotes and dashes as a keyboard has
 * them, and without characters that cannot be seen.
 */
export function searchKey(text: string): string {
  return isPlain(text) ? text.toLowerCase() : folded(text);
}

/** Characters of keys that are kept for the next search; beyond that they are made again. */
const KEPT = 20_000_000;

/** The keys of many texts, which are asked for at each search: which of them are plain is found out once. */
export class SearchKeys {
  readonly #kinds: Uint8Array;
  readonly #folded = new Map<number, string>();
  #room = KEPT;

  /** @param text gives the text at a position, the same each time. */
  constructor(
    private readonly text: (position: number) => string,
    count: number,
  ) {
    this.#kinds = new Uint8Array(count);
  }

  at(position: number): string {
    const text = this.text(position);
    const kind = this.#kinds[position] || this.#examine(position, text);
    return kind === PLAIN ? text.toLowerCase() : (this.#folded.get(position) ?? this.#fold(position, text));
  }

  #fold(position: number, text: string): string {
    const key = folded(text);
    if (key.length <= this.#room) {
      this.#room -= key.length;
      this.#folded.set(position, key);
    }
    return key;
  }

  #examine(position: number, text: string): number {
    const kind = isPlain(text) ? PLAIN : NOT_PLAIN;
    this.#kinds[position] = kind;
    return kind;
  }
}

/** Whether lower case is all that the text needs. Nearly every text is, and folding takes five times as long. */
function isPlain(text: string): boolean {
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (before === EMOJI && unit >= 0xdc00 && unit <= 0xdfff) before = 0;
    else if ((plainness[unit] || examine(unit)) === NOT_PLAIN || (unit === SPACE && before === SPACE)) return false;
    else before = unit;
  }
  return true;
}

function examine(unit: number): number {
  const character = String.fromCharCode(unit);
  const mayCombine = unit !== EMOJI && (unit === CAPITAL_SIGMA || MAY_COMBINE.test(character));
  const plain = !mayCombine && folded(character) === character.toLowerCase();
  plainness[unit] = plain ? PLAIN : NOT_PLAIN;
  return plainness[unit] as number;
}

function folded(text: string): string {
  return (
    text
      .normalize("NFKC")
      .replace(IGNORED, "")
      // ``ẞ`` has a form in lower case, which has one in upper case; then without the dot that is left of ``İ``.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKC")
      .replaceAll("i\u0307", "i")
      .replaceAll("ς", "σ")
      .replace(APOSTROPHES, "'")
      .replace(QUOTES, '"')
      .replace(DASHES, "-")
      .replace(SPACES, " ")
  );
}
