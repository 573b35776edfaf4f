import { expect, test } from "vitest";
import { dropLateInterrupt, INTERRUPT_BYTES, interruptRequest } from "../src/boot/interrupt.js";

const memory = () => new Uint8Array(new SharedArrayBuffer(INTERRUPT_BYTES));

test("an interrupt that is there before its request stays", () => {
  const shared = memory();
  interruptRequest(300, shared);
  dropLateInterrupt(300, shared);
  expect(shared[0]).toBe(2);
});

test("an interrupt that comes too late for its request hits no other", () => {
  const shared = memory();
  interruptRequest(299, shared);
  dropLateInterrupt(300, shared);
  expect(shared[0]).toBe(0);
});
