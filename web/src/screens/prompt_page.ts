/** A page of prompts: its heading, every prompt below it, and one answer: the first that one of them gives. */
import { provide } from "@lit/context";
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { html as htmlWithTag, unsafeStatic } from "lit/static-html.js";
import { type AnswerEvent, giveAnswer, NOTHING, YES } from "../elements/answer.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import { PageScope, pageScopeContext } from "../elements/page_scope.js";
import { isAnswered, promptsOf } from "../prompts/page_kind.js";
import { drawing, promptsToDraw } from "../prompts/registry.js";
import type { Prompt, PropsUIPageDataSubmission } from "../protocol/types.gen.js";

@customElement("sidestage-page")
export class SidestagePage extends PageElement {
  @property({ attribute: false }) page!: PropsUIPageDataSubmission;
  /** Stands above the page where the script gives no title. */
  @property() heading = "";

  @provide({ context: pageScopeContext })
  protected scope = new PageScope();

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("page") && isAnswered(this.page) === "at once") giveAnswer(this, YES);
  }

  protected override render() {
    return html`<div class="stack" style="gap: 2rem">
      <h1 tabindex="-1" dir="auto">${drawn(this.text(this.page.header?.title) || this.heading)}</h1>
      ${promptsToDraw(this.page).map((prompt) => this.#prompt(prompt))}
      ${isAnswered(this.page) === "by going on" ? this.#continue() : nothing}
    </div>`;
  }

  #prompt(prompt: Prompt): TemplateResult {
    const tag = unsafeStatic(drawing(prompt).tag);
    return htmlWithTag`<${tag} .prompt=${prompt} @answer=${this.#answered}></${tag}>`;
  }

  #answered = (event: AnswerEvent) => giveAnswer(this, event.detail);

  #continue(): TemplateResult {
    const named = promptsOf(this.page).map((prompt) => ("button" in prompt ? this.text(prompt.button) : ""));
    return html`<div class="actions">
      <button type="button" class="primary" dir="auto" @click=${() => giveAnswer(this, NOTHING)}>
        ${drawn(named.filter(Boolean).at(-1) ?? this.words.continue)}
      </button>
    </div>`;
  }
}
