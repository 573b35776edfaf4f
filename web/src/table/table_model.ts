/**
 * A table under review: its cells, what the search shows, what is selected, what is deleted, and the way back. No page
 * in it. A row is known by its position in the original table, counted from 0, whatever is shown.
 */

import type { PropsUIPromptConsentFormTable, Text } from "../protocol/types.gen.js";
import { countUnseen } from "../words/unseen.js";
import type { Cell } from "./json_text.js";
import { readTable } from "./read_table.js";
import { SearchKeys, searchKey } from "./search_key.js";

/** A column, with what its drawing needs to know. */
export interface Column {
  name: string;
  cells: readonly Cell[];
  /** Whether its cells are numbers, as far as a sample tells. */
  numeric: boolean;
  /** Characters that most of its cells need, as far as a sample tells. */
  characters: number;
  /** Whether most of its texts are written from right to left, as far as a sample tells. */
  rightToLeft: boolean;
}

/** Who draws a table. */
export interface TableView {
  /** Whether the table is there for those who look at the page. */
  readonly isShown: boolean;
}

/** How far the reading of the table is. */
export type TableState = "reading" | "ready" | "unreadable";

/** Rows that are looked at to find a column's width and kind. */
const SAMPLE = 300;
/** Multiples of the golden ratio, less their whole part, are spread evenly and never fall into step with anything. */
const GOLDEN = (1 + Math.sqrt(5)) / 2;
/** The first letter of a text; most scripts that are written from right to left are alive in these. */
const STRONG =
  /(?<rightToLeft>[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}])|\p{L}/u;
/** Rows between two pauses while searching. */
const STEP = 100;

export class TableModel {
  readonly id: string;
  readonly title: Text;
  readonly description: Text;
  state: TableState = "reading";
  /** Who has drawn it since it was read; null as long as nobody has. */
  view: TableView | null = null;
  /** Rows read so far; in the end, all. */
  rowCount = 0;
  columns: readonly Column[] = [];
  /** Positions of the rows to show, in order: kept, and found by the search. */
  shown: Uint32Array = new Uint32Array();
  selectedCount = 0;
  deletedCount = 0;
  /** Characters of its cells that are not seen; 0 until they have been counted. */
  unseenCount = 0;
  /** What is searched for; empty when nothing is. */
  query = "";

  readonly #texts: readonly string[];
  /** A map: a column may be called like something that every object has, such as "constructor". */
  readonly #headers: Map<string, Text>;
  #deleted = new Uint8Array();
  #selected = new Uint8Array();
  #found = new Uint8Array();
  #undo: Uint32Array[] = [];
  #keys: SearchKeys[] | null = null;

  constructor(prompt: PropsUIPromptConsentFormTable) {
    this.id = prompt.id;
    this.title = prompt.title;
    this.description = prompt.description;
    this.#headers = new Map(Object.entries(prompt.headers ?? {}));
    this.#texts = typeof prompt.data_frame === "string" ? [prompt.data_frame] : prompt.data_frame;
  }

  /** Read the table; to be run in pieces. A text that is no table leaves the state ``unreadable``. */
  *read(): Generator<void, void> {
    const reading = readTable(this.#texts);
    try {
      for (;;) {
        const step = reading.next();
        if (step.done) {
          this.#accept(step.value);
          return;
        }
        this.rowCount = Math.max(this.rowCount, step.value);
        yield;
      }
    } catch {
      this.state = "unreadable";
    }
  }

  /** Count the characters that are not seen, in a table that has been read; to be run in pieces. */
  *countUnseen(): Generator<void, void> {
    let count = 0;
    for (const column of this.columns) {
      for (let position = 0; position < column.cells.length; position++) {
        const cell = column.cells[position];
        if (typeof cell === "string") count += countUnseen(cell);
        if (position % STEP === STEP - 1) yield;
      }
    }
    this.unseenCount = count;
  }

  /** Characters of a row's cells that are not seen. */
  unseenInRow(position: number): number {
    return this.columns.reduce((sum, column) => sum + countUnseen(cellText(column.cells[position])), 0);
  }

  #accept(columns: Map<string, Cell[]>): void {
    this.rowCount = Math.max(0, ...[...columns.values()].map((cells) => cells.length));
    this.columns = [...columns].map(([name, cells]) => describe(name, cells));
    this.#deleted = new Uint8Array(this.rowCount);
    this.#selected = new Uint8Array(this.rowCount);
    this.#found = new Uint8Array(this.rowCount).fill(1);
    this.state = "ready";
    this.#refresh();
  }

  /** What stands above a column, in whatever languages the script gave. */
  header(column: Column): Text {
    return this.#headers.get(column.name) ?? column.name;
  }

  /** Where the first column stands: where those begin to read who read the columns of text. */
  get direction(): "ltr" | "rtl" {
    const texts = this.columns.filter((column) => !column.numeric && column.characters > 0);
    return 2 * texts.filter((column) => column.rightToLeft).length > texts.length ? "rtl" : "ltr";
  }

