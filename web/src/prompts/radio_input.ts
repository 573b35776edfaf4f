/** One of several answers; there is no going on without a choice. */
import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { paragraphs, problem } from "../elements/parts.js";
import { unseenLine } from "../elements/unseen_line.js";
import type { PropsUIPromptRadioInput } from "../protocol/types.gen.js";
import { shared } from "../style/shared.js";
import { firstLanguage } from "../words/texts.js";
import { countUnseen } from "../words/unseen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptRadioInput")
export class SidestageRadioInput extends PromptElement<PropsUIPromptRadioInput> {
  static override styles = [
    shared,
    css`
      fieldset {
        border: 0;
        min-width: 0;
        max-width: var(--text-width);
      }

      legend {
        padding: 0;
        margin-bottom: 0.75rem;
        font-size: 1.2rem;
        font-weight: 650;
      }

      .explanation {
        margin-bottom: 0.75rem;
      }

      label {
        display: flex;
        align-items: center;
        gap: 0.85rem;
        min-height: 3rem;
        padding: 0.6rem 1rem;
        border: 1px solid var(--field-line);
        border-radius: 0.6rem;
        cursor: pointer;
        overflow-wrap: anywhere;
        transition:
          background-color 120ms,
          border-color 120ms;
      }

      label + label {
        margin-top: 0.5rem;
      }

      label:hover {
        border-color: var(--accent);
      }

      label:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
        box-shadow: inset 0 0 0 1px var(--accent);
      }

      label:has(:focus-visible) {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }

      input {
        flex: none;
        width: 1.25rem;
        height: 1.25rem;
        margin: 0;
        accent-color: var(--accent);
      }

      input:focus-visible {
        outline: none;
      }
    `,
  ];

  @state() private problem = "";

  protected override render() {
    const description = this.text(this.prompt.description);
    return html`<form class="stack" novalidate @submit=${this.#submit}>
      <fieldset aria-describedby=${description ? "explanation problem" : "problem"}>
        <legend dir="auto">${this.drawn(this.prompt.title)}</legend>
        ${description ? html`<div class="explanation tight" id="explanation">${paragraphs(description)}</div>` : nothing}
        ${this.prompt.items.map(
          (item, position) => html`<label>
            <input type="radio" name="answer" value=${position} required @change=${this.#chosen} />
            <span dir="auto">${this.drawn(item.value)}</span>
          </label>`,
        )}
        ${unseenLine(this.#unseen())}
      </fieldset>
      ${problem(this.problem)}
      <div class="actions"><button type="submit" class="primary">${this.words.continue}</button></div>
    </form>`;
  }

  /** Characters of the question and its answers that are not seen; the description counts its own. */
  #unseen(): number {
    const texts = [this.prompt.title, ...this.prompt.items.map((item) => item.value)];
    return texts.reduce((sum, text) => sum + countUnseen(this.text(text)), 0);
  }

  #chosen = () => {
    this.problem = "";
  };

  #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = this.renderRoot.querySelector<HTMLInputElement>("input:checked");
    const item = chosen && this.prompt.items[Number(chosen.value)];
    if (!item) {
      this.problem = this.words.chooseAnswer;
      this.renderRoot.querySelector("input")?.focus();
      return;
    }
    this.answer({ __type__: "PayloadString", value: firstLanguage(item.value) });
  };
}
