/** A text to read; it has no answer of its own. */
import { html, nothing } from "lit";
import { paragraphs } from "../elements/parts.js";
import type { PropsUIPromptHelloWorld, PropsUIPromptText } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptText")
export class SidestageText extends PromptElement<PropsUIPromptText | PropsUIPromptHelloWorld> {
  protected override render() {
    const title = "title" in this.prompt ? this.drawn(this.prompt.title) : "";
    return html`<div class="stack">
      ${title ? html`<h2 dir="auto">${title}</h2>` : nothing} ${paragraphs(this.text(this.prompt.text))}
    </div>`;
  }
}
