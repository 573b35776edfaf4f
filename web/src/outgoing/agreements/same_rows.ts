/** Which rows two tables have in common, in whatever order of rows and columns, and whatever form of a cell. */
import { readTable } from "../../table/read_table.js";

/** Rows between two pauses. */
const STEP = 50;
const START = [0x811c9dc5, 0x2f0b4c47] as const;
const PRIME = 0x01000193;
/** A number holds so many bits of the second hash beside all of the first. */
const SPARE = 21;

/** The rows of a table, each as a number; sorted. */
export type RowPrints = Float64Array;

/** Print the rows of a table; to be run in pieces. */
export function* printRows(texts: readonly string[]): Generator<unknown, RowPrints> {
  const columns = [...(yield* readTable(texts)).values()];
  const prints = new Float64Array(columns[0]?.length ?? 0);
  for (let row = 0; row < prints.length; row++) {
    if (row % STEP === STEP - 1) yield;
    // Numbers and what holds them as text look the same.
    const cells = columns.map((cells) => String(cells[row]).trim()).sort();
    prints[row] = printOf(cells.join("\n"));
  }
  return prints.sort();
}

/** How many rows two tables have in common. */
export function countCommon(some: RowPrints, others: RowPrints): number {
  let common = 0;
  for (let row = 0, other = 0; row < some.length && other < others.length; ) {
    const difference = (some[row] as number) - (others[other] as number);
    if (difference === 0) common += 1;
    if (difference <= 0) row += 1;
    if (difference >= 0) other += 1;
  }
  return common;
}

function printOf(text: string): number {
  let [one, other]: [number, number] = [...START];
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    one = Math.imul(one ^ code, PRIME);
    other = Math.imul(other, PRIME) ^ code;
  }
  return (one >>> 0) * 2 ** SPARE + ((other >>> 0) & (2 ** SPARE - 1));
}
