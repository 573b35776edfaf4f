/**
 * The words that the page knows without Python. A name that is made of them tells the researcher nothing that they did
 * not write themselves, but for which words these are.
 */

import { inPieces } from "../short_tasks.js";

/** Where the page knows words from. */
export interface Known {
  /** The session's id. */
  sessionId: string;
  /** Whose data the study is about. */
  platform: string | null;
  /** The keys that the study declares. */
  declared: readonly string[];
  /** Reads the Python code of the study. */
  source: () => Promise<readonly string[]>;
}

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
const WORD_HERE = /[\p{L}\p{M}\p{N}]+/uy;
/** Words between two pauses. */
const STEP = 1_000;
/** What may stand between two words, one at a time. */
const BETWEEN = "-_ .:/";

export class KnownWords {
  #words: Promise<ReadonlySet<string>> | null = null;

  constructor(private readonly known: Known) {}

  /** The words that a name is made of, the session's id and the platform aside; null if there is anything else in it. */
  async spelling(name: string): Promise<string[] | null> {
    this.#words ??= this.#read();
    const words = await this.#words;
    const used: string[] = [];
    const parts = name.split(this.known.sessionId);
    for (const [number, part] of parts.entries()) {
      const start = number > 0 && isBetween(part, 0) ? 1 : 0;
      // Nothing follows on the last word, so nothing stands between them.
      const end = number < parts.length - 1 && part.length > start && isBetween(part, part.length - 1) ? 1 : 0;
      const found = this.#spelt(part.slice(start, part.length - end), words);
      if (found === null) return null;
      used.push(...found);
    }
    return used;
  }

  #spelt(text: string, words: ReadonlySet<string>): string[] | null {
    const { platform } = this.known;
    const used: string[] = [];
    for (let at = 0; at < text.length; ) {
      const word = wordAt(text, at);
      if (word !== null && words.has(word)) {
        used.push(word);
        at += word.length;
      } else if (platform && text.startsWith(platform, at)) {
        at += platform.length;
      } else {
        return null;
      }
      if (at < text.length - 1 && isBetween(text, at)) at += 1;
    }
    return used;
  }

  async #read(): Promise<ReadonlySet<string>> {
    const { source, declared } = this.known;
    // A page that cannot read the source takes every name for unknown, and asks.
    const texts = await source().catch(() => []);
    return inPieces(wordsIn([...texts, ...declared]));
  }
}

/** All words of texts; to be run in pieces, since a study may come with much code. */
function* wordsIn(texts: readonly string[]): Generator<void, ReadonlySet<string>> {
  const words = new Set<string>();
  let found = 0;
  for (const text of texts) {
    for (const [word] of text.matchAll(WORDS)) {
      // Scripts write the names of platforms in small letters.
      words.add(word).add(word.toLowerCase());
      if (++found % STEP === 0) yield;
    }
  }
  return words;
}

function isBetween(text: string, at: number): boolean {
  return at < text.length && BETWEEN.includes(text.charAt(at));
}

function wordAt(text: string, at: number): string | null {
  WORD_HERE.lastIndex = at;
  return WORD_HERE.exec(text)?.[0] ?? null;
}
