/** The tables of one prompt: made once, read one after another without holding up the page. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { PropsUIPromptConsentFormTable } from "../protocol/types.gen.js";
import { inPieces, pause } from "../short_tasks.js";
import { TableModel } from "./table_model.js";

/** How often the page says how far the reading is, in milliseconds. */
const TELL_EVERY = 200;

/** Keeps the tables for an element, and updates it when one has been read. */
export class TableSet implements ReactiveController {
  tables: readonly TableModel[] = [];
  #prompts: readonly PropsUIPromptConsentFormTable[] = [];
  #reading: AbortController | null = null;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** Take the tables of these prompts; those of the prompts before are forgotten. */
  take(prompts: readonly PropsUIPromptConsentFormTable[]): void {
    const same = prompts.length === this.#prompts.length && prompts.every((prompt, i) => prompt === this.#prompts[i]);
    if (same) return;
    this.#prompts = prompts;
    this.tables = prompts.map((prompt) => new TableModel(prompt));
    this.#reading?.abort();
    this.#reading = new AbortController();
    void this.#read(this.tables, this.#reading.signal);
  }

  /** Whether every table has been read. */
  get ready(): boolean {
    return this.tables.every((table) => table.state === "ready");
  }

  /** The table of a prompt that was taken. */
  of(prompt: PropsUIPromptConsentFormTable): TableModel | undefined {
    return this.tables[this.#prompts.indexOf(prompt)];
  }

  hostDisconnected(): void {
    this.#reading?.abort();
  }

  async #read(tables: readonly TableModel[], signal: AbortSignal): Promise<void> {
    const telling = setInterval(() => this.host.requestUpdate(), TELL_EVERY);
    try {
      for (const table of tables) {
        await inPieces(table.read(), signal);
        // Drawing a table for the first time is a task of its own.
        await pause();
        this.host.requestUpdate();
      }
    } catch {
      // Given up, since the prompt is gone; ``read`` itself keeps its failures in the table's state.
    } finally {
      clearInterval(telling);
    }
  }
}
