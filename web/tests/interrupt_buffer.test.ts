import { expect, test } from "vitest";
import { interruptBuffer } from "../src/worker/pyodide/interrupt_buffer.js";

const INTERRUPT = 2;

test("an interrupt is read once, as Pyodide reads it", () => {
  const memory = new Uint8Array(new SharedArrayBuffer(1));
  const buffer = interruptBuffer(memory);
  memory[0] = INTERRUPT;
  expect(buffer[0]).toBe(INTERRUPT);
  buffer[0] = 0;
  expect([buffer[0], memory[0]]).toEqual([0, 0]);
});

test("an interrupt that comes between reading and taking away is there at the next look", () => {
  const memory = new Uint8Array(new SharedArrayBuffer(1));
  const buffer = interruptBuffer(memory);
  expect(buffer[0]).toBe(0);
  memory[0] = INTERRUPT;
  buffer[0] = 0;
  expect(buffer[0]).toBe(INTERRUPT);
});

test("looking alone takes nothing away", () => {
  const memory = new Uint8Array(new SharedArrayBuffer(1));
  const buffer = interruptBuffer(memory);
  memory[0] = INTERRUPT;
  expect([buffer[0], buffer[0]]).toEqual([INTERRUPT, INTERRUPT]);
});
