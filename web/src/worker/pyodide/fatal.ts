/** Errors after which an interpreter cannot be used any more. */
import type { PyodideInterface } from "pyodide";
import { apiOf, type FatalError, isUsable, present, type Say } from "./internals.js";

/** Have `onFatal` called as soon as one happens. */
export function watchForFatalErrors(pyodide: PyodideInterface, onFatal: (message: string) => void, say: Say): void {
  isUsable(say, "fatal errors", "Python that broke is replaced only when it is next asked for something", () => {
    const api = apiOf(pyodide);
    present(api, "fatal_error", "function");
    api.on_fatal = (error) => onFatal(error?.message ?? String(error));
  });
}

/** Whether an error has broken the interpreter that it came from, so that every later call would fail. */
export function isFatal(error: FatalError): boolean {
  return error.pyodide_fatal_error === true || error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
}
