/** How wide the columns of a table are. The numbers come from a sample of the cells, so that scrolling changes nothing. */
import type { Column } from "./table_model.js";

/** The narrowest and the widest column, in characters; and how much of that a header may ask for. */
const NARROWEST = 5;
const WIDEST = 36;
const WIDEST_HEADER = 24;
/** Headers are bold: a letter of theirs takes more room than a digit. */
const BOLD = 1.2;

/** What the columns on both sides take, for selecting and for showing a row in full. A column fits between them. */
export const OUTER_COLUMNS = "5.5rem";

/** How many characters a column has room for, those of a digit's width. */
export function columnCharacters(column: Column, header: string): number {
  return Math.min(
    WIDEST,
    Math.max(NARROWEST, column.characters, Math.min(Math.ceil(BOLD * header.length), WIDEST_HEADER)),
  );
}

/** The width of a column as CSS, to stand inside ``calc``. */
export function columnWidth(characters: number): string {
  return `min(${characters}ch + 1.75rem, 100cqi - ${OUTER_COLUMNS})`;
}

/** The place of the column that takes the width that is left over: the one with most to say. */
export function roomiest(columns: readonly Column[]): number {
  const characters = columns.map((column) => (column.numeric ? 0 : column.characters));
  return characters.indexOf(Math.max(...characters));
}
