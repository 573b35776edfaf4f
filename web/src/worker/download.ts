/** Fetching what Python starts from: all at once, counted, and with a sentence for whatever goes wrong. */

/** The large files that are fetched before Python can start, in bytes; only the progress bar depends on the figures. */
const EXPECTED: Record<string, number> = {
  "pyodide.asm.wasm": 8_650_000,
  "python_stdlib.zip": 2_430_000,
  "python_stdlib_compiled.zip": 9_730_000,
};

/** How the content of such a file begins. */
const FIRST_BYTES: Record<string, string> = { wasm: "\0asm", zip: "PK\x03\x04" };

export class Downloads {
  readonly #onBytes: (fraction: number) => void;
  readonly #fetch = globalThis.fetch.bind(globalThis);
  readonly #early = new Map<string, Promise<Response>>();
  readonly #counted = new Map<string, number>();
  #expected = 0;
  #fail: (error: Error) => void = () => undefined;
  /** Rejects at the first failure: the interpreter's loader waits for ever for a file that does not come. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor(onBytes: (fraction: number) => void) {
    this.#onBytes = onBytes;
    this.failed.catch(() => undefined);
  }

  /** Begin to fetch a file; `fetch` then hands it out. Whoever asks for it there also meets a failure. */
  async begin(address: string): Promise<void> {
    this.#expected += EXPECTED[fileName(address)] ?? 0;
    const response = this.#checked(address);
    this.#early.set(address, response);
    await response.catch(this.#fail);
  }

  /** Like the global `fetch`, for files of the runtime: one begun before is not fetched again, a failure is a sentence. */
  fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const address = new URL(input instanceof Request ? input.url : input, globalThis.location.href).href;
    const early = this.#early.get(address);
    if (!early) return this.#checked(address, init);
    this.#early.delete(address);
    return early;
  };

  async #checked(address: string, init?: RequestInit): Promise<Response> {
    const name = fileName(address);
    let response: Response;
    try {
      response = await this.#fetch(address, init);
    } catch {
      throw new Error(`${name} could not be loaded from ${address}; check the connection and try again`);
    }
    if (!response.ok)
      throw new Error(`${name} could not be loaded: ${address} was answered with status ${response.status}`);
    const type = response.headers.get("content-type") ?? "";
    if (type.startsWith("text/html")) {
      throw new Error(`${name} could not be loaded: ${address} was answered with a web page instead of the file`);
    }
    return name in EXPECTED ? this.#counting(name, response) : response;
  }

  /** The same response; a copy of its body is counted as it comes, and looked at: a loader says nothing of other content. */
  #counting(name: string, response: Response): Response {
    const body = response.clone().body;
    if (body) void this.#count(name, body.getReader());
    return response;
  }

  async #count(name: string, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (!this.#counted.has(name) && !startsAs(name, part.value)) {
          this.#fail(
            new Error(`${name} could not be loaded: what came is something else; reload the page to try again`),
          );
        }
        this.#counted.set(name, (this.#counted.get(name) ?? 0) + part.value.length);
        const bytes = [...this.#counted.values()].reduce((sum, size) => sum + size, 0);
        this.#onBytes(Math.min(bytes / this.#expected, 1));
      }
    } catch {
      this.#fail(new Error(`${name} could not be loaded: the connection broke off; check it and try again`));
    }
  }
}

function fileName(address: string): string {
  return new URL(address).pathname.split("/").pop() as string;
}

function startsAs(name: string, content: Uint8Array): boolean {
  const wanted = FIRST_BYTES[name.split(".").pop() as string] ?? "";
  return [...wanted].every((letter, index) => index >= content.length || content[index] === letter.charCodeAt(0));
}
