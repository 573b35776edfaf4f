/**
 * Writes the rows of a reviewed table as they leave, from the text that the page has shown. No more of the table than one
 * piece of its text is read at a time, however long it is.
 */

import type { JsonText } from "../../table/json_text.js";
import { readColumns } from "../../table/read_table.js";
import { ByteWriter } from "../bytes.js";
import { ColumnForm } from "./column_form.js";

/** Columns of cells, each in JSON. */
type WrittenColumns = ReadonlyMap<string, readonly string[]>;

/** Rows between two pauses. */
const STEP = 50;

/** The rows less the deleted ones, as the bytes of a JSON list; to be run in pieces. */
export function* writeRows(texts: readonly string[], deleted: ReadonlySet<number>): Generator<unknown, Blob> {
  const forms = new Map<string, ColumnForm>();
  const rows = yield* writePieces(texts, () => new RowWriter(deleted, forms));
  // Cells of a column that look alike in several forms are rare, and known only at the end.
  if (![...forms.values()].some((form) => form.isMixed)) return rows;
  return yield* writePieces(texts, () => new FormedRowWriter(deleted, forms));
}

function* writePieces(texts: readonly string[], open: () => RowWriter): Generator<unknown, Blob> {
  const rows = open();
  let names: string | null = null;
  for (const text of texts) {
    const columns: WrittenColumns = yield* readColumns([text], writtenCell, "null");
    const own = JSON.stringify([...columns.keys()]);
    names ??= own;
    // A column that only some of the texts have has a cell in every row all the same.
    if (own !== names) return yield* writeAtOnce(texts, open());
    yield* rows.add(columns);
  }
  return rows.done();
}

function* writeAtOnce(texts: readonly string[], rows: RowWriter): Generator<unknown, Blob> {
  yield* rows.add(yield* readColumns(texts, writtenCell, "null"));
  return rows.done();
}

/** Collects rows, leaves out the deleted ones, and notes the forms of the cells of each column. */
class RowWriter {
  readonly #writer = new ByteWriter();
  #position = 0;
  #before = "[";

  constructor(
    private readonly deleted: ReadonlySet<number>,
    private readonly forms: Map<string, ColumnForm>,
  ) {}

  /** Add the rows of further columns, all of one length. */
  *add(columns: WrittenColumns): Generator<void, void> {
    const cells = [...columns.values()];
    const forms = [...columns.keys()].map((name) => this.#formOf(name));
    const names = [...columns.keys()].map((name, place) => `${place ? ", " : ""}${JSON.stringify(name)}: `);
    const length = cells[0]?.length ?? 0;
    for (let row = 0; row < length; row++, this.#position++) {
      if (row % STEP === STEP - 1) yield;
      if (this.deleted.has(this.#position)) continue;
      let text = `${this.#before}{`;
      for (let place = 0; place < names.length; place++) {
        text += names[place] + this.cell(cells[place]?.[row] as string, forms[place] as ColumnForm);
      }
      this.#writer.write(`${text}}`);
      this.#before = ", ";
    }
  }

  done(): Blob {
    this.#writer.write(this.#before === "[" ? "[]" : "]");
    return this.#writer.done();
  }

  protected cell(cell: string, form: ColumnForm): string {
    form.note(cell);
    return cell;
  }

  #formOf(name: string): ColumnForm {
    const form = this.forms.get(name) ?? new ColumnForm();
    this.forms.set(name, form);
    return form;
  }
}

/** Writes each cell in the form of its column. */
class FormedRowWriter extends RowWriter {
  protected override cell(cell: string, form: ColumnForm): string {
    return form.of(cell);
  }
}

/** The cell that comes next as it was shown, in JSON of the page's own: nothing hides in escapes or digits. */
function writtenCell(json: JsonText): string {
  const first = json.peek();
  const start = json.at;
  const cell = json.cell();
  if (first === "{" || first === "[") return cell as string;
  if (typeof cell !== "number" && typeof cell !== "bigint") return JSON.stringify(cell);
  return Number.isFinite(Number(cell)) ? numberText(cell, json.text.slice(start, json.at)) : JSON.stringify(`${cell}`);
}

/** A number in its shortest form; one that Python has as a float stays one. */
function numberText(value: number | bigint, source: string): string {
  const digits = String(value);
  return Number.isInteger(value) && /[.eE]/.test(source) && !digits.includes("e") ? `${digits}.0` : digits;
}
