/**
 * A button that agrees to something. Its click counts if it is meant: the button has stood still for a second, nothing else
 * was just clicked in its place, and it is one click, neither two nor those of a key held down.
 */
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { Words } from "../words/texts.js";
import { isKeyHeld, keyComesUp, listenForPresses, pressesWithin } from "./presses.js";
import { type Place, STEADY_FOR, Steadiness } from "./steadiness.js";

/** How often it is looked where the button is, in milliseconds. */
const LOOK_EVERY = 100;
/** How long a second click is waited for, in milliseconds. */
const SECOND_CLICK = 250;
/** How far below a press a button is put that would lie there, in pixels. */
const CLEAR = 24;
/** Marks the button in the element's template. */
const BUTTON = "[data-agrees]";

export class MeantClick implements ReactiveController {
  /** Whether the button would take a click. Until then it looks as it will, and says ``aria-disabled``. */
  isLive = false;

  readonly #steadiness = new Steadiness();
  readonly #sizes = new ResizeObserver(() => this.#look());
  #looking: ReturnType<typeof setInterval> | undefined;
  /** The click that is one as long as no other follows. */
  #first: ReturnType<typeof setTimeout> | undefined;
  /** Whether the last press on the button came when it was live. */
  #pressedLive = false;
  /** Why the last click was not taken, as the page says it. */
  #why: "clickOnce" | "clickAgain" | null = null;

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    host.addController(this);
  }

  hostConnected(): void {
    listenForPresses();
    this.#looking = setInterval(this.#look, LOOK_EVERY);
    // What grows or shrinks above moves the button, and makes one of these larger or smaller.
    for (const around of surroundings(this.host)) this.#sizes.observe(around);
    document.addEventListener("visibilitychange", this.#look);
    this.host.addEventListener("pointerdown", this.#pressed, { capture: true });
    // Once the page stands, and before it is painted.
    requestAnimationFrame(this.#look);
  }

  hostDisconnected(): void {
    clearInterval(this.#looking);
    this.#sizes.disconnect();
    clearTimeout(this.#first);
    document.removeEventListener("visibilitychange", this.#look);
    this.host.removeEventListener("pointerdown", this.#pressed, { capture: true });
    this.#steadiness.note(null, performance.now());
    this.isLive = false;
  }

  /** A listener for the button's clicks, which agrees by those that are meant. */
  when(agree: () => void): (event: MouseEvent) => Promise<void> {
    return async ({ detail }) => {
      this.#look();
      clearTimeout(this.#first);
      // A key, or a screen reader, gives a click without a count.
      const isSteady = this.isLive && (detail === 0 || (this.#pressedLive && !this.#isInTheWay()));
      if (detail > 1) this.#tell("clickOnce");
      else this.#tell(isSteady ? null : "clickAgain");
      if (!isSteady || detail > 1) return;
      if (detail === 0) await this.#byKey(agree);
      else this.#first = setTimeout(() => this.#once(agree), SECOND_CLICK);
    };
  }

  /** What is said below the buttons to those whose click was not taken. */
  told(words: Words): TemplateResult {
    return html`<p class="small alert" role="status">${this.#why ? words[this.#why] : nothing}</p>`;
  }

  async #byKey(agree: () => void): Promise<void> {
    if (!isKeyHeld() && (await keyComesUp()) && this.host.isConnected) agree();
  }

  /** Whoever has pressed something else since has changed their mind. */
  #once(agree: () => void): void {
    const button = this.#button;
    if (pressesWithin(SECOND_CLICK).every(({ path }) => button && path.includes(button))) agree();
  }

  /** Whether something else was just pressed where the button is now: what lay over it, for one. */
  #isInTheWay(): boolean {
    return this.#button !== null && pressOn(this.#button) !== undefined;
  }

  get #button(): HTMLElement | null {
    return this.host.shadowRoot?.querySelector<HTMLElement>(BUTTON) ?? null;
  }

  #pressed = (event: PointerEvent) => {
    if (!this.#button || !event.composedPath().includes(this.#button)) return;
    this.#look();
    this.#pressedLive = this.isLive;
  };

  #look = () => {
    const button = this.#button;
    const now = performance.now();
    if (button && !this.isLive) keepClear(button);
    this.#steadiness.note(button && !document.hidden ? placeOf(button) : null, now);
    const isLive = this.#steadiness.isSteady(now);
    if (isLive === this.isLive) return;
    this.isLive = isLive;
    this.host.requestUpdate();
  };

  #tell(why: "clickOnce" | "clickAgain" | null): void {
    if (why === this.#why) return;
    this.#why = why;
    this.host.requestUpdate();
  }
}

/** The elements that an element stands in, out to the document's. */
function* surroundings(element: Element): Generator<Element> {
  for (let node: Node | null = element; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
    if (node instanceof Element) yield node;
  }
}

/** Where a button is; null where it takes no room. */
function placeOf(button: HTMLElement): Place | null {
  const { x, y, width, height } = button.getBoundingClientRect();
  return width && height ? { x, y, scrolledX: window.scrollX, scrolledY: window.scrollY } : null;
}

/** Where in a button's place something else was just pressed; undefined if nothing was. */
function pressOn(button: HTMLElement): { y: number } | undefined {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const others = pressesWithin(STEADY_FOR).filter(({ path }) => !path.includes(button));
  return others.find(({ x, y }) => x >= left && x <= right && y >= top && y <= bottom);
}

/** Have the row that a button stands in begin below what was just pressed in the button's place. */
function keepClear(button: HTMLElement): void {
  const row = button.closest<HTMLElement>(".actions");
  const press = pressOn(button);
  if (!row || !press) return;
  const margin = Number.parseFloat(getComputedStyle(row).marginTop);
  row.style.marginTop = `${margin + press.y - button.getBoundingClientRect().top + CLEAR}px`;
}
