/** Tables, question and buttons in one prompt. They belong together, whatever else is on the page. */
import { provide } from "@lit/context";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { PropsUIDataSubmissionButtons, PropsUIPromptConsentForm } from "../protocol/types.gen.js";
import "./consent_form_table.js";
import "./data_submission_buttons.js";
import type { AnswerEvent } from "../elements/answer.js";
import { PageScope, pageScopeContext } from "../elements/page_scope.js";
import { paragraphs } from "../elements/parts.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptConsentForm", { parts: () => import("../table/table_review.js") })
export class SidestageConsentForm extends PromptElement<PropsUIPromptConsentForm> {
  @provide({ context: pageScopeContext })
  protected scope = new PageScope();

  private buttons!: PropsUIDataSubmissionButtons;

  protected override willUpdate(): void {
    const { donateQuestion, donateButton } = this.prompt;
    this.buttons = { __type__: "PropsUIDataSubmissionButtons", donateQuestion, donateButton };
  }

  protected override render() {
    return html`<div class="stack" style="gap: 2.5rem">
      <div class="tight">${paragraphs(this.text(this.prompt.description))}</div>
      ${repeat(
        [...this.prompt.tables, ...(this.prompt.metaTables ?? [])],
        (table) => table,
        (table) => html`<sidestage-consent-form-table .prompt=${table}></sidestage-consent-form-table>`,
      )}
      <sidestage-data-submission-buttons
        .prompt=${this.buttons}
        @answer=${(event: AnswerEvent) => this.answer(event.detail)}
      ></sidestage-data-submission-buttons>
    </div>`;
  }
}
