/** A donation as a file to save, where nobody is there to send it to. */
import { html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import { icon } from "../elements/parts.js";

@customElement("sidestage-save-page")
export class SidestageSavePage extends PageElement {
  @property({ attribute: false }) file!: File;
  @state() private saved = false;
  private address = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.address = URL.createObjectURL(this.file);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    URL.revokeObjectURL(this.address);
  }

  protected override render() {
    return html`<div class="stack">
      <h1 tabindex="-1">${this.words.saveDonation}</h1>
      <p>${this.words.saveDonationHelp}</p>
      <div class="actions">
        <a class=${this.saved ? "button" : "button primary"} href=${this.address} download=${this.file.name} @click=${this.#save}>
          ${icon("file")}${drawn(this.words.saveFile(this.file.name))}
        </a>
        ${this.saved ? html`<button type="button" class="primary" @click=${() => this.#continue()}>${this.words.continue}</button>` : ""}
      </div>
    </div>`;
  }

  #continue(): void {
    this.dispatchEvent(new CustomEvent("saved"));
  }

  #save = () => {
    this.saved = true;
  };
}
