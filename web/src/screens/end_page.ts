/** The last page: whether all is done, and that the page can be closed. */
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { PageElement } from "../elements/page_element.js";
import { icon } from "../elements/parts.js";
import { shared } from "../style/shared.js";

@customElement("sidestage-end-page")
export class SidestageEndPage extends PageElement {
  static override styles = [
    shared,
    css`
      .badge {
        display: grid;
        place-items: center;
        width: 3.5rem;
        height: 3.5rem;
        border-radius: 50%;
        background: var(--accent-soft);
        color: var(--accent);
      }
    `,
  ];

  /** Whether the participant came to the end as the study meant it. */
  @property({ type: Boolean }) complete = true;

  protected override render() {
    return html`<div class="stack">
      ${this.complete ? html`<div class="badge">${icon("check", 30)}</div>` : nothing}
      <h1 tabindex="-1">${this.complete ? this.words.endTitle : this.words.endedTitle}</h1>
      <p>${this.complete ? this.words.endText : this.words.endedText}</p>
    </div>`;
  }
}
