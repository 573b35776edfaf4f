/**
 * Characters that a reader does not see, or that change where others stand: invisible ones, controls of direction, those
 * that Unicode has not assigned, long runs of spaces, and accents that pile up on one letter. Where one makes a text look
 * right, as the joiner in an emoji or in a Persian word does, it is part of the text.
 */

/** A run of characters that are not seen. */
export interface Unseen {
  /** How many characters. */
  count: number;
  /** What is drawn in their place: their numbers in Unicode, such as ``U+200B``. */
  mark: string;
}

const IGNORABLE = "\\p{Default_Ignorable_Code_Point}";
/** Signs of Arabic and its like that enclose the number behind them: seen, though Unicode says format. */
const ENCLOSING = "\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}";
/** The last three are blank, though Unicode says sign or mark. */
const BLANK = "\\u2800\\u{1d159}\\u{16fe4}";
const UNSEEN = `(?![\\t\\n\\r${ENCLOSING}])[\\p{C}\\p{Zl}\\p{Zp}${IGNORABLE}${BLANK}]`;
const ACCENT = `(?!${IGNORABLE})\\p{M}`;

const PICTURE = "(?!\\p{Cn})\\p{Extended_Pictographic}(?:\\ufe0f|\\ufe0e|\\p{Emoji_Modifier})?";
const EMOJI = `${PICTURE}(?:\\u200d${PICTURE}){0,4}`;
const KEYCAP = "[0-9#*]\\ufe0f?\\u20e3";
/** The flags of England, Scotland and Wales end in letters that are not seen. */
const FLAG = `\\u{1f3f4}(?:${["gbeng", "gbsct", "gbwls"].map(tags).join("|")})\\u{e007f}`;

/** Scripts whose letters a joiner binds or parts. */
const JOINED = letters(
  "Arabic Syriac Mandaic Mongolian Nko Adlam Hanifi_Rohingya Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu " +
    "Kannada Malayalam Sinhala Khmer Myanmar Tibetan Balinese",
);
const JOINER = `${JOINED}(?:${ACCENT}){0,4}[\\u200c\\u200d](?![\\u200c\\u200d])`;
/** Scripts without spaces between words: there a space without width says where a line may end. */
const SPACELESS = letters("Thai Lao Khmer Myanmar Tibetan Javanese Balinese");
const LINE_END = `${SPACELESS}(?:${ACCENT}){0,4}\\u200b(?=${SPACELESS})`;
/** Signs that choose between the forms of a letter. */
const MONGOLIAN = "\\p{Script=Mongolian}[\\u180b-\\u180f](?![\\u180b-\\u180f])";

/** So many spaces, or so many accents on one letter, are no text; but the lines of a traceback begin far to the right. */
const INDENTATION = "(?:\\r?\\n){1,3} {1,80}(?![\\t\\n\\r\\p{Zs}])";
const SPACES = "[\\t\\n\\r\\p{Zs}]{17,}";
const ACCENTS = `(?:${ACCENT}){7,}`;

const FOUND = new RegExp(
  `${FLAG}|${EMOJI}|${KEYCAP}|${JOINER}|${LINE_END}|${MONGOLIAN}|${INDENTATION}|(?<unseen>${SPACES}|${ACCENTS}|(?:${UNSEEN})+)`,
  "gu",
);

/** Characters that have their numbers in one mark; of more, the first has, and all are counted. */
const NAMED = 3;

/** A text in the parts that are drawn: what is seen as it is, and marks for what is not. */
export function drawnParts(text: string): (string | Unseen)[] {
  if (isPlain(text)) return [text];
  const parts: (string | Unseen)[] = [];
  let drawn = 0;
  for (const { index, groups } of text.matchAll(FOUND)) {
    const unseen = groups?.unseen;
    if (unseen === undefined) continue;
    if (index > drawn) parts.push(text.slice(drawn, index));
    parts.push(describe(unseen));
    drawn = index + unseen.length;
  }
  if (drawn < text.length) parts.push(text.slice(drawn));
  return parts;
}

/** How many characters of a text are not seen. */
export function countUnseen(text: string): number {
  return isPlain(text)
    ? 0
    : drawnParts(text).reduce((sum, part) => sum + (typeof part === "string" ? 0 : part.count), 0);
}

/** A text with its marks in brackets, for places that take text alone, such as a tooltip. */
export function withMarks(text: string): string {
  return drawnParts(text)
    .map((part) => (typeof part === "string" ? part : `[${part.mark}]`))
    .join("");
}

function describe(run: string): Unseen {
  const characters = [...run];
  const named = characters.length > NAMED ? characters.slice(0, 1) : characters;
  const numbers = named.map((character) => `U+${number(character).toString(16).toUpperCase().padStart(4, "0")}`);
  const count = characters.length;
  return { count, mark: numbers.join(" ") + (count > NAMED ? `… ×${count}` : "") };
}

function number(character: string): number {
  return character.codePointAt(0) as number;
}

function tags(word: string): string {
  return [...word].map((letter) => `\\u{${(0xe0000 + number(letter)).toString(16)}}`).join("");
}

function letters(scripts: string): string {
  return `(?!${IGNORABLE})[${scripts
    .split(" ")
    .map((script) => `\\p{Script=${script}}`)
    .join("")}]`;
}

/** By UTF-16 unit: what a text must be looked at for; 0 as long as nobody asked. */
const kinds = new Uint8Array(0x1_0000);
const PLAIN = 1;
/** Harmless, but for many in a row. */
const IN_A_ROW = 2;
const SUSPECT = 3;
const FEW = 7;
const ALONE = /^[\t\n\r\p{Zs}\p{M}]$/u;
const NOT_SEEN = new RegExp(`^${UNSEEN}$`, "u");

/** Whether a text is seen as it is, by one look at each of its units: nearly every text is. */
function isPlain(text: string): boolean {
  let row = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const kind = kinds[unit] || examine(unit);
    if (kind === SUSPECT) return false;
    row = kind === IN_A_ROW ? row + 1 : 0;
    if (row >= FEW) return false;
  }
  return true;
}

function examine(unit: number): number {
  const character = String.fromCharCode(unit);
  const kind = NOT_SEEN.test(character) ? SUSPECT : ALONE.test(character) ? IN_A_ROW : PLAIN;
  kinds[unit] = kind;
  return kind;
}
