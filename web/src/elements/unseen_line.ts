/** The line that says how many characters of what stands beside it are not seen. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatCount } from "../words/texts.js";
import { PageElement } from "./page_element.js";

/** The line; nothing where all are seen. */
export function unseenLine(count: number): TemplateResult | typeof nothing {
  return count ? html`<sidestage-unseen-line .count=${count}></sidestage-unseen-line>` : nothing;
}

@customElement("sidestage-unseen-line")
export class SidestageUnseenLine extends PageElement {
  /** How many. */
  @property({ attribute: false }) count = 0;

  protected override render() {
    return html`<p class="muted small">${this.words.unseen(this.count, formatCount(this.count, this.locale))}</p>`;
  }
}
