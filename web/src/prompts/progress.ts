/** How far Python is. The page answers for it at once; it stays while Python works. */
import { html, nothing } from "lit";
import { paragraphs } from "../elements/parts.js";
import type { PropsUIPromptProgress } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptProgress")
export class SidestageProgress extends PromptElement<PropsUIPromptProgress> {
  protected override render() {
    const { percentage } = this.prompt;
    const known = typeof percentage === "number";
    return html`<div class="stack">
      ${paragraphs(this.text(this.prompt.description))}
      <div class="tight">
        <p id="message" dir="auto" aria-live="polite">${this.drawn(this.prompt.message) || this.words.oneMoment}</p>
        ${
          known
            ? html`<progress max="100" value=${Math.min(Math.max(percentage, 0), 100)} aria-labelledby="message"></progress>`
            : html`<progress aria-labelledby="message"></progress>`
        }
        ${known ? html`<p class="muted small" aria-hidden="true">${Math.round(percentage)} %</p>` : nothing}
      </div>
    </div>`;
  }
}
