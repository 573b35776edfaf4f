/** Errors that break an interpreter for good. */
import type { PyodideInterface } from "pyodide";
import { apiOf, type FatalError, isUsable, present, type Say } from "./internals.js";

/** Be told of one at once, wherever it happened. */
export function watchForFatalErrors(pyodide: PyodideInterface, onFatal: (message: string) => void, say: Say): void {
  isUsable(say, "fatal errors", "Python that broke is replaced only when it is next asked for something", () => {
    const api = apiOf(pyodide);
    present(api, "fatal_error", "function");
    api.on_fatal = (error) => onFatal(error?.message ?? String(error));
  });
}

/** Whether an error that came out of Python has broken it: every later call would fail. */
export function isFatal(error: FatalError): boolean {
  return error.pyodide_fatal_error === true || error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
}
