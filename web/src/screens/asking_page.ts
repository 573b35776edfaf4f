/** The page itself asks: the script wants to send something that the participant was not asked about yet. */
import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { MeantClick } from "../elements/meant_click.js";
import { PageElement } from "../elements/page_element.js";
import "../outgoing/content_view.js";
import type { SidestageContentView } from "../outgoing/content_view.js";
import { shared } from "../style/shared.js";

@customElement("sidestage-asking-page")
export class SidestageAskingPage extends PageElement {
  static override styles = [
    shared,
    css`
      .from-page {
        padding: 0.75rem 1rem;
        border-left: 4px solid var(--accent);
        border-radius: 0.25rem 0.6rem 0.6rem 0.25rem;
        background: var(--accent-soft);
      }

      .name {
        font-family: var(--mono);
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** The name that the script gives it. */
  @property() name = "";
  /** The bytes that would be sent. */
  @property({ attribute: false }) content!: Blob;
  /** Where they would go, in words. */
  @property() destination = "";

  @query("sidestage-content-view") private view!: SidestageContentView;
  private readonly clicks = new MeantClick(this);

  protected override render() {
    const { words } = this;
    return html`<div class="stack">
      <h1 tabindex="-1">${words.askTitle}</h1>
      <div class="tight">
        <p>${words.askText}</p>
        <p class="from-page small">${words.askFromPage}</p>
      </div>
      <div class="tight">
        <p>${words.askName}: <span class="name" dir="auto">${drawn(this.name)}</span></p>
        <sidestage-content-view
          .content=${this.content}
          .name=${this.name}
        ></sidestage-content-view>
        <p class="muted small">${this.destination}</p>
      </div>
      <div class="actions">
        <button
          type="button"
          data-agrees
          data-settling
          aria-disabled=${this.clicks.isLive ? nothing : "true"}
          @click=${this.clicks.when(this.#send)}
        >
          ${words.send}
        </button>
        <button type="button" @click=${() => this.#decide(false)}>${words.doNotSend}</button>
      </div>
      ${this.clicks.told(words)}
    </div>`;
  }

  /** What is not shown cannot be agreed to. */
  #send = () => {
    if (this.view.isShown) this.#decide(true);
  };

  #decide(send: boolean): void {
    this.dispatchEvent(new CustomEvent<boolean>("decide", { detail: send }));
  }
}
