/** The JSON text of a table, read into columns in pieces. */
import { type Cell, JsonText } from "./json_text.js";

/** Cells between two pauses. */
const STEP = 200;

/**
 * Read ``{column: {row: cell}}`` or ``{column: [cell]}``, or several such texts one after another, into columns of equal
 * length. Yields the number of rows that are whole in the first column so far.
 */
export function* readTable(texts: readonly string[]): Generator<number, Map<string, Cell[]>> {
  const columns = new Map<string, Cell[]>();
  let rows = 0;
  for (const text of texts) {
    for (const read of readColumns(new JsonText(text), columns, rows)) yield read;
    for (const cells of columns.values()) rows = Math.max(rows, cells.length);
  }
  for (const cells of columns.values()) yield* pad(cells, rows);
  return columns;
}

function* pad(cells: Cell[], length: number): Generator<number> {
  while (cells.length < length) {
    cells.push(null);
    if (cells.length % STEP === 0) yield length;
  }
}

function* readColumns(json: JsonText, into: Map<string, Cell[]>, start: number): Generator<number> {
  json.expect("{");
  if (json.accept("}")) return;
  do {
    const name = json.key();
    const cells = into.get(name) ?? [];
    into.set(name, cells);
    yield* pad(cells, start);
    const first = into.size === 1 || cells === into.values().next().value;
    for (const length of readCells(json, cells)) yield first ? length : start;
  } while (json.accept(","));
  json.expect("}");
}

function* readCells(json: JsonText, into: Cell[]): Generator<number> {
  const keyed = json.accept("{");
  if (!keyed) json.expect("[");
  const end = keyed ? "}" : "]";
  if (json.accept(end)) return;
  do {
    if (keyed) json.key();
    into.push(json.cell());
    if (into.length % STEP === 0) yield into.length;
  } while (json.accept(","));
  json.expect(end);
}
