/** The JSON text of a table, read into columns in pieces. */
import { type Cell, JsonText } from "./json_text.js";

/** Cells between two pauses. */
const STEP = 200;

/**
 * Read ``{column: {row: cell}}`` or ``{column: [cell]}``, or several such texts one after another, into columns of equal
 * length. Yields the number of rows that are whole in the first column so far.
 */
export function readTable(texts: readonly string[]): Generator<number, Map<string, Cell[]>> {
  return readColumns(texts, (json) => json.cell(), null);
}

/** The same, with cells read in another way; ``missing`` stands where there is none. */
export function* readColumns<Read>(
  texts: readonly string[],
  read: (json: JsonText) => Read,
  missing: Read,
): Generator<number, Map<string, Read[]>> {
  const columns = new Map<string, Read[]>();
  let rows = 0;
  for (const text of texts) {
    const json = new JsonText(text);
    const cells = (into: Read[]) => readCells(json, read, into);
    for (const length of readPiece(json, cells, columns, rows, missing)) yield length;
    for (const cells of columns.values()) rows = Math.max(rows, cells.length);
  }
  for (const cells of columns.values()) yield* pad(cells, rows, missing);
  return columns;
}

function* pad<Read>(cells: Read[], length: number, missing: Read): Generator<number> {
  while (cells.length < length) {
    cells.push(missing);
    if (cells.length % STEP === 0) yield length;
  }
}

function* readPiece<Read>(
  json: JsonText,
  read: (into: Read[]) => Generator<number>,
  into: Map<string, Read[]>,
  start: number,
  missing: Read,
): Generator<number> {
  json.expect("{");
  if (json.accept("}")) return;
  do {
    const name = json.key();
    const cells = into.get(name) ?? [];
    into.set(name, cells);
    yield* pad(cells, start, missing);
    const first = into.size === 1 || cells === into.values().next().value;
    for (const length of read(cells)) yield first ? length : start;
  } while (json.accept(","));
  json.expect("}");
}

function* readCells<Read>(json: JsonText, read: (json: JsonText) => Read, into: Read[]): Generator<number> {
  const keyed = json.accept("{");
  if (!keyed) json.expect("[");
  const end = keyed ? "}" : "]";
  if (json.accept(end)) return;
  do {
    if (keyed) json.key();
    into.push(read(json));
    if (into.length % STEP === 0) yield into.length;
  } while (json.accept(","));
  json.expect(end);
}
