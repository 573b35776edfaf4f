/**
 * Places where workers run: one worker at a time in each. Code in two workers of one place could talk to each other, also
 * by workers that it starts itself. A spare worker must not hear what another one knows.
 */
import type { WorkerContainer } from "../boot/containers.js";

/** A place for one worker. It is free again when that has ended. */
export type WorkerPlace = Pick<WorkerContainer, "start">;

/** Makes a place; `onLost` is called when nothing can run there any more. */
type MakeContainer = (onLost: () => void) => Promise<WorkerContainer>;

export class Places {
  readonly #make: MakeContainer;
  readonly #all = new Set<WorkerContainer>();
  readonly #free: WorkerContainer[] = [];
  /** The first one, which is made before a worker is wanted. */
  #first: Promise<WorkerContainer> | null = null;
  #closed = false;

  constructor(make: MakeContainer) {
    this.#make = make;
  }

  /** Make the first place now. If that fails, a worker's start says so. */
  warm(): void {
    this.#first = this.#add();
    this.#first.catch(() => undefined);
  }

  /** A place where no other worker is. */
  async take(): Promise<WorkerPlace> {
    const first = this.#first;
    this.#first = null;
    const container = (await first?.catch(() => null)) ?? this.#free.pop() ?? (await this.#add());
    return {
      start: (onFailure) => {
        const channel = container.start(onFailure);
        let ended = false;
        const end = () => {
          channel.end();
          if (!ended && this.#all.has(container)) this.#free.push(container);
          ended = true;
        };
        return { ...channel, end };
      },
    };
  }

  /** End all workers, and what they run in. */
  close(): void {
    this.#closed = true;
    for (const container of this.#all) container.close();
    this.#all.clear();
    this.#free.length = 0;
  }

  async #add(): Promise<WorkerContainer> {
    let made: WorkerContainer | null = null;
    const container = await this.#make(() => {
      if (made) this.#lose(made);
    });
    made = container;
    this.#all.add(container);
    if (this.#closed) this.close();
    return container;
  }

  #lose(container: WorkerContainer): void {
    this.#all.delete(container);
    const place = this.#free.indexOf(container);
    if (place >= 0) this.#free.splice(place, 1);
  }
}
