/** What can become of a request besides an answer. Every error says what is wrong and, where one can, what to do. */

/** The base of all errors of the engine. */
export class SidestageError extends Error {
  override name = "SidestageError";
  /** The id of the request that failed, where there was one. */
  readonly id: number | null;

  constructor(message: string, id: number | null = null) {
    super(message);
    this.id = id;
  }
}

/** Python could not be started: a file is missing, the network is down, the wrong content came. */
export class InitError extends SidestageError {
  override name = "InitError";
}

/** An exception in Python. `name` is its class, `pythonTraceback` its traceback. */
export class PythonError extends SidestageError {
  readonly pythonTraceback: string;
  /** For a batch: the position of the operation that failed, and the results of those before it. */
  failedIndex?: number;
  partialResults?: unknown[];

  constructor(name: string, message: string, pythonTraceback: string, id: number | null) {
    super(message, id);
    this.name = name;
    this.pythonTraceback = pythonTraceback;
  }
}

/** The worker died: an uncaught error, a fatal error of the interpreter, no memory left. The next request finds a fresh one. */
export class WorkerCrashed extends SidestageError {
  override name = "WorkerCrashed";
}

/** A request took longer than it was given. */
export class TimeoutError extends SidestageError {
  override name = "TimeoutError";
}

/** The worker was destroyed while, or before, the request was made. */
export class WorkerDestroyed extends SidestageError {
  override name = "WorkerDestroyed";
}

/** A value cannot be sent to the worker, such as a function or an element of the page. */
export class ConversionError extends SidestageError {
  override name = "ConversionError";
}
