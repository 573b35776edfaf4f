/** The question below the tables of a page, and the buttons to agree or decline. */
import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { NO } from "../elements/answer.js";
import { MeantClick } from "../elements/meant_click.js";
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

  /** The tables that the question is about. Nothing is given away unseen: all of them must have been read, and be shown. */
  private readonly tables = new SharedOnPage(this, TableSet);
  /** What is wrong, and whether the tables had all been read then. */
  @state() private problem = { sentence: "", able: true };
  private readonly clicks = new MeantClick(this);

  protected override render() {
    const question = this.text(this.prompt.donateQuestion) || this.words.donateQuestion;
    const able = this.tables.thing.ready && !this.prompt.waiting;
    return html`<div class="stack" role="group" aria-labelledby="question">
      <div class="tight">
        <div class="tight" id="question">${paragraphs(question, "question")}</div>
        <p class="muted small">${this.words.agreeMeans}</p>
      </div>
      ${problem(this.problem.able === able ? this.problem.sentence : "")}
      <div class="actions">
        <button
          type="button"
          class="primary"
          dir="auto"
          data-agrees
          ?data-settling=${able}
          aria-disabled=${able && this.clicks.isLive ? nothing : "true"}
          @click=${able ? this.clicks.when(this.#agree) : this.#sayWhyNot}
        >
          ${this.drawn(this.prompt.donateButton) || this.words.donateButton}
        </button>
        <button type="button" @click=${() => this.answer(NO)}>${this.words.declineButton}</button>
      </div>
      ${this.clicks.told(this.words)}
    </div>`;
  }

  #sayWhyNot = () => {
    if (this.prompt.waiting) return;
    const unreadable = this.tables.thing.tables.some((table) => table.state === "unreadable");
    this.problem = { sentence: unreadable ? this.words.unreadableTable : this.words.stillReading, able: false };
  };

  #agree = () => {
    const { tables, areShown } = this.tables.thing;
    this.problem = { sentence: areShown ? "" : this.words.tableNotShown, able: true };
    if (!areShown) return;
    const deleted = Object.fromEntries(tables.map((table) => [table.id, table.deletedPositions()]));
    this.answer({ __type__: "PayloadReview", value: { deleted } });
  };
}
