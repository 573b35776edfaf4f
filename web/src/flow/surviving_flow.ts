/**
 * A flow that survives its worker: when the worker dies, the engine has a fresh one for the next request; there the
 * flow is started anew and given the answers that it had so far, until it asks again what it asked last. Files are still
 * in the page, donations that were sent are not sent again, and Python's random numbers are the session's own, so the
 * flow takes the same way. In the same manner it survives a reload of the page, from the answers that were kept.
 */

import type { Command, Response } from "../protocol/types.gen.js";
import type { FlowEngine, FlowStart } from "./run_cycle.js";

/** After so many attempts in a row the script itself is what kills its worker. */
const ATTEMPTS = 2;

/** The flow took another way than before, so the answers given do not fit any more. */
export class FlowDiverged extends Error {
  override name = "FlowDiverged";
}

/** What was asked, and the answer to it. */
export interface Turn {
  asked: string;
  response: Response;
}

export class SurvivingFlow {
  readonly #engine: FlowEngine;
  readonly #start: FlowStart;
  /** What was asked and answered so far, in order. */
  readonly #turns: Turn[];
  #asked = "";
  #lost = false;
  /** Whether it has come to a command that has no answer yet. */
  started = false;

  /** @param turns what was asked and answered before, where the flow goes on from there. */
  constructor(engine: FlowEngine, start: FlowStart, turns: readonly Turn[] = []) {
    this.#engine = engine;
    this.#start = start;
    this.#turns = [...turns];
  }

  /** What was asked and answered so far, in order. */
  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** The worker has died; the next answer finds the flow gone, even where none was pending. */
  lose(): void {
    this.#lost = true;
  }

  /** Run to the first command that has no answer yet. */
  async start(): Promise<Command> {
    const command = await this.#surviving(() => this.#replay());
    this.started = true;
    return command;
  }

  /** Give an answer and run to the next command. */
  answer(response: Response): Promise<Command> {
    this.#turns.push({ asked: this.#asked, response });
    return this.#surviving(() => (this.#lost ? this.#replay() : this.#engine.answer(response)));
  }

  async #surviving(first: () => Promise<Command>): Promise<Command> {
    let step = first;
    for (let attempt = 1; ; attempt++) {
      try {
        const command = await step();
        this.#asked = outline(command);
        return command;
      } catch (error) {
        if ((error as Error).name !== "WorkerCrashed" || attempt > ATTEMPTS) throw error;
        step = () => this.#replay();
      }
    }
  }

  /** Start anew in a fresh worker, and give all answers again. */
  async #replay(): Promise<Command> {
    this.#lost = false;
    let command = await this.#engine.startFlow(this.#start);
    for (const { asked, response } of this.#turns) {
      if (outline(command) !== asked) {
        throw new FlowDiverged("the script took another way when it was started again, so it cannot go on from here");
      }
      command = await this.#engine.answer(response);
    }
    return command;
  }
}

/** What a command asks, without the data in it. */
function outline(command: Command): string {
  const isData = (key: string) => key === "data_frame" || key === "json_string";
  return JSON.stringify(command, (key, value) => (isData(key) ? undefined : value)) ?? "";
}
