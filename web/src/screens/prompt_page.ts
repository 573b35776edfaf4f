/** A page of prompts: its heading, every prompt below it, and one answer: the first that one of them gives. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type AnswerEvent, giveAnswer, NOTHING, YES } from "../elements/answer.js";
import type { Prompt, PropsUIPageDataSubmission, PropsUIPromptConsentFormTable } from "../protocol/types.gen.js";
import "../prompts/confirm.js";
import "../prompts/consent_form.js";
import "../prompts/consent_form_table.js";
import "../prompts/data_submission_buttons.js";
import "../prompts/file_input.js";
import "../prompts/file_input_multiple.js";
import "../prompts/progress.js";
import "../prompts/radio_input.js";
import "../prompts/retry.js";
import "../prompts/text.js";
import { PageElement } from "../elements/page_element.js";
import { isAnswered, isTable, promptsOf } from "../prompts/page_kind.js";
import { TableSet } from "../table/table_set.js";

@customElement("sidestage-page")
export class SidestagePage extends PageElement {
  @property({ attribute: false }) page!: PropsUIPageDataSubmission;
  /** Stands above the page where the script gives no title. */
  @property() heading = "";

  private readonly set = new TableSet(this);

  protected override willUpdate(): void {
    this.set.take(promptsOf(this.page).filter(isTable));
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("page") && isAnswered(this.page) === "at once") giveAnswer(this, YES);
  }

  protected override render() {
    const prompts = promptsOf(this.page);
    const buttons = prompts.some((prompt) => prompt.__type__ === "PropsUIDataSubmissionButtons");
    return html`<div class="stack" style="gap: 2rem">
      <h1 tabindex="-1">${this.text(this.page.header?.title) || this.heading}</h1>
      ${prompts.map((prompt) => this.#prompt(prompt))}
      ${this.set.tables.length > 0 && !buttons ? this.#buttons({}) : nothing}
      ${isAnswered(this.page) === "by going on" ? this.#continue(prompts) : nothing}
    </div>`;
  }

  #prompt(prompt: Prompt): TemplateResult {
    const answer = (event: AnswerEvent) => giveAnswer(this, event.detail);
    switch (prompt.__type__) {
      case "PropsUIPromptFileInput":
        return html`<sidestage-file-input .prompt=${prompt} @answer=${answer}></sidestage-file-input>`;
      case "PropsUIPromptFileInputMultiple":
        return html`<sidestage-file-input-multiple
          .prompt=${prompt}
         
          @answer=${answer}
        ></sidestage-file-input-multiple>`;
      case "PropsUIPromptConfirm":
        return html`<sidestage-confirm .prompt=${prompt} @answer=${answer}></sidestage-confirm>`;
      case "PropsUIPromptRetry":
        return html`<sidestage-retry .prompt=${prompt} @answer=${answer}></sidestage-retry>`;
      case "PropsUIPromptRadioInput":
        return html`<sidestage-radio-input .prompt=${prompt} @answer=${answer}></sidestage-radio-input>`;
      case "PropsUIPromptProgress":
        return html`<sidestage-progress .prompt=${prompt}></sidestage-progress>`;
      case "PropsUIPromptText":
      case "PropsUIPromptHelloWorld":
        return html`<sidestage-text .prompt=${prompt}></sidestage-text>`;
      case "PropsUIPromptConsentForm":
        return html`<sidestage-consent-form .prompt=${prompt} @answer=${answer}></sidestage-consent-form>`;
      case "PropsUIPromptConsentFormTable":
        return this.#table(prompt);
      case "PropsUIDataSubmissionButtons":
        return this.#buttons(prompt);
    }
  }

  #table(prompt: PropsUIPromptConsentFormTable): TemplateResult {
    const table = this.set.of(prompt);
    return html`<sidestage-consent-form-table
      .model=${table}
      .rowsRead=${table?.rowCount}
      .readingState=${table?.state}
    ></sidestage-consent-form-table>`;
  }

  #buttons(prompt: object): TemplateResult {
    return html`<sidestage-data-submission-buttons
      .prompt=${prompt}
      .tables=${this.set.tables}
      .ready=${this.set.ready}
      @answer=${(event: AnswerEvent) => giveAnswer(this, event.detail)}
    ></sidestage-data-submission-buttons>`;
  }

  #continue(prompts: readonly Prompt[]): TemplateResult {
    const named = prompts.map((prompt) => ("button" in prompt ? this.text(prompt.button) : "")).filter(Boolean);
    return html`<div class="actions">
      <button type="button" class="primary" @click=${() => giveAnswer(this, NOTHING)}>
        ${named.at(-1) ?? this.words.continue}
      </button>
    </div>`;
  }
}
