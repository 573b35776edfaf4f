/** What the page is doing before the first prompt: the stage in words, and a bar that moves; once it takes a while. */
import { html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import type { ProgressReport } from "../protocol/types.gen.js";

/** The stages: those of the engine, and what the page does before and after it. */
export type LoadingStage = ProgressReport["stage"] | "study" | "host";

/**
 * What takes less than this, in milliseconds, shows no stages: whoever comes a second time would see a bar flash by, and
 * drawing it takes time from the start.
 */
const QUIET = 600;

@customElement("sidestage-loading-page")
export class SidestageLoadingPage extends PageElement {
  @property() heading = "";
  @property() stage: LoadingStage = "study";
  /** From 0 to 100. */
  @property({ type: Number }) value = 0;

  @state() private quiet = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setTimeout(() => {
      this.quiet = false;
    }, QUIET);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render() {
    const { quiet, words } = this;
    return html`<div class="stack">
      <h1 tabindex="-1" dir="auto">${drawn(this.heading) || words.gettingReady}</h1>
      <div class="tight">
        <p class="muted" id="stage" aria-live="polite">${quiet ? words.starting : this.#stageInWords()}</p>
        ${
          quiet
            ? html`<div style="height: 0.6rem"></div>`
            : html`<progress max="100" value=${Math.max(2, this.value)} aria-labelledby="stage"></progress>`
        }
      </div>
    </div>`;
  }

  #stageInWords(): string {
    const { words } = this;
    const sentences: Record<LoadingStage, string> = {
      study: words.stageStudy,
      download: words.stageDownload,
      start: words.stageStart,
      packages: words.stagePackages,
      ready: words.stageReady,
      host: words.waitingForHost,
    };
    return sentences[this.stage] ?? words.oneMoment;
  }
}
