// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.

import type { BegunReply, Command, EnvReadyReply, HashReply, RenderedReply, Reports, Requests, Response, SeededReply, StateSetReply, SteppedReply, Text } from "./types.gen.js";

/** What every request takes. */
export interface RequestOptions {
  /** How long it may run, in milliseconds; for ever unless given. */
  timeout?: number;
}

export interface RunPythonOptions extends RequestOptions {
  /** Names set before the code runs; they stay. */
  globals?: Record<string, unknown>;
}

export interface InitEnvOptions extends RequestOptions {
  /** Names set before the code runs; they are in `interactive_gym_globals` and `mug_globals`, too. */
  globals?: Record<string, unknown>;
}

export interface ResetOptions extends RequestOptions {
  /** Of the environment's random numbers. */
  seed?: number;
  /** What the environment may be told besides. */
  options?: Record<string, unknown>;
}

export interface RenderOptions extends RequestOptions {
  /** The one whose view it is, where each has their own. */
  agent?: unknown;
}

export interface ComputeHashOptions extends RequestOptions {
  /** What `getState` returned; the state of now unless given. */
  state?: unknown;
}

export interface StartFlowOptions extends RequestOptions {
  /** The script's path in the worker's folder. */
  script: string;
  /** The participant's session; random numbers follow from it. */
  sessionId: string;
  /** Names whose data the flow is about. */
  platform?: string;
  /** Stands above every page that has none of its own. */
  title?: Text;
}

/** Who hears what a request tells while it runs, besides progress and lines: by the report's type. */
export type ReportListeners = { [Type in keyof Reports]?: (report: Reports[Type]) => void };

/** A method for each request that a worker answers. What can become of it besides an answer is in `errors.ts`. */
export abstract class RequestMethods {
  /** Have a request answered; resolves with the reply. */
  protected abstract request<Type extends keyof Requests>(
    type: Type,
    payload: Requests[Type]["payload"],
    timeout: number | undefined,
    listeners?: ReportListeners,
  ): Promise<Reports[Requests[Type]["reply"]]>;

  /**
   * Run code; returns the value of its last line, where that is an expression.
   *
   * @param code may use `await` at its top level.
   */
  async runPython(code: string, { timeout, ...options }: RunPythonOptions = {}): Promise<unknown> {
    return (await this.request("runPython", { code, ...options }, timeout)).value;
  }

  /**
   * Make packages importable; returns their names.
   *
   * @param packages names of packages.
   */
  async installPackages(packages: string[], { timeout }: RequestOptions = {}): Promise<string[]> {
    return (await this.request("installPackages", { packages }, timeout)).packages;
  }

  /**
   * Run code that makes an environment.
   *
   * @param envCode Python that leaves the environment in the name `env`; may use `await` at its top level.
   */
  async initEnv(envCode: string, { timeout, ...options }: InitEnvOptions = {}): Promise<EnvReadyReply> {
    return this.request("initEnv", { envCode, ...options }, timeout);
  }

  /** Begin an episode; returns its first observation. */
  async reset({ timeout, ...options }: ResetOptions = {}): Promise<BegunReply> {
    return this.request("reset", { ...options }, timeout);
  }

  /**
   * Go on by a step; returns what came of it.
   *
   * @param actions the action, or those of all agents, by their names.
   */
  async step(actions: unknown, { timeout }: RequestOptions = {}): Promise<SteppedReply> {
    return this.request("step", { actions }, timeout);
  }

  /** Draw, without a step. */
  async render({ timeout, ...options }: RenderOptions = {}): Promise<RenderedReply> {
    return this.request("render", { ...options }, timeout);
  }

  /** All that decides how the environment goes on, with the states of `random` and `numpy.random`. */
  async getState({ timeout }: RequestOptions = {}): Promise<Record<string, unknown>> {
    return (await this.request("getState", {}, timeout)).state;
  }

  /**
   * Go on from a state; what comes after it is just what came after it before.
   *
   * @param state what `getState` returned.
   */
  async setState(state: unknown, { timeout }: RequestOptions = {}): Promise<StateSetReply> {
    return this.request("setState", { state }, timeout);
  }

  /** Hash a state: keys sorted, floats rounded to 10 places. */
  async computeHash({ timeout, ...options }: ComputeHashOptions = {}): Promise<HashReply> {
    return this.request("computeHash", { ...options }, timeout);
  }

  /**
   * Seed `random` and `numpy.random`.
   *
   * @param seed for `random` and `numpy.random`.
   */
  async seedRng(seed: number, { timeout }: RequestOptions = {}): Promise<SeededReply> {
    return this.request("seedRng", { seed }, timeout);
  }

  /**
   * Do several of these, uninterrupted. A failure tells `failedIndex` and `partialResults`.
   *
   * @param operations each `{op, params}`: the name of another request of these, and its payload.
   */
  async batch(operations: unknown[], { timeout }: RequestOptions = {}): Promise<unknown[]> {
    return (await this.request("batch", { operations }, timeout)).results;
  }

  /**
   * Load a script from the worker's folder and run its flow to the first command, which is returned.
   *
   * With a time limit, a script that takes longer is interrupted; the flow then goes on to its error page.
   */
  async startFlow({ timeout, ...options }: StartFlowOptions): Promise<Command> {
    return (await this.request("startFlow", { ...options }, timeout)).command;
  }

  /**
   * Answer the flow's last command and run it to the next.
   *
   * A file in the payload stays where it is: Python opens it there.
   */
  async answer(response: Response, { timeout }: RequestOptions = {}): Promise<Command> {
    return (await this.request("answer", response, timeout)).command;
  }
}
