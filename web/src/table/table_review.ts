/** A table to review: look, search, select, delete, undo. The table itself is a model that whoever draws this keeps. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { drawn } from "../elements/drawn_text.js";
import { isLaidOut } from "../elements/laid_out.js";
import { PageElement } from "../elements/page_element.js";
import { icon, paragraphs } from "../elements/parts.js";
import { unseenLine } from "../elements/unseen_line.js";
import { inPieces } from "../short_tasks.js";
import { shared } from "../style/shared.js";
import { formatCount } from "../words/texts.js";
import { countUnseen, withMarks } from "../words/unseen.js";
import type { Cell } from "./json_text.js";
import "./row_dialog.js";
import { columnCharacters, columnWidth, OUTER_COLUMNS, roomiest } from "./columns.js";
import { CutCells, cellContent } from "./cut_cells.js";
import { cellText, type TableModel } from "./table_model.js";
import { tableStyle } from "./table_style.js";
import { VirtualRows } from "./virtual_rows.js";

/** How long typing must rest before the search starts, in milliseconds. */
const DEBOUNCE = 180;

@customElement("sidestage-table-review")
export class SidestageTableReview extends PageElement {
  static override styles = [shared, tableStyle];

  /** The table under review. */
  @property({ attribute: false }) model!: TableModel;
  /** The reading goes on outside; whoever does it says here how far it is. */
  @property({ attribute: false }) rowsRead = 0;
  @property() readingState = "reading";
  /** The same, of the characters that are not seen. */
  @property({ attribute: false }) unseenInCells = 0;

  /** Which of the shown rows the keyboard is at. */
  @state() private active = 0;
  /** The position of the row that is shown in full. */
  @state() private opened: number | null = null;
  @state() private searching = false;
  @query(".scroller") private scroller!: HTMLElement | null;

