/** How wide the columns of a table are. The numbers come from a sample of the cells, so that scrolling changes nothing. */
import type { Column } from "./table_model.js";

/** The narrowest and the widest column, in characters; and how much of that a header may ask for. */
const NARROWEST = 5;
const WIDEST = 36;
const WIDEST_HEADER = 24;

/** The width of a column as CSS, to stand inside ``calc``. */
export function columnWidth(column: Column, header: string): string {
  const wanted = Math.max(NARROWEST, column.characters, Math.min(header.length, WIDEST_HEADER));
  return `min(${Math.min(WIDEST, wanted)}ch + 1.75rem, 75vw)`;
}

/** The place of the column that takes the width that is left over: the one with most to say. */
export function roomiest(columns: readonly Column[]): number {
  const characters = columns.map((column) => (column.numeric ? 0 : column.characters));
  return characters.indexOf(Math.max(...characters));
}
