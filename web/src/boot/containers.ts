/** Where workers run: in the sealed frame, or in the page itself. */

import { Compiled } from "./compiled.js";
import { readMemory } from "./snapshot_memory.js";
import type { BootAssets, PreparedAssets, Snapshot, Unfit } from "./types.js";

/** The page's end of a line to one worker. */
export interface WorkerChannel {
  port: MessagePort;
  /** Give the worker something of what it starts from; the first time its `boot`, at least. */
  provide(provided: Partial<BootAssets>): void;
  /**
   * Have Python raise KeyboardInterrupt. Resolves once that is certain, or with false where memory cannot be shared.
   * The worker takes it back when its next request begins.
   */
  interrupt(): Promise<boolean>;
  /** End the worker, at once. */
  end(): void;
}

/** What is written into the shared memory of a worker to interrupt it. */
const KEYBOARD_INTERRUPT = 2;

/** A worker, as its host has it. */
export class ContainedWorker {
  readonly #worker: Worker;
  /** The memory through which it can be interrupted, where memory may be shared from here. */
  readonly #interrupt =
    globalThis.crossOriginIsolated && typeof SharedArrayBuffer === "function" ? new SharedArrayBuffer(1) : null;
  /** Settles when the first message has come to it. Until then this thread should have nothing to do that takes long. */
  readonly up: Promise<unknown>;
  #failure: string | null = null;
  #failed: ((message: string) => void) | null = null;

  /** @param notStarted is what is said where the browser has no word of its own for it. */
  constructor(script: string, notStarted: string) {
    this.#worker = new Worker(script, { name: "sidestage" });
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || notStarted);
    };
    this.#worker.onmessageerror = () => this.#fail("a message to the worker could not be read");
    this.up = new Promise((resolve) => this.#worker.addEventListener("message", resolve, { once: true }));
  }

  /** Called, now or later, with what keeps it from running. */
  set failed(failed: (message: string) => void) {
    this.#failed = failed;
    if (this.#failure !== null) failed(this.#failure);
  }

  #fail(message: string): void {
    this.#failure = message;
    this.#failed?.(message);
  }

  /** Give it something of what it starts from; its `boot` comes with its end of the line to the page. */
  send(assets: PostedAssets, transfer: Transferable[] = []): void {
    this.#worker.postMessage(assets.boot ? { ...assets, interrupt: this.#interrupt } : assets, transfer);
  }

  /** Tells whether it can be interrupted. */
  interrupt(): boolean {
    if (this.#interrupt) new Uint8Array(this.#interrupt)[0] = KEYBOARD_INTERRUPT;
    return this.#interrupt !== null;
  }

  terminate(): void {
    this.#worker.terminate();
  }
}

/** Hands on to workers what is provided for them, and makes ready what takes its time: all in the host's own thread. */
export class AssetForwarder {
  readonly #compiled = new Compiled();

  /**
   * What is needed later is begun later: the worker and what it waits for have the processors to themselves.
   *
   * @param transfer comes with the `boot`: the worker's end of its channel.
   */
  async forward(worker: ContainedWorker, provided: Partial<BootAssets>, transfer: MessagePort[]): Promise<void> {
    const { snapshot, ...rest } = provided;
    worker.send(rest, transfer);
    if (provided.wasm) await this.#compile(worker, provided.wasm);
    if (snapshot) {
      await worker.up;
      this.#restore(worker, snapshot, Object.values(provided.images ?? {}));
    }
  }

  #compile(worker: ContainedWorker, wasm: Blob): Promise<void> {
    return this.#compiled.interpreter(wasm).then(
      (code) => worker.send({ code }),
      ({ message }) => worker.send({ code: { unfit: `the interpreter's code could not be compiled: ${message}` } }),
    );
  }

  #restore(worker: ContainedWorker, snapshot: Snapshot, images: Blob[]): void {
    this.#compiled.libraries(snapshot.libraries, images).then(
      (libraries) => worker.send({ libraries }),
      ({ message }) => worker.send({ libraries: { unfit: message } }),
    );
    readMemory(snapshot).then(
      (memory) => worker.send({ memory }, [memory.buffer]),
      ({ message }) => worker.send({ memory: { unfit: message } }),
    );
  }
}

/** Some of the assets, or what is wrong with them. */
export type PostedAssets = { [Name in keyof PreparedAssets]?: PreparedAssets[Name] | Unfit };

export interface WorkerContainer {
  /** Start a worker. `onFailure` is called when it cannot be started, or dies of what nobody caught. */
  start(onFailure: (message: string) => void): WorkerChannel;
  /** End everything. */
  close(): void;
}

/** Workers of the page itself: they can reach what the page can reach. */
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
      interrupt: async () => worker.interrupt(),
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
