/** A page of prompts: its heading, every prompt below it, and one answer: the first that one of them gives. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
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
import { isAnswered, isTable, promptsOf } from "../prompts/page_kind.js";
import { type AnswerEvent, NOTHING, PromptElement, YES } from "../prompts/prompt_element.js";
import { TableSet } from "../table/table_set.js";

@customElement("sidestage-page")
export class SidestagePage extends PromptElement<PropsUIPageDataSubmission> {
  /** Stands above the page where the script gives no title. */
  @property() heading = "";

  private readonly set = new TableSet(this);

  protected override willUpdate(): void {
    this.set.take(promptsOf(this.prompt).filter(isTable));
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("prompt") && isAnswered(this.prompt) === "at once") this.answer(YES);
  }

  protected override render() {
    const prompts = promptsOf(this.prompt);
    const buttons = prompts.some((prompt) => prompt.__type__ === "PropsUIDataSubmissionButtons");
    return html`<div class="stack" style="gap: 2rem">
      <h1 tabindex="-1">${this.text(this.prompt.header?.title) || this.heading}</h1>
      ${prompts.map((prompt) => this.#prompt(prompt))}
      ${this.set.tables.length > 0 && !buttons ? this.#buttons({}) : nothing}
      ${isAnswered(this.prompt) === "by going on" ? this.#continue(prompts) : nothing}
    </div>`;
  }

  #prompt(prompt: Prompt): TemplateResult {
    const { locale } = this;
    const answer = (event: AnswerEvent) => this.answer(event.detail);
    switch (prompt.__type__) {
      case "PropsUIPromptFileInput":
        return html`<sidestage-file-input .prompt=${prompt} .locale=${locale} @answer=${answer}></sidestage-file-input>`;
      case "PropsUIPromptFileInputMultiple":
        return html`<sidestage-file-input-multiple
          .prompt=${prompt}
          .locale=${locale}
          @answer=${answer}
        ></sidestage-file-input-multiple>`;
      case "PropsUIPromptConfirm":
        return html`<sidestage-confirm .prompt=${prompt} .locale=${locale} @answer=${answer}></sidestage-confirm>`;
      case "PropsUIPromptRetry":
        return html`<sidestage-retry .prompt=${prompt} .locale=${locale} @answer=${answer}></sidestage-retry>`;
      case "PropsUIPromptRadioInput":
        return html`<sidestage-radio-input .prompt=${prompt} .locale=${locale} @answer=${answer}></sidestage-radio-input>`;
      case "PropsUIPromptProgress":
        return html`<sidestage-progress .prompt=${prompt} .locale=${locale}></sidestage-progress>`;
      case "PropsUIPromptText":
      case "PropsUIPromptHelloWorld":
        return html`<sidestage-text .prompt=${prompt} .locale=${locale}></sidestage-text>`;
      case "PropsUIPromptConsentForm":
        return html`<sidestage-consent-form .prompt=${prompt} .locale=${locale} @answer=${answer}></sidestage-consent-form>`;
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
      .locale=${this.locale}
    ></sidestage-consent-form-table>`;
  }

  #buttons(prompt: object): TemplateResult {
    return html`<sidestage-data-submission-buttons
      .prompt=${prompt}
      .tables=${this.set.tables}
      .ready=${this.set.ready}
      .locale=${this.locale}
      @answer=${(event: AnswerEvent) => this.answer(event.detail)}
    ></sidestage-data-submission-buttons>`;
  }

  #continue(prompts: readonly Prompt[]): TemplateResult {
    const named = prompts.map((prompt) => ("button" in prompt ? this.text(prompt.button) : "")).filter(Boolean);
    return html`<div class="actions">
      <button type="button" class="primary" @click=${() => this.answer(NOTHING)}>
        ${named.at(-1) ?? this.words.continue}
      </button>
    </div>`;
  }
}
