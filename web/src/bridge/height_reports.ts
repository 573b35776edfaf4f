/**
 * Tells a host how high the page is, so that its frame can follow. What a script shows decides the height, and a host may
 * be any page, so heights are rounded, rare, and few until the participant does something: nothing can be spelled with them.
 */

/** Heights are rounded up to multiples of so many CSS pixels, */
const STEP = 50;
/** and a page is told to be no higher than this. */
const HIGHEST = 20_000;
/** Milliseconds from one message to the next. */
const PAUSE = 500;
/** Messages until the participant does something, or is asked something. */
const FEW = 3;

export class HeightReports {
  #wanted = 0;
  #told = 0;
  #left = FEW;
  #lastAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tell: ((height: number) => void) | null = null;

  /** The host has started the page: from now on, it is told. */
  start(tell: (height: number) => void): void {
    this.#tell = tell;
    this.#next();
  }

  /** The page has this height now. */
  measured(height: number): void {
    this.#wanted = Math.min(Math.ceil(height / STEP) * STEP, HIGHEST);
    this.#next();
  }

  /** The participant has done something, or something is shown that waits for them. */
  renew(): void {
    this.#left = FEW;
    this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#tell = null;
  }

  #next(): void {
    clearTimeout(this.#timer);
    if (!this.#tell || this.#left === 0 || this.#wanted === this.#told) return;
    const wait = this.#lastAt + PAUSE - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#next(), wait);
      return;
    }
    this.#left -= 1;
    this.#lastAt = performance.now();
    this.#told = this.#wanted;
    this.#tell(this.#told);
  }
}

/** Report an element's height to the host around this page, once it has started the page; ends the reports when stopped. */
export function reportHeight(element: Element, reports: HeightReports): () => void {
  const observer = new ResizeObserver(() => reports.measured(element.getBoundingClientRect().height));
  const act = ({ isTrusted }: Event) => isTrusted && reports.renew();
  for (const type of ACTS) window.addEventListener(type, act, true);
  observer.observe(element);
  return () => {
    for (const type of ACTS) window.removeEventListener(type, act, true);
    observer.disconnect();
    reports.stop();
  };
}

/** What a participant does. */
const ACTS = ["pointerdown", "keydown"];
