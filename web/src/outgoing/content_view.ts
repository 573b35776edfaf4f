/** Bytes that leave the page, readable to the last one: a box that reads on as it is scrolled, and a file to save. */
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { isLaidOut } from "../elements/laid_out.js";
import { PageElement } from "../elements/page_element.js";
import { icon } from "../elements/parts.js";
import { unseenLine } from "../elements/unseen_line.js";
import { pause } from "../short_tasks.js";
import { shared } from "../style/shared.js";
import { formatSize } from "../words/texts.js";
import { countUnseen } from "../words/unseen.js";
import { fileName } from "./file_name.js";

/** Bytes that are read at once. */
const PIECE = 16_000;
/** Bytes in which what is not seen is counted at once. */
const COUNTED = 250_000;
/** Where a list of objects goes on with the next: there the eye gets a new line, which is not in the bytes. */
const BETWEEN_ROWS = /(\[|\},\s?)(?=\{)/g;
/** Pixels below what is in sight that are kept filled. */
const AHEAD = 1_200;

@customElement("sidestage-content-view")
export class SidestageContentView extends PageElement {
  static override styles = [
    shared,
    css`
      pre {
        max-height: min(18rem, 36vh);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      pre:empty {
        display: none;
      }

      pre > span {
        display: block;
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        align-items: center;
        justify-content: space-between;
      }

      .save {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
        min-height: 2.75rem;
        color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) content!: Blob;
  /** What it is called when it is saved. */
  @property() name = "";

  @state() private pieces: readonly string[] = [];
  @state() private address = "";
  /** Characters of all that is sent that are not seen. */
  @state() private unseen = 0;
  @query("pre") private box!: HTMLElement | null;

  private decoder = new TextDecoder();
  private read = 0;
  /** What was read behind the last place where a line may end. */
  private rest = "";
  private reading = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#begin();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("content")) this.#begin();
  }

  protected override updated(): void {
    void this.#fill();
  }

  protected override render() {
    const { words } = this;
    const name = fileName(this.name);
    return html`<div class="tight">
      <pre tabindex="0" role="region" aria-label=${words.contents} @scroll=${this.#fill}>${this.pieces.map(
        (piece) => html`<span dir="auto">${drawn(piece)}</span>`,
      )}</pre>
      ${unseenLine(this.unseen)}
      <div class="line small">
        <span class="muted">${this.content.size ? formatSize(this.content.size, this.locale) : words.noContents}</span>
        ${this.content.size ? html`<a class="save" href=${this.address} download=${name}>${icon("file", 18)}${words.saveAsFile}</a>` : nothing}
      </div>
    </div>`;
  }

  /** Whether the beginning of it is on the page, and not hidden. */
  get isShown(): boolean {
    return this.content.size === 0 || (this.pieces.length > 0 && this.box !== null && isLaidOut(this.box));
  }

  #begin(): void {
    this.#forget();
    this.address = URL.createObjectURL(this.content);
    this.decoder = new TextDecoder();
    this.pieces = [];
    this.rest = "";
    this.read = 0;
    void this.#count(this.content);
  }

  async #count(content: Blob): Promise<void> {
    this.unseen = 0;
    let unseen = 0;
    let rest = "";
    const decoder = new TextDecoder();
    for (let at = 0; at < content.size; at += COUNTED) {
      const bytes = await content.slice(at, at + COUNTED).arrayBuffer();
      if (content !== this.content || !this.isConnected) return;
      const text = rest + decoder.decode(bytes, { stream: true });
      const cut = lineEnd(text);
      unseen += countUnseen(text.slice(0, cut));
      rest = text.slice(cut);
      await pause();
    }
    this.unseen = unseen + countUnseen(rest);
  }

  #forget(): void {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = "";
  }

  /** Read on until the box is full some way beyond what is in sight. */
  #fill = async () => {
    const { box, content } = this;
    if (!box || this.reading || this.read >= content.size) return;
    if (this.pieces.length && box.scrollHeight - box.scrollTop - box.clientHeight > AHEAD) return;
    this.reading = true;
    const end = Math.min(this.read + PIECE, content.size);
    const bytes = await content.slice(this.read, end).arrayBuffer();
    this.reading = false;
    if (content !== this.content) return;
    this.read = end;
    this.#add(this.decoder.decode(bytes, { stream: end < content.size }), end === content.size);
  };

  /** Show a text up to the last place where a line may end, so that the pieces read as one. */
  #add(text: string, isLast: boolean): void {
    const whole = this.rest + text;
    const cut = isLast ? whole.length : lineEnd(whole);
    this.rest = whole.slice(cut);
    this.pieces = [...this.pieces, whole.slice(0, cut).replace(BETWEEN_ROWS, "$&\n")];
  }
}

/** The last place where a line may end, so that nothing is parted that belongs together; the end where there is none. */
function lineEnd(text: string): number {
  return Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n")) + 1 || text.length;
}
