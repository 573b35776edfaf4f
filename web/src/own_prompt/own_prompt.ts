/** A study's own prompt: its frame, and a way on where that does not work. */
import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fetchWhole } from "../boot/fetch_retry.js";
import { giveAnswer } from "../elements/answer.js";
import { PageElement } from "../elements/page_element.js";
import { problem } from "../elements/parts.js";
import type { PropsUIPromptCustom, Text } from "../protocol/types.gen.js";
import { shared } from "../style/shared.js";
import { brokenSentence } from "./broken.js";
import { declaredPayload } from "./declared_answer.js";
import { frameDocument } from "./frame_document.js";
import { type OwnModules, ownModulesContext } from "./modules.js";
import { type Broken, PromptFrame } from "./prompt_frame.js";
import insideUrl from "./prompt_inside.ts?worker&url";
import { sharedStyle, themeAt } from "./theme.js";

/** The most height that the page gives it, in pixels; what is higher scrolls inside. */
const HIGHEST = 4_000;
/** After this long without an answer, in milliseconds, the page offers to go on without one. */
const LONG = 60_000;
/** With these it may still be answered. */
const STILL_USABLE: readonly Broken["failure"][] = ["threw", "unfit"];

@customElement("sidestage-own-prompt")
export class SidestageOwnPrompt extends PageElement {
  static override styles = [
    shared,
    css`
      /* The frame leaves room around its contents, for the lines that show where the keyboard is. */
      iframe {
        display: block;
        width: calc(100% + 10px);
        margin: -5px;
        border: 0;
        color-scheme: inherit;
      }
    `,
  ];

  @property({ attribute: false }) prompt!: PropsUIPromptCustom;

  @consume({ context: ownModulesContext })
  private modules!: OwnModules;

  /** The document of the frame, once it can be made. */
  @state() private document = "";
  @state() private height = 0;
  @state() private broken: Broken | null = null;
  /** There has been no answer for long. */
  @state() private late = false;
  @query("iframe") private element!: HTMLIFrameElement;

  /** The text of the study's module. */
  private module = "";
  private frame: PromptFrame | null = null;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");

  override connectedCallback(): void {
    super.connectedCallback();
    this.dark.addEventListener("change", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dark.removeEventListener("change", this.#look);
    this.#end();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("prompt")) void this.#begin();
  }

  protected override render(): TemplateResult {
    const { broken, words } = this;
    return html`<div class="stack">
      ${this.document ? this.#drawFrame() : nothing}
      ${broken ? this.#drawBroken(broken) : nothing}
      ${this.late && !broken ? html`<p class="muted small">${words.ownLate}</p>` : nothing}
      ${this.late || broken ? this.#drawWays() : nothing}
    </div>`;
  }

  #drawFrame(): TemplateResult {
    return html`<iframe
      sandbox="allow-scripts"
      title=${this.#title()}
      style="height: ${this.height}px"
      srcdoc=${this.document}
      @load=${this.#loaded}
    ></iframe>`;
  }

  #drawBroken(broken: Broken): TemplateResult {
    const details = [this.#sentence(broken), broken.message].filter(Boolean).join("\n");
    return html`${problem(this.words.ownBroken)}
      <pre tabindex="0" role="region" aria-label=${this.words.details}>${details}</pre>`;
  }

  #drawWays(): TemplateResult {
    const { words } = this;
    return html`<div class="actions">
      ${
        this.broken?.failure === "unreachable"
          ? html`<button type="button" class="primary" @click=${this.#begin}>${words.tryAgain}</button>`
          : nothing
      }
      <button type="button" @click=${this.#goOn}>${words.goOnWithout}</button>
    </div>`;
  }

  /** What a screen reader calls the frame: the first of its texts. */
  #title(): string {
    const { fields, texts } = this.prompt;
    const first = texts.find((name) => fields[name]);
    return (first && this.text(fields[first] as Text)) || this.words.ownPrompt;
  }

  /** Fetch what the frame needs, and make its document. */
  #begin = async () => {
    this.#end();
    this.broken = null;
    const { prompt } = this;
    const module = this.modules.get(prompt.name);
    if (!module) {
      this.#breaks({ failure: "missing" });
      return;
    }
    try {
      const [inside, text] = await Promise.all([insideText(), module.text()]);
      const made = await frameDocument(inside);
      if (prompt !== this.prompt || !this.isConnected) return;
      this.module = text;
      this.document = made;
    } catch {
      this.#breaks({ failure: "unreachable" });
    }
  };

  /** The frame's document is there. */
  #loaded = () => {
    // Another load is for the frame's own listener.
    if (this.frame) return;
    const { fields, texts, name } = this.prompt;
    const read = texts.map((text) => [text, this.text(fields[text] as Text)]);
    const drawing = {
      module: this.module,
      element: this.modules.get(name)?.element ?? "",
      fields: { ...fields, ...Object.fromEntries(read) },
      locale: this.locale,
      theme: themeAt(this),
      style: sharedStyle,
    };
    this.frame = new PromptFrame(this.element, drawing, {
      drawn: () => {
        this.waiting = setTimeout(() => {
          this.late = true;
        }, LONG);
      },
      height: (pixels) => {
        this.height = Math.min(Math.max(0, Math.ceil(pixels)), HIGHEST);
      },
      answer: (json) => this.#answer(json),
      broken: (broken) => this.#breaks(broken),
    });
  };

  #answer(json: unknown): void {
    const payload = declaredPayload(json, this.prompt.answers);
    if (!payload) {
      this.#breaks({ failure: "unfit" });
      return;
    }
    // The first answer counts.
    this.#close();
    giveAnswer(this, payload);
  }

  #breaks(broken: Broken): void {
    this.broken = broken;
    if (!STILL_USABLE.includes(broken.failure)) this.#end();
  }

  /** Leave the prompt as it is; the script learns why. */
  #goOn = () => {
    this.#close();
    giveAnswer(this, { __type__: "PayloadError", value: this.#sentence(this.broken ?? { failure: "unanswered" }) });
  };

  #sentence(broken: Broken): string {
    const { name } = this.prompt;
    return brokenSentence(name, this.modules.get(name)?.element ?? "", broken);
  }

  #look = () => this.frame?.look(themeAt(this));

  /** Hear nothing more of the frame. */
  #close(): void {
    clearTimeout(this.waiting);
    this.frame?.close();
  }

  /** Take the frame away. */
  #end(): void {
    this.#close();
    this.frame = null;
    this.document = "";
    this.height = 0;
    this.late = false;
  }
}

let inside: Promise<string> | null = null;

/** The text of the frame's own script; what could not be fetched is asked for again. */
function insideText(): Promise<string> {
  inside ??= fetchWhole(new URL(insideUrl, import.meta.url), async (response) => {
    if (!response.ok) throw new Error(`the frame's script was answered with ${response.status}`);
    return response.text();
  });
  inside.catch(() => {
    inside = null;
  });
  return inside;
}
