import { describe, expect, it } from "vitest";
import { findUnsendable } from "../src/engine/unsendable_place.js";

const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

describe("what cannot be sent is found", () => {
  it.each([
    [{ a: [1, () => 1] }, "payload.a[1] is a Function"],
    [{ a: new Map([["k", Symbol("x")]]) }, "payload.a[k] is a Symbol"],
    [{ a: new Map([[new SharedArrayBuffer(1), 1]]) }, "payload.a.key is a SharedArrayBuffer"],
    [{ a: new Set([1, new Uint8Array(new SharedArrayBuffer(1))]) }, "payload.a[1] lies in a SharedArrayBuffer"],
    [{ a: { b: module } }, "payload.a.b is a WebAssembly.Module"],
    [{ first: module, next: () => 1 }, "payload.first is a WebAssembly.Module"],
  ])("with its place: %o", (payload, sentence) => {
    expect(findUnsendable(payload)).toBe(`${sentence}, which cannot be sent to Python`);
  });

  it("in a long and a deep value, cut short", () => {
    let deep: unknown = module;
    for (let level = 0; level < 5_000; level++) deep = { inner: deep };
    expect(findUnsendable(deep)?.length).toBeLessThan(200);
  });

  it("nowhere in what can be sent, nor in a value that contains itself", () => {
    const round: unknown[] = [
      1,
      "x",
      null,
      undefined,
      10n,
      new Date(),
      new Uint8Array(1),
      new Blob([]),
      new Error("x"),
    ];
    round.push(round, { round });
    expect(findUnsendable(round)).toBeNull();
  });
});
