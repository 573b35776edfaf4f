/** Whether something on the page has stood still long enough to be clicked on purpose. */

/** How long, in milliseconds. */
export const STEADY_FOR = 1_000;
/** Pixels that nobody takes for a move. */
const TOLERANCE = 6;

/** Where something is in the window, and how far the window is scrolled. */
export interface Place {
  x: number;
  y: number;
  scrolledX: number;
  scrolledY: number;
}

/** Follows one thing by where it is from time to time. */
export class Steadiness {
  /** Where it was when it appeared or moved last; null while it is not there. */
  #place: Place | null = null;
  #since = 0;

  /** Say where it is now; null where it is not on the page or out of everybody's sight. */
  note(place: Place | null, now: number): void {
    const from = this.#place;
    const stayed = from !== null && place !== null && !moved(from, place);
    this.#place = stayed ? followed(from, place) : place;
    if (!stayed) this.#since = now;
  }

  /** Whether it has been there, in one place, for long enough. */
  isSteady(now: number): boolean {
    return this.#place !== null && now - this.#since >= STEADY_FOR;
  }
}

/**
 * Whether the page's layout has moved it. It has not where it stands still in the document and the participant scrolls,
 * nor where the browser scrolls along with a layout that changes above, so that it stands still in the window.
 */
function moved(from: Place, to: Place): boolean {
  return isFar(inWindow(from, to)) && isFar(inDocument(from, to));
}

/**
 * Where it stood, for the next look: a place that was scrolled along with is taken over, in the window or in the document.
 * The other stays as it was, so that no move is too slow to be noticed.
 */
function followed(from: Place, to: Place): Place {
  if (isFar(inWindow(from, to))) {
    const [x, y] = [to.x, to.y];
    return { x, y, scrolledX: from.x + from.scrolledX - x, scrolledY: from.y + from.scrolledY - y };
  }
  if (!isFar(inDocument(from, to))) return from;
  const { x, y } = from;
  return { x, y, scrolledX: to.x + to.scrolledX - x, scrolledY: to.y + to.scrolledY - y };
}

function inWindow(from: Place, to: Place): number[] {
  return [to.x - from.x, to.y - from.y];
}

function inDocument(from: Place, to: Place): number[] {
  return [to.x + to.scrolledX - from.x - from.scrolledX, to.y + to.scrolledY - from.y - from.scrolledY];
}

function isFar(way: readonly number[]): boolean {
  return way.some((pixels) => Math.abs(pixels) > TOLERANCE);
}
