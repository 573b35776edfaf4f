/** Where workers run: in the sealed frame, or in the page itself. */
import type { Provided, Supplies, Unfit } from "./boot.js";
import { Compiled } from "./compiled.js";
import { readMemory } from "./memory.js";

/** The page's end of a line to one worker. */
export interface WorkerLine {
  port: MessagePort;
  /** Give the worker something of what it starts from; the first time its `boot`, at least. */
  provide(provided: Partial<Provided>): void;
  /**
   * Have Python raise KeyboardInterrupt. Resolves once that is certain, or with false where memory cannot be shared.
   * The worker takes it back when its next request begins.
   */
  interrupt(): Promise<boolean>;
  /** End the worker, at once. */
  end(): void;
}

/** What is written into the shared memory of a worker to interrupt it. */
export const KEYBOARD_INTERRUPT = 2;

/** The memory through which a worker can be interrupted, where it may be shared from here. */
export function sharedByte(): SharedArrayBuffer | null {
  const shared = globalThis.crossOriginIsolated && typeof SharedArrayBuffer === "function";
  return shared ? new SharedArrayBuffer(1) : null;
}

/** Write into it, if there is any; tells whether there is. */
export function interruptBy(memory: SharedArrayBuffer | null): boolean {
  if (memory) new Uint8Array(memory)[0] = KEYBOARD_INTERRUPT;
  return memory !== null;
}

/** Hands on to workers what is provided for them, and makes ready what takes its time: all in the host's own thread. */
export class Supplier {
  readonly #compiled = new Compiled();

  /** @param transfer comes with the `boot`: the worker's end of its line. */
  supply(
    worker: Worker,
    provided: Partial<Provided>,
    interrupt: SharedArrayBuffer | null,
    transfer: MessagePort[],
  ): void {
    const { wasm, snapshot, ...rest } = provided;
    worker.postMessage(rest.boot ? { ...rest, interrupt } : rest, transfer);
    const send = (supplies: Sent, buffers: ArrayBuffer[] = []) => worker.postMessage(supplies, buffers);
    if (wasm) {
      this.#compiled.interpreter(wasm).then(
        (code) => send({ code }),
        ({ message }) => send({ code: { unfit: `the interpreter's code could not be compiled: ${message}` } }),
      );
    }
    if (snapshot) {
      this.#compiled.libraries(snapshot.libraries, Object.values(provided.images ?? {})).then(
        (libraries) => send({ libraries }),
        ({ message }) => send({ libraries: { unfit: message } }),
      );
      readMemory(snapshot).then(
        (memory) =>
          send(
            { memory },
            memory.map(({ buffer }) => buffer),
          ),
        ({ message }) => send({ memory: { unfit: message } }),
      );
    }
  }
}

/** Some of the supplies, or what is wrong with them. */
export type Sent = { [Name in keyof Supplies]?: Supplies[Name] | Unfit };

export interface WorkerHost {
  /** Start a worker. `onFailure` is called when it cannot be started, or dies of what nobody caught. */
  start(onFailure: (message: string) => void): WorkerLine;
  /** End everything. */
  close(): void;
}

/** Workers of the page itself: they can reach what the page can reach. */
export class OpenHost implements WorkerHost {
  readonly #address: string;
  readonly #lines = new Set<WorkerLine>();
  readonly #supplier = new Supplier();

  /** @param address of the worker's script. */
  constructor(address: string) {
    this.#address = address;
  }

  start(onFailure: (message: string) => void): WorkerLine {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(this.#address, { name: "sidestage" });
    worker.onerror = (event) => {
      event.preventDefault();
      onFailure(event.message || "the worker's script could not be loaded");
    };
    worker.onmessageerror = () => onFailure("a message to the worker could not be read");
    const interrupt = sharedByte();
    const line: WorkerLine = {
      port: port1,
      provide: (provided) => this.#supplier.supply(worker, provided, interrupt, provided.boot ? [port2] : []),
      interrupt: async () => interruptBy(interrupt),
      end: () => {
        port1.onmessage = null;
        port1.close();
        worker.terminate();
        this.#lines.delete(line);
      },
    };
    this.#lines.add(line);
    return line;
  }

  close(): void {
    for (const line of [...this.#lines]) line.end();
  }
}
