import { describe, expect, it } from "vitest";
import { inPieces } from "../src/short_tasks.js";

function* work(steps: number, each: number): Generator<void, string> {
  for (let step = 0; step < steps; step++) {
    const until = performance.now() + each;
    while (performance.now() < until);
    yield;
  }
  return "done";
}

describe("long work in pieces", () => {
  it("lets the page do other things in between", async () => {
    let others = 0;
    const timer = setInterval(() => {
      others += 1;
    }, 1);
    expect(await inPieces(work(60, 2))).toBe("done");
    clearInterval(timer);
    expect(others).toBeGreaterThan(3);
  });

  it("stops when it is given up", async () => {
    const stop = new AbortController();
    const working = inPieces(work(1_000, 2), stop.signal);
    stop.abort(new Error("no longer wanted"));
    await expect(working).rejects.toThrow("no longer wanted");
  });
});
