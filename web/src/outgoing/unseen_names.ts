/**
 * Names that leave without having been shown: the keys of reviewed tables, the tables' ids, and the names of columns that
 * have headers. The script chooses them, so there is one small limit for all of them in a session.
 */
import { LONGEST_UNSEEN_NAME } from "../protocol/limits.gen.js";
import type { KnownWords } from "./known_words.js";

/** Words of all such names together; a name that is not made of words that the page knows counts by the character. */
const MOST_WORDS = 500;

/** A name, and what was seen in its place: the same name for something else says something new. */
export type UnseenName = readonly [seen: string, name: string];

export class UnseenNames {
  /** What each takes of the limit. */
  #left = new Map<string, number>();

  constructor(readonly words: KnownWords) {}

  /** Whether they may leave with all those that did; from then on they are some of those. */
  async admit(names: Iterable<UnseenName>): Promise<boolean> {
    const all = new Map(this.#left);
    for (const [seen, name] of names) {
      if (name.length > LONGEST_UNSEEN_NAME) return false;
      const place = JSON.stringify([seen, name]);
      if (!all.has(place)) all.set(place, (await this.words.spelling(name))?.length ?? name.length);
    }
    const sum = [...all.values()].reduce((total, words) => total + words, 0);
    if (sum > MOST_WORDS) return false;
    this.#left = all;
    return true;
  }

  /** What is needed to count on after a reload of the page. */
  kept(): [string, number][] {
    return [...this.#left];
  }

  restore(kept: readonly [string, number][]): void {
    this.#left = new Map(kept);
  }
}
