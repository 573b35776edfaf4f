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
        <button type="button" class="primary" dir="auto" @click=${() => this.answer(YES)}>
          ${this.drawn(this.prompt.ok)}
        </button>
        <button type="button" dir="auto" @click=${() => this.answer(NO)}>${this.drawn(this.prompt.cancel)}</button>
      </div>
    </div>`;
  }
}
