/** Long work in short tasks, so that the page keeps scrolling, typing and answering meanwhile. */

/** How long one task may take, in milliseconds: half a frame. */
const BUDGET = 8;

/** Run a generator to its end, with a pause for the page whenever a task has taken long enough. */
export async function inPieces<Result>(steps: Iterator<unknown, Result>, signal?: AbortSignal): Promise<Result> {
  let until = performance.now() + BUDGET;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await pause();
    signal?.throwIfAborted();
    until = performance.now() + BUDGET;
  }
}

/** Let the page do what waits. A message comes back at once, where a timer would be held up by four milliseconds. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
