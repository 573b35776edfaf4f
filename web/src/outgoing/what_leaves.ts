/** What leaves this page: a quiet button at its foot, and behind it what may leave and every item that was sent. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import { icon } from "../elements/parts.js";
import { shared } from "../style/shared.js";
import type { Words } from "../words/texts.js";
import { allGoes } from "./destination.js";
import "./kept_here.js";
import "./sent_item.js";
import { sheet } from "../style/sheet.js";
import type { Destination } from "./destination.js";
import type { SentRecord } from "./sent_record.js";
import type { Declarations } from "./session_data.js";
import { whatLeavesStyle } from "./what_leaves_style.js";

@customElement("sidestage-what-leaves")
export class SidestageWhatLeaves extends PageElement {
  static override styles = [shared, sheet, whatLeavesStyle];

  @property({ attribute: false }) record!: SentRecord;
  /** What the study declares as data about the session. */
  @property({ attribute: false }) declarations: Declarations = {};
  /** Where things go; null as long as nothing is connected. */
  @property({ attribute: false }) destination: Destination | null = null;
  /** In the frame of a host, which is as high as the page: the dialog then stands where its button is. */
  @property({ type: Boolean, reflect: true }) framed = false;

  @state() private open = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.record.removeEventListener("change", this.#changed);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.record.addEventListener("change", this.#changed);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("record")) return;
    changed.get("record")?.removeEventListener("change", this.#changed);
    this.record.addEventListener("change", this.#changed);
  }

  protected override render() {
    const { words } = this;
    return html`<button type="button" class="quiet" aria-haspopup="dialog" @click=${this.#show}>
        ${icon("leave", 18)}${words.whatLeaves}
      </button>
      <dialog aria-labelledby="heading" @close=${this.#closed} @click=${this.#clicked}>
        ${this.open ? this.#contents(words) : nothing}
      </dialog>`;
  }

  #contents(own: Words): TemplateResult {
    return html`<div class="head">
        <h2 id="heading" tabindex="-1">${own.whatLeaves}</h2>
        <button type="button" class="icon" aria-label=${own.close} @click=${() => this.dialog.close()}>
          ${icon("cross")}
        </button>
      </div>
      <div class="inside" tabindex="0" role="group" aria-labelledby="heading">
        <section class="tight" aria-labelledby="may">
          <h3 id="may">${own.mayLeave}</h3>
          <p>${own.mayNothingElse} ${this.destination ? allGoes(this.destination, own) : nothing}</p>
          <p>${own.mayAgreed}</p>
          <ul>
            <li>${own.mayTables}</li>
            <li>${own.mayAsked}</li>
          </ul>
          <p>${own.mayUnasked}</p>
          <ul>
            ${Object.entries(this.declarations).map(([key, what]) => this.#declared(key, this.text(what)))}
            <li>${own.mayPage}</li>
          </ul>
        </section>
        <section class="tight" aria-labelledby="sent">
          <h3 id="sent">${own.sentSoFar}</h3>
          ${this.record.items.length ? this.#items() : html`<p class="empty muted">${own.nothingSent}</p>`}
        </section>
        <section class="tight" aria-labelledby="kept">
          <h3 id="kept">${own.keptHere}</h3>
          <sidestage-kept-here></sidestage-kept-here>
        </section>
      </div>`;
  }

  #declared(key: string, what: string): TemplateResult {
    return html`<li dir="auto">
      ${drawn(what)} <code class="muted">${drawn(key)}</code>
    </li>`;
  }

  #items(): TemplateResult {
    return html`<ol>
      ${this.record.items.map(
        (item) => html`<li>
          <sidestage-sent-item .item=${item} .outcome=${item.outcome} .attempts=${item.attempts}></sidestage-sent-item>
        </li>`,
      )}
    </ol>`;
  }

  #show = async () => {
    this.open = true;
    await this.updateComplete;
    this.dialog.showModal();
    // Not by autofocus, which a browser refuses in a frame of another site.
    this.dialog.querySelector("h2")?.focus();
    this.dispatchEvent(new CustomEvent("toggle", { detail: true }));
  };

  #closed = () => {
    this.open = false;
    this.dispatchEvent(new CustomEvent("toggle", { detail: false }));
  };

  /** The dialog itself is hit only beside its contents: on the backdrop. */
  #clicked = (event: MouseEvent) => {
    if (event.target === this.dialog) this.dialog.close();
  };

  #changed = () => this.requestUpdate();
}
