/** Where workers run: in the sealed frame, or in the page itself. */

import { Compiled } from "./compiled.js";
import { INTERRUPT_BYTES, interruptRequest } from "./interrupt.js";
import { readMemory } from "./snapshot_memory.js";
import type { BootAssets, PreparedAssets, Snapshot, Unfit } from "./types.js";

/** The page's end of a channel to one worker. */
export interface WorkerChannel {
  port: MessagePort;
  /** Post assets to the worker. The first call must contain `boot`. */
  provide(provided: Partial<BootAssets>): void;
  /**
   * Have Python raise KeyboardInterrupt in a request. Resolves when that is certain; with false where memory cannot be shared. The
   * worker clears the signal when another request begins.
   */
  interrupt(request: number): Promise<boolean>;
  /** End the worker, at once. */
  end(): void;
}

/** A worker, on the side of its host. */
export class ContainedWorker {
  readonly #worker: Worker;
  /** Shared memory through which Python is interrupted; null where this realm cannot share memory. */
  readonly #interrupt =
    globalThis.crossOriginIsolated && typeof SharedArrayBuffer === "function"
      ? new SharedArrayBuffer(INTERRUPT_BYTES)
      : null;
  /**
   * Resolves when the worker has got its first message. This thread delivers it, and must not be busy until then.
   */
  readonly up: Promise<unknown>;
  #failure: string | null = null;
  #failed: ((message: string) => void) | null = null;

  /** @param notStarted is the error message where the browser gives none. */
  constructor(script: string, notStarted: string) {
    this.#worker = new Worker(script, { name: "sidestage" });
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || notStarted);
    };
    this.#worker.onmessageerror = () => this.#fail("a message to the worker could not be read");
    this.up = new Promise((resolve) => this.#worker.addEventListener("message", resolve, { once: true }));
  }

  /** A function that is called, now or later, with the reason why the worker cannot run. */
  set failed(failed: (message: string) => void) {
    this.#failed = failed;
    if (this.#failure !== null) failed(this.#failure);
  }

  #fail(message: string): void {
    this.#failure = message;
    this.#failed?.(message);
  }

  /** Post assets. `boot` is transferred together with the worker's end of its channel to the page. */
  send(assets: PostedAssets, transfer: Transferable[] = []): void {
    this.#worker.postMessage(assets.boot ? { ...assets, interrupt: this.#interrupt } : assets, transfer);
  }

  /** Interrupt Python in a request; returns false if memory is not shared. */
  interrupt(request: number): boolean {
    if (this.#interrupt) interruptRequest(request, new Uint8Array(this.#interrupt));
    return this.#interrupt !== null;
  }

  terminate(): void {
    this.#worker.terminate();
  }
}

/** Posts assets to workers. Code is compiled, and a snapshot read, before that, in the host's thread. */
export class AssetForwarder {
  readonly #compiled = new Compiled();

  /**
   * What is needed later is begun later, so that it does not slow down what the worker waits for now.
   *
   * @param transfer is the worker's end of its channel, if `boot` is among what is provided.
   */
  async forward(worker: ContainedWorker, provided: Partial<BootAssets>, transfer: MessagePort[]): Promise<void> {
    const { snapshot, ...rest } = provided;
    worker.send(rest, transfer);
    if (provided.wasm) await this.#compile(worker, provided.wasm);
    if (snapshot) {
      await worker.up;
      this.#restore(worker, snapshot, Object.values(provided.packageArchives ?? {}));
    }
  }

  #compile(worker: ContainedWorker, wasm: Blob): Promise<void> {
    return this.#compiled.interpreter(wasm).then(
      (code) => worker.send({ code }),
      ({ message }) => worker.send({ code: { unfit: `the interpreter's code could not be compiled: ${message}` } }),
    );
  }

  #restore(worker: ContainedWorker, snapshot: Snapshot, archives: Blob[]): void {
    this.#compiled.libraries(snapshot.libraries, archives).then(
      (libraries) => worker.send({ libraries }),
      ({ message }) => worker.send({ libraries: { unfit: message } }),
    );
    readMemory(snapshot).then(
      (memory) => worker.send({ memory }, [memory.buffer]),
      ({ message }) => worker.send({ memory: { unfit: message } }),
    );
  }
}

/** Some of the assets, or for each why it cannot be used. */
export type PostedAssets = { [Name in keyof PreparedAssets]?: PreparedAssets[Name] | Unfit };

export interface WorkerContainer {
  /** Start a worker. `onFailure` is called if it cannot be started, or dies of an error that was not caught. */
  start(onFailure: (message: string) => void): WorkerChannel;
  /** End all workers. */
  close(): void;
}

/** Runs workers in the page itself, where they have the page's rights. */
export class OpenContainer implements WorkerContainer {
  readonly #address: string;
  readonly #channels = new Set<WorkerChannel>();
  readonly #forwarder = new AssetForwarder();

  /** @param address of the worker's script. */
  constructor(address: string) {
    this.#address = address;
  }

  start(onFailure: (message: string) => void): WorkerChannel {
    const { port1, port2 } = new MessageChannel();
    const worker = new ContainedWorker(this.#address, "the worker's script could not be loaded");
    worker.failed = onFailure;
    const channel: WorkerChannel = {
      port: port1,
      provide: (provided) => void this.#forwarder.forward(worker, provided, provided.boot ? [port2] : []),
      interrupt: async (request) => worker.interrupt(request),
      end: () => {
        port1.onmessage = null;
        port1.close();
        worker.terminate();
        this.#channels.delete(channel);
      },
    };
    this.#channels.add(channel);
    return channel;
  }

  close(): void {
    for (const channel of [...this.#channels]) channel.end();
  }
}
