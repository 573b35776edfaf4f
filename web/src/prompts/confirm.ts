/** A question with two buttons. */
import { html } from "lit";
import { NO, YES } from "../elements/answer.js";
import { paragraphs } from "../elements/parts.js";
import type { PropsUIPromptConfirm } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptConfirm")
export class SidestageConfirm extends PromptElement<PropsUIPromptConfirm> {
  protected override render() {
    return html`<div class="stack">
      ${paragraphs(this.text(this.prompt.text))}
      <div class="actions">
        <button type="button" class="primary" @click=${() => this.answer(YES)}>${this.text(this.prompt.ok)}</button>
        <button type="button" @click=${() => this.answer(NO)}>${this.text(this.prompt.cancel)}</button>
      </div>
    </div>`;
  }
}
