/** Cells that a table shows alike leave in one form per column: nothing is hidden in how each is written. */
import { describe, expect, it } from "vitest";
import { ReviewedTable } from "../src/outgoing/agreements/reviewed_table.js";
import { inPieces } from "../src/short_tasks.js";

async function written(texts: string[], deleted: number[] = []): Promise<string> {
  const table = new ReviewedTable(
    {
      __type__: "PropsUIPromptConsentFormTable",
      id: "t",
      number: 1,
      title: "",
      description: "",
      data_frame: texts,
    },
    deleted,
    1,
  );
  return (await inPieces(table.write("rows"))).text();
}
const column = async (cells: string, deleted: number[] = []) =>
  [...(await written([`{"a": [${cells}]}`], deleted)).matchAll(/"a": ([^}]*(?:\}[^}])?)\}/g)]
    .map(([, cell]) => cell)
    .join(" ");

describe("the cells of a column", () => {
  it.each([
    ["whole numbers and floats", "1, 2.0, 0.5, null", "1 2 0.5 null"],
    ["numbers and texts of numbers", '1.0, "2", "tea", 1e16, null', '"1" "2" "tea" "10000000000000000" null'],
    ["truth values and their texts", 'true, "false", 7.0', '"true" "false" 7.0'],
    ["lists and their texts", '[1, "x"], "[2]", 1', '"[1,\\"x\\"]" "[2]" 1'],
  ])("have one form where they look alike: %s", async (_, cells, expected) => {
    expect(await column(cells)).toBe(expected);
  });

  it.each([
    ["floats", "1.0, 2.5, null", "1.0 2.5 null"],
    ["floats without end", '1.0, Infinity, "Infinity"', '1.0 "Infinity" "Infinity"'],
    [
      "numbers beside other texts",
      '1.0, "12 apples", "2024-01-01", "[gone", true',
      '1.0 "12 apples" "2024-01-01" "[gone" true',
    ],
    ["texts of numbers", '"1", "1.0", "007"', '"1" "1.0" "007"'],
  ])("stay as they are where they do not: %s", async (_, cells, expected) => {
    expect(await column(cells)).toBe(expected);
  });

  it("spell no secret by their forms", async () => {
    const bits = [..."A secret"].flatMap((letter) => [...letter.charCodeAt(0).toString(2).padStart(8, "0")]);
    const plain = await column(bits.map((_, row) => `${row}`).join(", "));
    for (const form of [(row: number) => `${row}.0`, (row: number) => `"${row}"`]) {
      const hidden = await column(bits.map((bit, row) => (bit === "1" ? form(row) : `${row}`)).join(", "));
      expect([plain, plain.replace(/\d+/g, '"$&"')]).toContain(hidden);
    }
  });

  it("count only where they leave, and over all pieces of a table", async () => {
    expect(await column("1, 2.0, 3.0", [0])).toBe("2.0 3.0");
    expect(await written(['{"a": [1], "b": [1.0]}', '{"a": [2.0], "b": [2.0]}'])).toBe(
      '[{"a": 1, "b": 1.0}, {"a": 2, "b": 2.0}]',
    );
    expect(await written(['{"a": [1]}', '{"b": ["x"], "a": [2.0]}'])).toBe('[{"a": 1, "b": null}, {"a": 2, "b": "x"}]');
  });
});
