/** What asking for one file and asking for several have in common: the button, the place to drop, the checks. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { NO } from "../elements/answer.js";
import { drawn } from "../elements/drawn_text.js";
import { icon, paragraphs, problem } from "../elements/parts.js";
import type { Payload, PropsUIPromptFileInput, PropsUIPromptFileInputMultiple } from "../protocol/types.gen.js";
import { shared } from "../style/shared.js";
import { formatSize } from "../words/texts.js";
import { withMarks } from "../words/unseen.js";
import { acceptedKinds, checkFile, offeredKinds, readableKinds } from "./file_check.js";
import { PromptElement } from "./prompt_element.js";

/** Draws the prompt; a subclass says whether it takes several files and what the answer is. */
export abstract class FileChooser extends PromptElement<PropsUIPromptFileInput | PropsUIPromptFileInputMultiple> {
  static override styles = [
    shared,
    css`
      .drop {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 0.75rem 1rem;
        padding: clamp(1.25rem, 5vw, 2.25rem) 1rem;
        border: 2px dashed var(--field-line);
        border-radius: var(--radius);
        background: var(--sunken);
        text-align: center;
        transition:
          background-color 120ms,
          border-color 120ms;
      }

      .drop.over {
        border-color: var(--accent);
        border-style: solid;
        background: var(--accent-soft);
      }

      .drop p {
        color: var(--muted);
      }

      @media (hover: none) and (pointer: coarse) {
        .drop .hint {
          display: none;
        }
      }

      .files {
        display: grid;
        gap: 0.5rem;
        list-style: none;
      }

      .files li {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        padding: 0.5rem 0.5rem 0.5rem 1rem;
        min-height: 3.75rem;
        border: 1px solid var(--accent);
        border-radius: 0.6rem;
        background: var(--accent-soft);
      }

      .files svg {
        flex: none;
        color: var(--accent);
      }

      .name {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }

      .name strong {
        display: block;
        font-weight: 600;
      }
    `,
  ];

  /** Whether several files may be chosen. */
  protected abstract readonly several: boolean;

  @state() protected files: File[] = [];
  @state() private problem = "";
  @state() private over = false;
  @query("input") private input!: HTMLInputElement;

  /** The answer made of the chosen files. */
  protected abstract payload(): Payload;

  override connectedCallback(): void {
    super.connectedCallback();
    // A file dropped beside the field would replace the page, and the flow with it: take it wherever it falls.
    window.addEventListener("dragover", this.#dragOver);
    window.addEventListener("dragleave", this.#dragLeave);
    window.addEventListener("drop", this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("dragover", this.#dragOver);
    window.removeEventListener("dragleave", this.#dragLeave);
    window.removeEventListener("drop", this.#drop);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("prompt")) this.files = [];
  }

  protected override render() {
    const kinds = acceptedKinds(this.prompt.extensions);
    return html`<div class="stack">
      ${paragraphs(this.text(this.prompt.description))}
      <div class=${this.over ? "drop over" : "drop"}>
        <button type="button" class=${this.files.length ? "" : "primary"} aria-describedby="facts" @click=${this.#open}>
          ${icon("upload")}${this.#buttonName()}
        </button>
        <p class="hint">${this.several ? this.words.dropFiles : this.words.dropFile}</p>
        <input
          type="file"
          hidden
          tabindex="-1"
          accept=${offeredKinds(kinds) || nothing}
          ?multiple=${this.several}
          @change=${this.#picked}
        />
      </div>
      <p class="muted small" id="facts">
        ${kinds.length ? `${this.words.accepted(readableKinds(kinds))} · ` : nothing}${this.words.readHere}
      </p>
      <div aria-live="polite" class=${this.files.length ? "" : "unseen"}>${this.#chosen()}</div>
      ${problem(this.problem)}
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-disabled=${this.files.length ? nothing : "true"}
          @click=${this.#continue}
        >
          ${this.words.continue}
        </button>
        <button type="button" @click=${() => this.answer(NO)}>${this.words.skip}</button>
      </div>
    </div>`;
  }

  #buttonName(): string {
    if (this.files.length === 0) return this.several ? this.words.chooseFiles : this.words.chooseFile;
    return this.several ? this.words.chooseMore : this.words.chooseOther;
  }

  #chosen(): TemplateResult | typeof nothing {
    if (this.files.length === 0) return nothing;
    return html`<ul class="files" aria-label=${this.words.chosenFiles}>
      ${this.files.map(
        (file) => html`<li>
          ${icon("file", 24)}
          <span class="name"><strong dir="auto">${drawn(file.name)}</strong><span class="muted small">${formatSize(file.size, this.locale)}</span></span>
          <button
            type="button"
            class="icon"
            aria-label=${this.words.removeFile(withMarks(file.name))}
            @click=${() => this.#remove(file)}
          >
            ${icon("cross")}
          </button>
        </li>`,
      )}
    </ul>`;
  }

  #open = () => this.input.click();

  #picked = () => {
    const files = [...(this.input.files ?? [])];
    // Emptied, so that choosing the same file once more is a change too.
    this.input.value = "";
    void this.#take(files);
  };

  async #take(files: File[]): Promise<void> {
    this.problem = "";
    if (!this.several && files.length > 1) {
      this.problem = this.words.oneFileOnly;
      return;
    }
    const kinds = acceptedKinds(this.prompt.extensions);
    for (const file of files) {
      const wrong = await checkFile(file, kinds);
      if (wrong) this.problem = this.words[wrong](file.name, readableKinds(kinds));
      else this.files = this.several ? [...this.files.filter((other) => !isSame(other, file)), file] : [file];
    }
  }

  #remove(file: File): void {
    this.files = this.files.filter((other) => other !== file);
    this.renderRoot.querySelector("button")?.focus();
  }

  #continue = () => {
    if (this.files.length === 0) this.problem = this.problem || this.words.noFileYet;
    else this.answer(this.payload());
  };

  #dragOver = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.over = true;
  };

  #dragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) this.over = false;
  };

  #drop = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.over = false;
    const folder = [...event.dataTransfer.items].find((item) => item.webkitGetAsEntry?.()?.isDirectory);
    if (folder) this.problem = this.words.aFolder(folder.webkitGetAsEntry()?.name ?? "");
    else void this.#take([...event.dataTransfer.files]);
  };
}

function isSame(one: File, other: File): boolean {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}
