/**
 * How deep Python may go into itself by way of C. Each such step takes a piece of the browser's stack, which ends long
 * before Python's own limit is reached: the browser then breaks off in the middle of Python, and that is fatal. With a
 * lower limit Python raises RecursionError, and goes on.
 */
import type { PyodideInterface } from "pyodide";
import { isUsable, moduleOf, present, type Say } from "./internals.js";

/** Steps. The smallest stack is Chromium's, where a little more than a thousand have been too many. */
const LIMIT = 800;
/** What Python 3.13 was built with. */
const BUILT_WITH = 10_000;
/** Where it keeps, in the state of its thread and counted in words, its other limit and the steps that are left. */
const OWN_LIMIT = 8;
const LEFT = 9;

/** Set the limit, unless this Python comes from a snapshot that has it. To be called outside of Python. */
export function limitRecursion(pyodide: PyodideInterface, say: Say): void {
  isUsable(say, "recursion", "code that goes too deep into itself ends Python, instead of a RecursionError", () => {
    const module = moduleOf(pyodide);
    const state = present(module, "_PyThreadState_Get", "function")() >>> 2;
    const words = present(module, "HEAPU32", "object");
    const left = words[state + LEFT] as number;
    const isKnown = words[state + OWN_LIMIT] === present(module, "_Py_GetRecursionLimit", "function")();
    const isSet = left > 0 && left <= LIMIT;
    if (!isKnown || !(isSet || left === BUILT_WITH)) throw new Error("the limit is kept in another place");
    words[state + LEFT] = Math.min(left, LIMIT);
  });
}
