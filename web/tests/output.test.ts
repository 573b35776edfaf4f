import { describe, expect, it } from "vitest";
import type { LogLine } from "../src/protocol/types.gen.js";
import { Output } from "../src/worker/output.js";

function printed(...pieces: string[]): string[] {
  const lines: LogLine[] = [];
  const output = new Output((more) => lines.push(...more));
  for (const piece of pieces) output.write("stdout", new TextEncoder().encode(piece));
  output.flush();
  return lines.map(({ text }) => text);
}

describe("what Python prints", () => {
  it("comes line by line, empty lines too", () => {
    expect(printed("a\n\nb", "c\n", "d")).toEqual(["a", "", "bc", "d"]);
  });

  it("makes no line of the end of one that was cut", () => {
    const long = "x".repeat(100_001);
    expect(printed(long, "\n", "\nafter an empty line\n")).toEqual([long, "", "after an empty line"]);
  });
});
