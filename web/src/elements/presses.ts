/** What the participant has pressed last, anywhere on the page: it tells whether a click that follows is meant. */

/** A press of a pointer. */
export interface Press {
  x: number;
  y: number;
  /** As ``performance.now`` tells it. */
  time: number;
  path: readonly EventTarget[];
}

const REMEMBERED = 8;
const CLICKING_KEYS = ["Enter", " "];
const presses: Press[] = [];
/** Whether a key that clicks is down, and whether it has been for so long that it clicks again and again. */
let down = false;
let held = false;

/** The presses of the last so many milliseconds, the newest first. */
export function pressesWithin(milliseconds: number): Press[] {
  const now = performance.now();
  return presses.filter(({ time }) => now - time <= milliseconds);
}

/** Whether a key that clicks is held down. */
export function isKeyHeld(): boolean {
  return held;
}

/** Once no key that clicks is down; at once where none is. Resolves to whether none was held down. */
export async function keyComesUp(): Promise<boolean> {
  if (down) await new Promise((up) => window.addEventListener("keyup", up, { capture: true, once: true }));
  return !held;
}

function pressed(event: PointerEvent): void {
  presses.unshift({ x: event.clientX, y: event.clientY, time: performance.now(), path: event.composedPath() });
  presses.length = Math.min(presses.length, REMEMBERED);
}

function keyDown({ key, repeat }: KeyboardEvent): void {
  if (!CLICKING_KEYS.includes(key)) return;
  down = true;
  held ||= repeat;
}

function keyUp(): void {
  down = false;
  // The click that a space bar gives comes right after.
  setTimeout(() => {
    held = false;
  });
}

let listening = false;

/** Begin to listen, once for the page. */
export function listenForPresses(): void {
  if (listening) return;
  listening = true;
  const first = { capture: true, passive: true };
  window.addEventListener("pointerdown", pressed, first);
  window.addEventListener("keydown", keyDown, first);
  window.addEventListener("keyup", keyUp, first);
  // Of a key that is let go elsewhere nothing is heard.
  window.addEventListener("blur", keyUp, first);
}
