/** The memory in a snapshot: what is left out of it, and how damage is noticed. */
import { describe, expect, it } from "vitest";
import { condense, hashOf, partsOf, putBack, readMemory } from "../src/boot/snapshot_memory.js";
import type { Snapshot } from "../src/boot/types.js";

const PAGE = 65_536;

function memoryWith(...places: number[]): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(200 * PAGE);
  for (const place of places) memory[place] = 1 + (place % 250);
  return memory;
}

async function kept(memory: Uint8Array<ArrayBuffer>): Promise<Snapshot> {
  const parts = partsOf(memory);
  const bytes = condense(memory.slice(), parts);
  const rest = { size: memory.length, libraries: [], state: new Uint8Array(), linker: "" };
  return { memory: new Blob([bytes]), parts, hash: await hashOf(bytes), ...rest };
}

describe("the memory in a snapshot", () => {
  it("leaves out what is all zeros", () => {
    const memory = memoryWith(0, 3 * PAGE - 1, 3 * PAGE, 199 * PAGE + 5);
    expect(partsOf(memory)).toEqual([
      [0, PAGE],
      [2 * PAGE, 4 * PAGE],
      [199 * PAGE, 200 * PAGE],
    ]);
  });

  it("comes back as it was", async () => {
    const memory = memoryWith(7, 100 * PAGE, 150 * PAGE + 9);
    const snapshot = await kept(memory);
    // A memory that another start has written to.
    const again = new Uint8Array(snapshot.size).fill(7);
    putBack(again, await readMemory(snapshot), snapshot.parts);
    expect(Buffer.compare(again, memory)).toBe(0);
  });

  it.each([0, 12_345, 2 * PAGE - 1])("is refused where byte %i of it has changed", async (place) => {
    const snapshot = await kept(memoryWith(7, PAGE + 9));
    const bytes = new Uint8Array(await snapshot.memory.arrayBuffer());
    bytes[place] = (bytes[place] as number) ^ 1;
    await expect(readMemory({ ...snapshot, memory: new Blob([bytes]) })).rejects.toThrow("it is damaged");
  });

  it("is refused where it ends too early, or its pages have changed places", async () => {
    const snapshot = await kept(memoryWith(7, PAGE + 9));
    const cut = snapshot.memory.slice(0, PAGE);
    const turned = new Blob([snapshot.memory.slice(PAGE), cut]);
    for (const memory of [cut, turned])
      await expect(readMemory({ ...snapshot, memory })).rejects.toThrow("it is damaged");
  });
});