  get keptCount(): number {
    return this.rowCount - this.deletedCount;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  /** The positions of the deleted rows, in order. */
  deletedPositions(): number[] {
    const positions: number[] = [];
    this.#deleted.forEach((deleted, position) => {
      if (deleted) positions.push(position);
    });
    return positions;
  }

  isSelected(position: number): boolean {
    return this.#selected[position] === 1;
  }

  /** Whether all rows, some, or none of what is shown are selected. */
  get selection(): "all" | "some" | "none" {
    if (this.selectedCount === 0) return "none";
    return this.selectedCount === this.shown.length ? "all" : "some";
  }

  /** Select or unselect one row. */
  select(position: number, on: boolean): void {
    if (this.isSelected(position) === on) return;
    this.#selected[position] = on ? 1 : 0;
    this.selectedCount += on ? 1 : -1;
  }

  /** Select or unselect the shown rows from one place to another, both included; the order does not matter. */
  selectBetween(from: number, to: number, on: boolean): void {
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
      const position = this.shown[index];
      if (position !== undefined) this.select(position, on);
    }
  }

  /** Select or unselect all that is shown. */
  selectShown(on: boolean): void {
    this.selectBetween(0, this.shown.length - 1, on);
  }

  /** Delete what is selected; returns how many rows. */
  deleteSelected(): number {
    const positions = this.shown.filter((position) => this.isSelected(position));
    if (positions.length === 0) return 0;
    for (const position of positions) this.#deleted[position] = 1;
    this.deletedCount += positions.length;
    this.#undo.push(positions);
    this.#refresh();
    return positions.length;
  }

  /** Bring back what was deleted last; returns how many rows. */
  undo(): number {
    const positions = this.#undo.pop();
    if (!positions) return 0;
    for (const position of positions) this.#deleted[position] = 0;
    this.deletedCount -= positions.length;
    this.#refresh();
    return positions.length;
  }

  /**
   * Show only rows with this text in one of their cells, by what ``searchKey`` takes for the same; to be run in pieces.
   * Nothing changes before the end, so that a search that is given up leaves no trace.
   */
  *search(query: string): Generator<void, void> {
    const needle = searchKey(query).trim();
    const found = new Uint8Array(this.rowCount);
    if (needle === "") found.fill(1);
    else {
      for (let position = 0; position < this.rowCount; position++) {
        if (this.#contains(position, needle)) found[position] = 1;
        if (position % STEP === STEP - 1) yield;
      }
    }
    this.#found = found;
    this.query = needle;
    this.#refresh();
  }

  #contains(position: number, needle: string): boolean {
    return this.#keysOfColumns().some((keys) => keys.at(position).includes(needle));
  }

  /** By which the cells are searched; made at the first search. */
  #keysOfColumns(): SearchKeys[] {
    this.#keys ??= this.columns.map(({ cells }) => new SearchKeys((at) => cellText(cells[at]), cells.length));
    return this.#keys;
  }

  /** Work out what is shown. A row that is no longer shown is no longer selected: only what is seen gets deleted. */
  #refresh(): void {
    const shown = new Uint32Array(this.rowCount);
    let count = 0;
    let selected = 0;
    for (let position = 0; position < this.rowCount; position++) {
      if (this.#deleted[position] || !this.#found[position]) {
        this.#selected[position] = 0;
      } else {
        shown[count++] = position;
        if (this.#selected[position]) selected += 1;
      }
    }
    this.shown = shown.subarray(0, count);
    this.selectedCount = selected;
  }
}

/** A cell as it is shown and searched; what is missing is empty. */
export function cellText(cell: Cell | undefined): string {
  if (typeof cell === "string") return cell;
  return cell === null || cell === undefined ? "" : String(cell);
}

function describe(name: string, cells: readonly Cell[]): Column {
  const sample = [...samplePositions(cells.length)]
    .map((position) => cells[position] ?? null)
    .filter((cell) => cell !== null);
  const lengths = sample.map((cell) => cellText(cell).length).sort((one, other) => one - other);
  const numeric = sample.length > 0 && sample.every((cell) => typeof cell === "number" || typeof cell === "bigint");
  const directions = sample.map((cell) => STRONG.exec(cellText(cell))?.groups).filter((found) => found !== undefined);
  const rightToLeft = 2 * directions.filter((found) => found.rightToLeft).length > directions.length;
  return { name, cells, numeric, characters: lengths[Math.floor(lengths.length * 0.9)] ?? 0, rightToLeft };
}

/** All positions of a short table; scattered ones of a long table, since what is regular may hide from a regular step. */
function* samplePositions(length: number): Generator<number> {
  for (let place = 0; place < Math.min(length, SAMPLE); place++) {
    yield length <= SAMPLE ? place : Math.floor(((place * GOLDEN) % 1) * length);
  }
}
