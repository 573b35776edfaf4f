// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.

import type { Command, Reports, Requests, Response, Text } from "./types.gen.js";

/** What every request takes. */
export interface RequestOptions {
  /** How long it may run, in milliseconds; for ever unless given. */
  timeout?: number;
}

export interface RunPythonOptions extends RequestOptions {
  /** Names set before the code runs; they stay. */
  globals?: Record<string, unknown>;
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
