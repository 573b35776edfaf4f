/** The question below the tables of a page, and the buttons to agree or decline. */
import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { NO } from "../elements/answer.js";
import { SharedOnPage } from "../elements/page_scope.js";
import { paragraphs, problem } from "../elements/parts.js";
import type { PropsUIDataSubmissionButtons } from "../protocol/types.gen.js";
import { shared } from "../style/shared.js";
import { TableSet } from "../table/table_set.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIDataSubmissionButtons")
export class SidestageDataSubmissionButtons extends PromptElement<PropsUIDataSubmissionButtons> {
  static override styles = [
    shared,
    css`
      .question {
        font-size: 1.1rem;
        font-weight: 600;
      }
    `,
  ];

  /** The tables that the question is about. Nothing is given away unseen: all of them must have been read. */
  private readonly tables = new SharedOnPage(this, TableSet);
  @state() private problem = "";

  protected override render() {
    const question = this.text(this.prompt.donateQuestion) || this.words.donateQuestion;
    const able = this.tables.thing.ready && !this.prompt.waiting;
    return html`<div class="stack" role="group" aria-labelledby="question">
      <div class="tight">
        <div class="tight" id="question">${paragraphs(question, "question")}</div>
        <p class="muted small">${this.words.agreeMeans}</p>
      </div>
      ${problem(able ? "" : this.problem)}
      <div class="actions">
        <button type="button" class="primary" dir="auto" aria-disabled=${able ? nothing : "true"} @click=${this.#agree}>
          ${this.drawn(this.prompt.donateButton) || this.words.donateButton}
        </button>
        <button type="button" @click=${() => this.answer(NO)}>${this.words.declineButton}</button>
      </div>
    </div>`;
  }

  #agree = () => {
    if (this.prompt.waiting) return;
    const { tables, ready } = this.tables.thing;
    const unreadable = tables.some((table) => table.state === "unreadable");
    if (!ready) {
      this.problem = unreadable ? this.words.unreadableTable : this.words.stillReading;
      return;
    }
    const deleted = Object.fromEntries(tables.map((table) => [table.id, table.deletedPositions()]));
    this.answer({ __type__: "PayloadReview", value: { deleted } });
  };
}
