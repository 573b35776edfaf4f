/**
 * How a host stops Python in a request: by two bytes of shared memory. The first is the number that Python reads as
 * KeyboardInterrupt; the second tells the request, because the interrupt may be there before the request is.
 */

export const INTERRUPT_BYTES = 2;
const KEYBOARD_INTERRUPT = 2;

/** Interrupt Python in the request with this id. */
export function interruptRequest(request: number, memory: Uint8Array): void {
  memory[1] = request;
  Atomics.store(memory, 0, KEYBOARD_INTERRUPT);
}

/** A request begins: an interrupt that came too late for the one before must not hit it. */
export function dropLateInterrupt(request: number, memory: Uint8Array): void {
  if (memory[1] !== request % 256) Atomics.store(memory, 0, 0);
}
