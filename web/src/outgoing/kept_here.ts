/** What this browser keeps for a later visit, and a button that clears it. */
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { clearCachedStarts } from "../boot/start_cache.js";
import { PageElement } from "../elements/page_element.js";
import { forgetOffline } from "../site/offline.js";
import { shared } from "../style/shared.js";

@customElement("sidestage-kept-here")
export class SidestageKeptHere extends PageElement {
  static override styles = [shared];

  @state() private outcome: "cleared" | "failed" | null = null;

  protected override render() {
    const { words, outcome } = this;
    const said = outcome && (outcome === "cleared" ? words.keptCleared : words.keptNotCleared);
    return html`<p>${words.keptWhat}</p>
      <button type="button" class="small" @click=${this.#clear}>${words.clearKept}</button>
      <p role="status">${said ?? nothing}</p>`;
  }

  #clear = async () => {
    this.outcome = null;
    try {
      await Promise.all([clearCachedStarts(), forgetOffline()]);
      this.outcome = "cleared";
    } catch {
      this.outcome = "failed";
    }
  };
}
