/** The script broke: its traceback, and whether the researchers may have it. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { giveAnswer, NO, YES } from "../elements/answer.js";
import { drawn } from "../elements/drawn_text.js";
import { MeantClick } from "../elements/meant_click.js";
import { PageElement } from "../elements/page_element.js";
import { unseenLine } from "../elements/unseen_line.js";
import type { PropsUIPageError } from "../protocol/types.gen.js";
import { countUnseen } from "../words/unseen.js";

@customElement("sidestage-error-page")
export class SidestageErrorPage extends PageElement {
  @property({ attribute: false }) page!: PropsUIPageError;

  private readonly clicks = new MeantClick(this);

  protected override render() {
    const { words } = this;
    return html`<div class="stack">
      <h1 tabindex="-1">${words.errorTitle}</h1>
      <p>${words.errorText}</p>
      <div class="tight">
        <p id="report"><strong>${words.errorReport}</strong> ${words.errorReportHelp} ${words.errorContents}</p>
        <p id="skip"><strong>${words.errorSkip}</strong> ${words.errorSkipHelp}</p>
      </div>
      <pre tabindex="0" role="region" aria-label=${words.details}>${drawn(this.page.message)}</pre>
      ${unseenLine(countUnseen(this.page.message))}
      <div class="actions">
        <button
          type="button"
          class="primary"
          data-agrees
          data-settling
          aria-disabled=${this.clicks.isLive ? nothing : "true"}
          aria-describedby="report"
          @click=${this.clicks.when(() => giveAnswer(this, YES))}
        >
          ${words.errorReport}
        </button>
        <button type="button" aria-describedby="skip" @click=${() => giveAnswer(this, NO)}>${words.errorSkip}</button>
      </div>
      ${this.clicks.told(words)}
    </div>`;
  }
}
