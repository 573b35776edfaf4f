import { expect, test } from "vitest";
import { decode } from "../src/worker/values.js";

const written = (groups: object[], buffers: Uint8Array[] = []) =>
  decode(JSON.stringify({ $type: "records", groups }), buffers).message;

test("columns become objects again, in their order", () => {
  const groups = [
    { keys: ["n", "infos"], count: 2, columns: [[1, { $type: "float", value: "NaN" }], { each: {} }] },
    { keys: [], count: 1, columns: [] },
    { keys: ["n"], count: 1, columns: [[{ $type: "int", value: "9007199254740993" }]] },
  ];
  const records = written(groups) as Record<string, unknown>[];
  expect(records).toEqual([{ n: 1, infos: {} }, { n: Number.NaN, infos: {} }, {}, { n: 9007199254740993n }]);
  expect(records[0]?.infos).not.toBe(records[1]?.infos);
});

test("arrays of a column are views of one buffer", () => {
  const data = new Uint8Array(Float64Array.from([1, 2, 3, 4]).buffer);
  const column = { dtype: "float64", shape: [1, 2], buffer: 0 };
  const records = written([{ keys: ["obs"], count: 2, columns: [column] }], [data]);
  expect(records).toEqual([
    { obs: { dtype: "float64", shape: [1, 2], data: Float64Array.of(1, 2) } },
    { obs: { dtype: "float64", shape: [1, 2], data: Float64Array.of(3, 4) } },
  ]);
});
