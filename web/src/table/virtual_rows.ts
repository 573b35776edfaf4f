/**
 * Which rows of a long table are drawn: those in sight, a few around them, and the one that has the focus. All rows have
 * the same height.
 */
import { observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Firefox draws nothing below some 17 million pixels; a longer table scrolls in proportion instead. */
const TALLEST = 15_000_000;
/** Rows drawn beyond what is in sight, so that a quick scroll shows no gap. */
const OVERSCAN = 6;
const FIRST_RECT = { width: 800, height: 480 };

/** Something to draw, in order: a row by its index, or the space of rows that are not drawn. */
export type Entry = { key: string; index: number } | { key: string; space: number };

export class VirtualRows implements ReactiveController {
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #count = 0;
  #rowHeight = 44;
  #headHeight = 0;
  #kept = 0;
  #unmount: (() => void) | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly scroller: () => HTMLElement | null,
  ) {
    host.addController(this);
    this.#virtualizer = new Virtualizer(this.#options());
  }

  /** Say how many rows there are, how high a row and the head are, and which row is to be drawn in any case. */
  set(count: number, rowHeight: number, headHeight: number, kept: number): void {
    const height = this.#rowHeight;
    this.#count = count;
    this.#rowHeight = rowHeight;
    this.#headHeight = headHeight;
    this.#kept = kept;
    this.#virtualizer.setOptions(this.#options());
    if (height !== rowHeight) this.#virtualizer.measure();
  }

  hostConnected(): void {
    this.#unmount = this.#virtualizer._didMount();
  }

  hostUpdated(): void {
    this.#virtualizer._willUpdate();
  }

  hostDisconnected(): void {
    this.#unmount?.();
    this.#unmount = null;
  }

  /** How many rows are in sight at once. */
  get rowsInSight(): number {
    return Math.max(1, Math.floor(this.#sight() / this.#rowHeight));
  }

  /** What to draw, and by how much to shift it up. */
  entries(): { entries: Entry[]; shift: number } {
    const drawn = this.#virtualizer.getVirtualItems();
    const height = this.#height();
    const moved = this.#scrollTop() - this.#offset(this.#scrollTop());
    const from = (this.#virtualizer.range?.startIndex ?? 0) - OVERSCAN;
    const first = drawn.find((item) => item.index >= from);
    const shift = Math.min(0, (first?.start ?? 0) + moved);
    const entries: Entry[] = [];
    let at = shift;
    let spaces = 0;
    const space = (until: number) => {
      if (until - at >= 1) entries.push({ key: `space${spaces++}`, space: until - at });
    };
    for (const item of drawn) {
      // The row that has the focus may be far from those in sight; then it waits at the edge.
      const start = Math.max(at, Math.min(item.start + moved, height - this.#rowHeight));
      space(start);
      entries.push({ key: `row${item.index}`, index: item.index });
      at = start + this.#rowHeight;
    }
    space(height);
    return { entries, shift };
  }

  /** Scroll no further than needed to bring a row in sight. */
  reveal(index: number): void {
    const element = this.scroller();
    if (!element) return;
    const offset = this.#offset(element.scrollTop);
    const start = index * this.#rowHeight;
    if (start < offset) element.scrollTop = start / this.#scale();
    else if (start + this.#rowHeight > offset + this.#sight()) {
      element.scrollTop = Math.ceil((start + this.#rowHeight - this.#sight()) / this.#scale());
    }
  }

  /** Back to the first row. */
  toStart(): void {
    this.scroller()?.scrollTo({ top: 0 });
  }

  #options() {
    return {
      count: this.#count,
      estimateSize: () => this.#rowHeight,
      overscan: OVERSCAN,
      initialRect: FIRST_RECT,
      getScrollElement: this.scroller,
      observeElementRect,
      observeElementOffset: (
        instance: Virtualizer<HTMLElement, HTMLElement>,
        tell: (offset: number, scrolling: boolean) => void,
      ) => observeElementOffset(instance, (top, scrolling) => tell(this.#offset(top), scrolling)),
      scrollToFn: () => {
        // Rows have one height, so nothing ever moves by itself; ``reveal`` scrolls.
      },
      rangeExtractor: ({ startIndex, endIndex, count }: { startIndex: number; endIndex: number; count: number }) => {
        const from = Math.max(0, startIndex - OVERSCAN);
        const to = Math.min(count - 1, endIndex + OVERSCAN);
        const indexes = Array.from({ length: to - from + 1 }, (_, place) => from + place);
        if (this.#kept < from) indexes.unshift(this.#kept);
        if (this.#kept > to && this.#kept < count) indexes.push(this.#kept);
        return indexes;
      },
      onChange: () => this.host.requestUpdate(),
    };
  }

  #scrollTop(): number {
    return this.scroller()?.scrollTop ?? 0;
  }

  /** The height of the rows' part of the page. */
  #height(): number {
    return Math.min(this.#count * this.#rowHeight, TALLEST);
  }

  /** The height of the window on the rows. */
  #sight(): number {
    return Math.max(this.#rowHeight, (this.scroller()?.clientHeight ?? FIRST_RECT.height) - this.#headHeight);
  }

  /** Pixels of the whole table per pixel that is scrolled. */
  #scale(): number {
    const total = this.#count * this.#rowHeight;
    return total <= TALLEST ? 1 : (total - this.#sight()) / (TALLEST - this.#sight());
  }

  #offset(scrollTop: number): number {
    return scrollTop * this.#scale();
  }
}