  /** Where a selection with the shift key starts. */
  private anchor = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private search: AbortController | null = null;
  private readonly cutCells = new CutCells();
  private readonly rows = new VirtualRows(this, () => this.scroller);

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.model.view = null;
    clearTimeout(this.timer);
    this.search?.abort();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.active = Math.max(0, Math.min(this.active, this.model.shown.length - 1));
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    this.rows.set(this.model.shown.length, 2.75 * rem, 2.75 * rem, this.active);
  }

  /**
   * Whether the table is laid out and not hidden: its title, the count of its rows, and its first rows, if it shows any. One
   * without rows says so.
   */
  get isShown(): boolean {
    const { model } = this;
    const parts = model.rowCount ? [".counts p"] : [".notice"];
    if (this.text(model.title)) parts.push("#title");
    if (model.shown.length) parts.push("tr[data-index]");
    return parts.every((part) => {
      const element = this.renderRoot.querySelector(part);
      return element !== null && isLaidOut(element);
    });
  }

  protected override updated(): void {
    if (this.model.state === "ready") this.model.view = this;
    const width = this.scroller?.clientWidth;
    if (width) this.cutCells.tell(this.renderRoot, width, this.locale, this.words.moreCharacters);
  }

  protected override render() {
    const title = this.text(this.model.title);
    const description = this.text(this.model.description);
    return html`<section class="table-section" aria-labelledby="title">
      <div class="tight">
        <h2 id="title" dir="auto">${drawn(title)}</h2>
        ${description ? html`<div class="tight" id="description">${paragraphs(description, "muted")}</div>` : nothing}
      </div>
      ${this.#body(title)}
    </section>`;
  }

  #body(title: string): TemplateResult {
    const { model } = this;
    if (model.state === "unreadable") return html`<p class="notice" role="alert">${this.words.unreadableTable}</p>`;
    if (model.state === "reading") {
      return html`<p class="notice muted">${this.words.readingRows(this.#count(model.rowCount))}</p>`;
    }
    if (model.rowCount === 0) return html`<p class="notice muted">${this.words.emptyTable}</p>`;
    return html`${this.#tools(title)}
      <div class="frame">
        ${model.shown.length ? this.#table() : this.#nothingShown()}
        <div class="counts small">
          <p aria-live="polite" class="muted">
            ${this.words.kept(model.keptCount, this.#count(model.keptCount), this.#count(model.deletedCount))}
          </p>
          <p class="muted">${model.selectedCount ? this.words.selected(this.#count(model.selectedCount)) : nothing}</p>
        </div>
      </div>
      ${unseenLine(this.#unseen())}
      <sidestage-row-dialog
        .model=${model}
        .position=${this.opened}
        @move=${(event: CustomEvent<number>) => {
          this.opened = event.detail;
        }}
        @close=${() => {
          this.opened = null;
        }}
      ></sidestage-row-dialog>`;
  }

  /** Characters of the table that are not seen: of its cells, its title and its headers. */
  #unseen(): number {
    const texts = [this.model.title, ...this.model.columns.map((column) => this.model.header(column))];
    return texts.reduce((sum, text) => sum + countUnseen(this.text(text)), this.unseenInCells);
  }

  #tools(title: string): TemplateResult {
    const { model } = this;
    return html`<div class="tools" role="group" aria-labelledby="title">
      <div class="search">
        ${icon("search")}
        <input
          type="search"
          dir="auto"
          aria-label=${this.words.searchIn(withMarks(title))}
          placeholder=${this.words.search}
          autocomplete="off"
          spellcheck="false"
          @input=${this.#typed}
        />
      </div>
      <button type="button" class="danger" aria-disabled=${model.selectedCount ? nothing : "true"} @click=${this.#delete}>
        ${icon("bin")}${this.words.deleteSelected}
      </button>
      <button type="button" aria-disabled=${model.canUndo ? nothing : "true"} @click=${this.#undo}>
        ${icon("undo")}${this.words.undo}
      </button>
      <p class="found muted small" aria-live="polite">${this.#searchResult()}</p>
    </div>`;
  }

  #searchResult(): string {
    if (this.searching) return this.words.searching;
    const { query, shown } = this.model;
    return query && shown.length ? this.words.found(shown.length, this.#count(shown.length)) : "";
  }

  #nothingShown(): TemplateResult {
    const sentence = this.model.keptCount === 0 ? this.words.allDeleted : this.words.noneFound;
    return html`<p class="nothing muted" role="status">${sentence}</p>`;
  }

  #table(): TemplateResult {
    const { model, words } = this;
    const { entries, shift } = this.rows.entries();
    const room = model.columns.map((column) => columnCharacters(column, this.text(model.header(column))));
    const widths = room.map(columnWidth);
    const roomy = roomiest(model.columns);
    const width = `max(100%, calc(${OUTER_COLUMNS} + ${widths.join(" + ")}))`;
    return html`<div class="scroller" dir=${model.direction} role="group" aria-labelledby="title" aria-busy=${this.searching}>
      <p class="unseen" id="keys">${words.tableKeys}</p>
      <table
        aria-labelledby="title"
        aria-describedby="keys"
        aria-rowcount=${model.shown.length + 1}
        style="width: ${width}"
      >
        <colgroup>
          <col style="width: 2.75rem" />
          ${widths.map((each, place) => html`<col style=${place === roomy ? "" : `width: calc(${each})`} />`)}
          <col style="width: 2.75rem" />
        </colgroup>
        <thead>
          <tr aria-rowindex="1">
            <th scope="col" class="check">${this.#selectAll()}</th>
            ${model.columns.map((column) => {
              const header = this.text(model.header(column));
              return html`<th scope="col" class=${column.numeric ? "number" : ""} dir="auto" title=${withMarks(header)}>${drawn(header)}</th>`;
            })}
            <th scope="col" class="open"><span class="unseen">${words.showColumn}</span></th>
          </tr>
        </thead>
        <tbody
          style=${shift ? `transform: translateY(${shift}px)` : ""}
          @keydown=${this.#key}
          @click=${this.#clicked}
          @focusin=${this.#focused}
        >
          ${repeat(
            entries,
            (entry) => entry.key,
            (entry) =>
              "space" in entry
                ? html`<tr class="space" aria-hidden="true"><td colspan=${model.columns.length + 2} style="height: ${entry.space}px"></td></tr>`
                : this.#row(entry.index, room),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #selectAll(): TemplateResult {
    const { model, words } = this;
    return html`<label>
      <input
        type="checkbox"
        aria-label=${model.query ? words.selectFound : words.selectAll}
        .checked=${live(model.selection === "all")}
        .indeterminate=${live(model.selection === "some")}
        @change=${this.#toggleAll}
      />
    </label>`;
  }

  #row(index: number, room: readonly number[]): TemplateResult {
    const { model, words } = this;
    const position = model.shown[index] ?? 0;
    const number = this.#count(position + 1);
    const selected = model.isSelected(position);
    const reached = index === this.active ? 0 : -1;
    return html`<tr aria-rowindex=${index + 2} data-index=${index} class=${selected ? "selected" : ""}>
      <td class="check">
        <label>
          <input
            type="checkbox"
            aria-label=${words.selectRow(number)}
            tabindex=${reached}
            .checked=${live(selected)}
            @click=${this.#toggle}
          />
        </label>
      </td>
      ${model.columns.map((column, place) => this.#cell(column.cells[position], column.numeric, room[place] ?? 0))}
      <td class="open">
        <button type="button" class="icon" tabindex=${reached} aria-label=${words.showRow(number)}></button>
      </td>
    </tr>`;
  }

  #cell(cell: Cell | undefined, numeric: boolean, room: number): TemplateResult {
    const missing = cell === null || cell === undefined;
    return html`<td class=${numeric ? "cell number" : "cell"} dir="auto">${
      missing ? html`<span class="missing" aria-hidden="true">–</span>` : cellContent(cellText(cell), room)
    }</td>`;
  }

  #count(count: number): string {
    return formatCount(count, this.locale);
  }

  #typed = (event: InputEvent) => {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#search(value), DEBOUNCE);
  };

  async #search(text: string): Promise<void> {
    this.search?.abort();
    const search = new AbortController();
    this.search = search;
    this.searching = true;
    try {
      await inPieces(this.model.search(text), search.signal);
    } catch {
      return; // A newer search has taken over.
    }
    this.searching = false;
    this.active = 0;
    this.anchor = 0;
    this.rows.toStart();
    this.requestUpdate();
  }

  #toggleAll = (event: Event) => {
    this.model.selectShown((event.target as HTMLInputElement).checked);
    this.requestUpdate();
  };

  #toggle = (event: MouseEvent) => {
    const box = event.target as HTMLInputElement;
    const index = indexOf(box);
    if (event.shiftKey) this.model.selectBetween(this.anchor, index, box.checked);
    else this.model.select(this.model.shown[index] ?? 0, box.checked);
    this.anchor = index;
    this.requestUpdate();
  };

  /** A click on a cell or on the button beside it shows the row in full, unless it ended a selection of text. */
  #clicked = (event: MouseEvent) => {
    const target = event.target as Element;
    const cell = target.closest("td.cell, td.open");
    if (!cell || String(document.getSelection() ?? "") !== "") return;
    this.#open(indexOf(cell));
  };

  #open(index: number): void {
    this.active = index;
    this.opened = this.model.shown[index] ?? null;
  }

  #focused = (event: FocusEvent) => {
    const index = indexOf(event.target as Element);
    if (index >= 0) this.active = index;
  };

  #key = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const index = indexOf(target);
    if (event.key === "Enter" && target.matches("input")) {
      event.preventDefault();
      this.#open(index);
      return;
    }
    const to = this.#destination(event.key, index);
    if (to === null) return;
    event.preventDefault();
    const last = this.model.shown.length - 1;
    void this.#goTo(Math.max(0, Math.min(to, last)), target.matches("input") ? "input" : "button");
  };

  #destination(key: string, index: number): number | null {
    const page = this.rows.rowsInSight;
    switch (key) {
      case "ArrowDown":
        return index + 1;
      case "ArrowUp":
        return index - 1;
      case "PageDown":
        return index + page;
      case "PageUp":
        return index - page;
      case "Home":
        return 0;
      case "End":
        return Number.POSITIVE_INFINITY;
      default:
        return null;
    }
  }

  async #goTo(index: number, part: "input" | "button"): Promise<void> {
    this.active = index;
    await this.updateComplete;
    const control = this.renderRoot.querySelector<HTMLElement>(`tr[data-index="${index}"] ${part}`);
    control?.focus({ preventScroll: true });
    this.rows.reveal(index);
    // The table may itself reach beyond the window.
    control?.scrollIntoView({ block: "nearest" });
  }

  #delete = () => {
    if (this.model.deleteSelected() > 0) this.requestUpdate();
  };

  #undo = () => {
    if (this.model.undo() > 0) this.requestUpdate();
  };
}

/** Which of the shown rows an element is in. */
function indexOf(element: Element): number {
  return Number(element.closest("tr")?.dataset.index ?? -1);
}
