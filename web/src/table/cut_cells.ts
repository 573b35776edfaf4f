/** Cells that hold more than fits: how much of each is not shown, told at its visible end. */
import { html, type TemplateResult } from "lit";
import { drawn } from "../elements/drawn_text.js";
import { formatCount } from "../words/texts.js";

/** Characters of a cell that are drawn at most; the row in full shows all. */
const DRAWN_CHARACTERS = 300;
/** What may be wider than the digit that columns are measured in. */
const WIDE = /[^\x20-\x7e]|[MWmw@%]/;

/** The text of a cell. Where it may be too long for its column, there is a place beside it for how much is not shown. */
export function cellContent(text: string, characters: number): TemplateResult | TemplateResult[] | string {
  const room = WIDE.test(text) ? characters / 2 : characters;
  if (text.length <= room) return drawn(text);
  const start = beginning(text);
  return html`<div class="long" data-length=${text.length} data-drawn=${start.length}>
    <span class="start">${drawn(start)}</span><span class="more muted small"></span>
  </div>`;
}

/** What is drawn of a text. No character is cut in half, nor a picture that is made of several. */
function beginning(text: string): string {
  if (text.length <= DRAWN_CHARACTERS) return text;
  return text.slice(0, DRAWN_CHARACTERS).replace(/(?:[\ud800-\udbff]|\u200d|\s)+$/, "");
}

/** Tells at each long cell how much of it is not shown, once the browser has laid it out. */
export class CutCells {
  /** What was measured at each cell: its text, and how wide the table was. */
  readonly #measured = new WeakMap<Element, string>();

  /** Look at the cells that are new or may have another width. ``words`` makes a tooltip of a number. */
  tell(root: ParentNode, width: number, locale: string, words: (shown: string) => string): void {
    const fresh = [...root.querySelectorAll<HTMLElement>(".long")].filter((cell) => {
      const state = `${width} ${cell.dataset.length} ${cell.firstElementChild?.textContent}`;
      if (this.#measured.get(cell) === state) return false;
      this.#measured.set(cell, state);
      return true;
    });
    const cells = fresh.map((cell) => {
      const [start, more] = cell.children as unknown as [HTMLElement, HTMLElement];
      // As wide as it can become, so that it takes its room before anything is measured.
      more.textContent = `+${formatCount(Number(cell.dataset.length), locale)}`;
      return { start, more, total: Number(cell.dataset.length), drawn: Number(cell.dataset.drawn) };
    });
    const found = cells.map((cell) => ({ ...cell, hidden: notShown(cell) }));
    for (const { more, hidden } of found) {
      const shown = formatCount(hidden, locale);
      more.textContent = hidden ? `+${shown}` : "";
      more.title = hidden ? words(shown) : "";
    }
  }
}

interface LaidOut {
  start: HTMLElement;
  more: HTMLElement;
  total: number;
  drawn: number;
}

/** How many characters are not shown: what is not drawn, and the share of the rest that has no room. */
function notShown({ start, more, total, drawn }: LaidOut): number {
  const wanted = start.scrollWidth;
  if (drawn === total && wanted <= start.clientWidth + more.offsetWidth) return 0;
  const inSight = Math.min(1, start.clientWidth / Math.max(1, wanted));
  return Math.max(1, total - Math.floor(drawn * inSight));
}
