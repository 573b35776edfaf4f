/**
 * That something agreed to has left, and how. It leaves once; a script may have the same bytes sent again where nobody
 * said that they arrived.
 */
import type { DonationResult } from "../../protocol/types.gen.js";

/** How often a script may have the same bytes sent. */
const MOST_ATTEMPTS = 3;

export interface Departure {
  key: string;
  /** What left together, and in which form; null where the participant was asked about it. */
  readonly whole: string | null;
  attempts: number;
  arrived: boolean;
}

/** Something that leaves once. */
export interface Departing {
  departure: Departure | null;
}

/**
 * Things are to leave together, and from then on have left.
 *
 * @param whole says what they are and in which form: the same says the same.
 * @returns whether their bytes may be sent, the answer to the script where they have arrived before, or null where they
 *   have left in another way.
 */
export function depart(things: readonly Departing[], key: string, whole: string): true | DonationResult | null {
  if (things.every((thing) => thing.departure === null)) {
    for (const thing of things) thing.departure = { key, whole, attempts: 1, arrived: false };
    return true;
  }
  if (!things.every(({ departure }) => departure?.key === key && departure.whole === whole)) return null;
  if (things.every(({ departure }) => departure?.arrived)) return { success: true, key, status: 200 };
  if (!things.every(({ departure }) => departure && departure.attempts < MOST_ATTEMPTS)) return null;
  for (const { departure } of things) if (departure) departure.attempts += 1;
  return true;
}

/** The bytes of things are sent, or have arrived, whoever agreed to that. */
export function departed(things: readonly Departing[], key: string, arrived: boolean): void {
  for (const thing of things) {
    thing.departure ??= { key, whole: null, attempts: 1, arrived };
    if (arrived && thing.departure.key === key) thing.departure.arrived = true;
  }
}
