/** Something did not work; one button to go on. */
import { html } from "lit";
import { YES } from "../elements/answer.js";
import { paragraphs } from "../elements/parts.js";
import type { PropsUIPromptRetry } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptRetry")
export class SidestageRetry extends PromptElement<PropsUIPromptRetry> {
  protected override render() {
    return html`<div class="stack">
      ${paragraphs(this.text(this.prompt.text))}
      <div class="actions">
        <button type="button" class="primary" dir="auto" @click=${() => this.answer(YES)}>
          ${this.drawn(this.prompt.ok) || this.words.tryAgain}
        </button>
      </div>
    </div>`;
  }
}
