/** The tables under review on one page: read one after another without holding up the page. */
import type { PropsUIPromptConsentFormTable } from "../protocol/types.gen.js";
import { inPieces, pause } from "../short_tasks.js";
import { TableModel } from "./table_model.js";

/** How often the page says how far the reading is, in milliseconds. */
const TELL_EVERY = 200;

/** Fires ``change`` when a table has come, gone or been read, and now and then while one is. */
export class TableSet extends EventTarget {
  tables: readonly TableModel[] = [];
  readonly #counted = new WeakSet<TableModel>();
  #reading: { table: TableModel; stop: AbortController } | null = null;

  /** Take in the table of a prompt; it is read after those before it. */
  add(prompt: PropsUIPromptConsentFormTable): TableModel {
    const table = new TableModel(prompt);
    this.tables = [...this.tables, table];
    this.#tell();
    if (!this.#reading) void this.#readAll();
    return table;
  }

  /** Let go of a table, whether it has been read or not. */
  remove(table: TableModel): void {
    this.tables = this.tables.filter((other) => other !== table);
    if (this.#reading?.table === table) this.#reading.stop.abort();
    this.#tell();
  }

  /** Whether every table has been read. */
  get ready(): boolean {
    return this.tables.every((table) => table.state === "ready");
  }

  /** Whether every table is on the page, and not hidden. */
  get areShown(): boolean {
    return this.tables.every((table) => table.view?.isShown);
  }

  async #readAll(): Promise<void> {
    const telling = setInterval(() => this.#tell(), TELL_EVERY);
    for (let table = this.#next(); table; table = this.#next()) {
      this.#reading = { table, stop: new AbortController() };
      // Given up when the table is let go; ``read`` itself keeps its failures in the table's state.
      await inPieces(table.read(), this.#reading.stop.signal).catch(() => undefined);
      // Drawing a table for the first time is a task of its own.
      await pause();
      this.#tell();
    }
    this.#reading = null;
    clearInterval(telling);
    await this.#countUnseen();
  }

  /** Nobody waits for these numbers: they come when all tables have been read. */
  async #countUnseen(): Promise<void> {
    for (const table of this.tables) {
      if (table.state !== "ready" || this.#counted.has(table)) continue;
      this.#counted.add(table);
      await inPieces(this.#whileHere(table, table.countUnseen()));
      this.#tell();
    }
  }

  *#whileHere(table: TableModel, steps: Iterable<void>): Generator<void> {
    for (const step of steps) {
      if (!this.tables.includes(table)) return;
      yield step;
    }
  }

  #next(): TableModel | undefined {
    return this.tables.find((table) => table.state === "reading");
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}
