/** Tables, question and buttons in one prompt. */
import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { PropsUIPromptConsentForm } from "../protocol/types.gen.js";
import "./consent_form_table.js";
import "./data_submission_buttons.js";
import type { AnswerEvent } from "../elements/answer.js";
import { paragraphs } from "../elements/parts.js";
import { TableSet } from "../table/table_set.js";
import { PromptElement } from "./prompt_element.js";

@customElement("sidestage-consent-form")
export class SidestageConsentForm extends PromptElement<PropsUIPromptConsentForm> {
  private readonly set = new TableSet(this);

  protected override willUpdate(): void {
    this.set.take([...this.prompt.tables, ...(this.prompt.metaTables ?? [])]);
  }

  protected override render() {
    return html`<div class="stack" style="gap: 2.5rem">
      <div class="tight">${paragraphs(this.text(this.prompt.description))}</div>
      ${repeat(
        this.set.tables,
        (table) => table,
        (table) =>
          html`<sidestage-consent-form-table
            .model=${table}
            .rowsRead=${table.rowCount}
            .readingState=${table.state}
          ></sidestage-consent-form-table>`,
      )}
      <sidestage-data-submission-buttons
        .prompt=${this.prompt}
        .tables=${this.set.tables}
        .ready=${this.set.ready}
        @answer=${(event: AnswerEvent) => this.answer(event.detail)}
      ></sidestage-data-submission-buttons>
    </div>`;
  }
}
