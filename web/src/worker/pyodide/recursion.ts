/**
 * A limit for recursion through C, as in a key function of `sorted` that sorts. Each step uses the browser's stack.
 * That is full long before Python's own limit is reached, and then the browser throws in the middle of Python, which
 * breaks the interpreter. With a lower limit Python raises RecursionError instead, and goes on.
 */
import type { PyodideInterface } from "pyodide";
import { isUsable, moduleOf, present, type Say } from "./internals.js";

/** Steps. Chromium has the smallest stack: a little more than a thousand were too many. */
const LIMIT = 800;
/** The limit in Python 3.13 as it is built. */
const BUILT_WITH = 10_000;
/**
 * Offsets in the state of the thread, in words of 4 bytes: the limit for recursion in Python, and the steps left in C.
 */
const OWN_LIMIT = 8;
const LEFT = 9;

/** Set the limit. Call it while no Python runs. An interpreter from a snapshot has the limit already. */
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
