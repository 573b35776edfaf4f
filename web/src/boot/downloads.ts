/**
 * Fetches files: each once for the whole page. Counts the bytes, checks the hash, and explains failures in a sentence.
 */
import { InitError } from "../errors.js";
import { ConnectionLost, fetchWhole } from "./fetch_retry.js";
import { sha256 } from "./sha256.js";

/** What the server says of a file: its size in bytes, and its SHA-256 in hexadecimal. */
export interface Expected {
  size: number;
  sha256: string;
}

/** The share of the download in the whole start, in percent. */
export const DOWNLOADED = 60;

/** What the server says of a file, if it does. This may become known after the fetch has begun. */
type Announced = Expected | Promise<Expected | undefined>;

/** Counts the bytes of several downloads together. */
export class Progress {
  readonly #onFraction: (fraction: number) => void;
  #expected = 0;
  #come = 0;

  constructor(onFraction: (fraction: number) => void) {
    this.#onFraction = onFraction;
  }

  expect(bytes: number): void {
    this.#expected += bytes;
  }

  add(bytes: number): void {
    this.#come += bytes;
    if (this.#expected > 0) this.#onFraction(Math.min(this.#come / this.#expected, 1));
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

type OnBytes = (bytes: number) => void;

/** A download that was begun. Listeners that are added later are also told of the bytes before. */
class Download {
  readonly content: Promise<Blob>;
  readonly #listeners: OnBytes[] = [];
  #come = 0;

  constructor(address: string, announced?: Announced) {
    const fetched = fetchChecked(address, announced, (bytes) => {
      this.#come += bytes;
      for (const listener of this.#listeners) listener(bytes);
    });
    this.content = fetched.then((bytes) => new Blob([bytes]));
  }

  listen(listener: OnBytes): void {
    listener(this.#come);
    this.#listeners.push(listener);
  }
}

export class Downloads {
  readonly #files = new Map<string, Download>();
  readonly #texts = new Map<string, Promise<string>>();

  /**
   * A file's content. A file is fetched once, and again only if that failed.
   *
   * @param onBytes is called with the number of bytes that have come so far, and then with each further number.
   */
  get(address: string, announced?: Announced, onBytes?: OnBytes): Promise<Blob> {
    let download = this.#files.get(address);
    if (!download) {
      download = new Download(address, announced);
      this.#files.set(address, download);
      download.content.catch(() => this.#files.delete(address));
    }
    if (onBytes) download.listen(onBytes);
    return download.content;
  }

  /** The content of a text file, in the same way. */
  text(address: string, announced?: Announced): Promise<string> {
    const known = this.#texts.get(address);
    if (known) return known;
    const text = fetchChecked(address, announced, () => undefined).then((bytes) => new TextDecoder().decode(bytes));
    this.#texts.set(address, text);
    text.catch(() => this.#texts.delete(address));
    return text;
  }
}

async function fetchChecked(address: string, announced: Announced | undefined, onBytes: OnBytes): Promise<Bytes> {
  const name = new URL(address).pathname.split("/").pop() as string;
  const content = await fetchWhole(address, (response) => contentOf(response, name, onBytes)).catch((error) => {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new InitError(
      `${name} could not be loaded from ${address}: the connection broke off; check it and try again`,
    );
  });
  const expected = await announced;
  if (expected && !(await isAsExpected(content, expected))) {
    throw new InitError(
      `${name} could not be loaded: what came from ${address} is something else than the server has announced; ` +
        "reload the page to try again",
    );
  }
  return content;
}

async function contentOf(response: Response, name: string, onBytes: OnBytes): Promise<Bytes> {
  const { ok, status, headers, url } = response;
  if (!ok) throw new InitError(`${name} could not be loaded: ${url} was answered with status ${status}`);
  if (headers.get("content-type")?.startsWith("text/html")) {
    throw new InitError(`${name} could not be loaded: ${url} was answered with a web page instead of the file`);
  }
  return counted(response, onBytes);
}

async function counted(response: Response, onBytes: OnBytes): Promise<Bytes> {
  const reader = (response.body as ReadableStream<Bytes>).getReader();
  const parts: Bytes[] = [];
  let come = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      come += part.value.length;
      onBytes(part.value.length);
    }
  } catch (error) {
    // The next attempt counts from the beginning.
    onBytes(-come);
    throw error;
  }
  const whole = new Uint8Array(come);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** Whether a file is as the server has announced it. Only a page from a secure address can compute a hash. */
export async function isAsExpected(content: Bytes, expected: Expected): Promise<boolean> {
  if (content.length !== expected.size) return false;
  const own = await sha256(content);
  return own === null || own === expected.sha256;
}
