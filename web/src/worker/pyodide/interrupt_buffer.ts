/**
 * What Pyodide reads interrupts from. It reads the number there, then writes a zero, some hundred thousand times a
 * second: an interrupt that the page writes between the two would be lost, and one in twenty is.
 */

/** An array of one number, in shared memory, in which a zero takes away only the interrupt that was read before. */
export function interruptBuffer(memory: Uint8Array): Uint8Array {
  let read = 0;
  const buffer = {
    length: 1,
    get 0(): number {
      read = Atomics.load(memory, 0);
      return read;
    },
    set 0(value: number) {
      if (read !== 0) Atomics.compareExchange(memory, 0, read, value);
    },
  };
  return buffer as unknown as Uint8Array;
}
