/** The page itself has something to say, and a way on: a failed load, a crash, a donation that could not be sent. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import { paragraphs } from "../elements/parts.js";

@customElement("sidestage-message-page")
export class SidestageMessagePage extends PageElement {
  @property() heading = "";
  /** What happened, and what to do. */
  @property({ attribute: false }) sentences: readonly string[] = [];
  /** What a person who can repair it needs to know. */
  @property() details = "";
  /** The names of the buttons; the first is the one that most will want. */
  @property({ attribute: false }) choices: readonly string[] = [];

  protected override render() {
    return html`<div class="stack">
      <h1 tabindex="-1" dir="auto">${drawn(this.heading)}</h1>
      <div class="tight">${this.sentences.map((sentence) => paragraphs(sentence))}</div>
      ${this.details ? this.#details() : nothing}
      <div class="actions">
        ${this.choices.map(
          (name, index) => html`<button
            type="button"
            class=${index === 0 ? "primary" : ""}
            @click=${() => this.dispatchEvent(new CustomEvent("choose", { detail: index }))}
          >
            ${name}
          </button>`,
        )}
      </div>
    </div>`;
  }

  #details() {
    return html`<div class="tight">
      <p class="muted small" id="details">${this.words.details}</p>
      <pre tabindex="0" role="region" aria-labelledby="details" style="white-space: pre-wrap; overflow-wrap: anywhere">${drawn(this.details)}</pre>
    </div>`;
  }
}
