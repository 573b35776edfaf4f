/**
 * How deep Python may go into itself by way of C. Each such step takes a piece of the browser's stack, which ends long
 * before Python's own limit is reached: the browser then breaks off in the middle of Python, and that is fatal. With a
 * lower limit Python raises RecursionError, and goes on.
 */
import type { Module } from "./internals.js";

/** Steps. The smallest stack is Chromium's, where a little more than a thousand have been too many. */
const LIMIT = 800;
/** What Python 3.13 was built with. */
const BUILT_WITH = 10_000;
/** Where it keeps, in the state of its thread and counted in words, its other limit and the steps that are left. */
const OWN_LIMIT = 8;
const LEFT = 9;

/** Set the limit, unless this Python keeps it elsewhere, or comes from a snapshot that has it. To be called outside of Python. */
export function limitRecursion(module: Module): void {
  const { HEAPU32 } = module;
  const state = (module._PyThreadState_Get?.() ?? 0) >>> 2;
  const isKnown = HEAPU32[state + OWN_LIMIT] === module._Py_GetRecursionLimit?.();
  if (isKnown && HEAPU32[state + LEFT] === BUILT_WITH) HEAPU32[state + LEFT] = LIMIT;
}
