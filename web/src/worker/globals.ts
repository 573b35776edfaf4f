/** Do some work while the worker has some more global names. */
export function withGlobals<Value>(names: Record<string, unknown>, work: () => Value): Value {
  Object.assign(globalThis, names);
  try {
    return work();
  } finally {
    for (const name of Object.keys(names)) delete (globalThis as Record<string, unknown>)[name];
  }
}
