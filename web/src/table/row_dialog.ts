/** A row in full: every column with its whole text, and the way to the rows before and after it. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import { icon } from "../elements/parts.js";
import { unseenLine } from "../elements/unseen_line.js";
import { shared } from "../style/shared.js";
import { sheet } from "../style/sheet.js";
import { formatCount } from "../words/texts.js";
import { cellText, type TableModel } from "./table_model.js";

@customElement("sidestage-row-dialog")
export class SidestageRowDialog extends PageElement {
  static override styles = [
    shared,
    sheet,
    css`
      dialog {
        --sheet-width: 42rem;
        --sheet-height: 44rem;
      }

      dl {
        overflow: auto;
        padding: 0.5rem 1.5rem 1.25rem;
      }

      dt {
        margin-top: 1rem;
        color: var(--muted);
        font-size: 0.875rem;
        font-weight: 650;
      }

      sidestage-unseen-line {
        padding: 0.75rem 1.5rem;
      }

      dd {
        unicode-bidi: plaintext;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) model!: TableModel;
  /** The row to show; null shows nothing. */
  @property({ attribute: false }) position: number | null = null;
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override updated(_changed: PropertyValues): void {
    if (this.position !== null && !this.dialog.open) {
      this.dialog.showModal();
      // Not by autofocus, which a browser refuses in a frame of another site.
      this.dialog.querySelector("h2")?.focus();
    }
    if (this.position === null && this.dialog.open) this.dialog.close();
  }

  protected override render() {
    return html`<dialog aria-labelledby="row" @close=${this.#closed} @click=${this.#clicked}>
      ${this.position === null ? nothing : this.#row(this.position)}
    </dialog>`;
  }

  #row(position: number): TemplateResult {
    const { words } = this;
    const place = this.model.shown.indexOf(position);
    return html`<div class="head">
        <h2 id="row" tabindex="-1">${words.rowTitle(formatCount(position + 1, this.locale))}</h2>
        ${this.#step(words.previousRow, "back", this.model.shown[place - 1])}
        ${this.#step(words.nextRow, "forward", this.model.shown[place + 1])}
        <button type="button" class="icon" aria-label=${words.close} @click=${this.#close}>${icon("cross")}</button>
      </div>
      <dl tabindex="0" aria-labelledby="row">
        ${this.model.columns.map(
          (column) => html`<div>
            <dt dir="auto">${this.drawn(this.model.header(column))}</dt>
            <dd dir="auto">${drawn(cellText(column.cells[position])) || "–"}</dd>
          </div>`,
        )}
      </dl>
      ${unseenLine(this.model.unseenInRow(position))}`;
  }

  #step(name: string, shape: "back" | "forward", to: number | undefined): TemplateResult {
    return html`<button
      type="button"
      class="icon"
      aria-label=${name}
      aria-disabled=${to === undefined ? "true" : nothing}
      @click=${() => to !== undefined && this.dispatchEvent(new CustomEvent("move", { detail: to }))}
    >
      ${icon(shape)}
    </button>`;
  }

  #close = () => this.dialog.close();

  #closed = () => this.dispatchEvent(new CustomEvent("close"));

  /** The dialog itself is hit only beside its contents: on the backdrop. */
  #clicked = (event: MouseEvent) => {
    if (event.target === this.dialog) this.dialog.close();
  };
}
