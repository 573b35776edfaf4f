/** Where workers run: in the sealed frame, or in the page itself. */
import type { Boot } from "./boot.js";

/** The page's end of a line to one worker. */
export interface WorkerLine {
  port: MessagePort;
  /** Give the worker what it starts from. */
  boot(boot: HostedBoot): void;
  /**
   * Have Python raise KeyboardInterrupt. Resolves once that is certain, or with false where memory cannot be shared.
   * The worker takes it back when its next request begins.
   */
  interrupt(): Promise<boolean>;
  /** End the worker, at once. */
  end(): void;
}

/** What a host adds by itself. */
export type HostedBoot = Omit<Boot, "interrupt">;

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

/** Compile the interpreter's code. */
export function compile(wasm: Blob): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(new Response(wasm, { headers: { "content-type": "application/wasm" } }));
}

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
  /** The interpreter's code, compiled once for all workers. */
  #code: Promise<WebAssembly.Module> | null = null;

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
      boot: (boot) => {
        worker.postMessage({ ...boot, interrupt } satisfies Boot, [port2]);
        this.#code ??= compile(boot.wasm);
        this.#code.then(
          (code) => worker.postMessage(code),
          (error) => {
            this.#code = null;
            onFailure(`the interpreter's code could not be compiled: ${error.message}`);
          },
        );
      },
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
