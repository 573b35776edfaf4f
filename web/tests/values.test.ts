import { describe, expect, it } from "vitest";
import { decode, encode } from "../src/worker/values.js";

const mount = () => ({ path: "/files/1/x", name: "x", size: 1 });

/** A value as it goes to Python. */
function sent(value: unknown): { wire: unknown; bytes: number[][] } {
  const { text, buffers } = encode({ value }, mount);
  return { wire: JSON.parse(text as string).value, bytes: buffers.map((buffer) => [...buffer]) };
}

function refusal(value: unknown): string {
  try {
    encode({ value }, mount);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("numbers", () => {
  it.each([
    [2 ** 53 - 1, 2 ** 53 - 1],
    [0.5, 0.5],
    [2 ** 60, { $type: "int", value: "1152921504606846976" }],
    [-(2 ** 63), { $type: "int", value: "-9223372036854775808" }],
    [2 ** 64, { $type: "int", value: "18446744073709551616" }],
    [2 ** 65, { $type: "float", value: "36893488147419103000" }],
    [1e300, { $type: "float", value: "1e+300" }],
    [-0, { $type: "float", value: "-0" }],
    [Number.NaN, { $type: "float", value: "NaN" }],
  ])("%d goes as what it is", (number, form) => {
    expect(sent(number).wire).toEqual(form);
  });

  it("are found wherever they stand", () => {
    const big = { $type: "int", value: "1152921504606846976" };
    expect(sent([{ a: 2 ** 60 }]).wire).toEqual([{ a: big }]);
    expect(sent(new Map([[2 ** 60, new Set([2 ** 60])]])).wire).toEqual({
      $type: "map",
      entries: [[big, { $type: "set", items: [big] }]],
    });
  });
});

describe("arrays", () => {
  const array = (dtype: string, shape: number[]) => ({ $type: "ndarray", dtype, shape, buffer: 0 });

  it.each([
    [new Uint8ClampedArray([300, 2]), "uint8", [255, 2]],
    [new Int8Array([-1, 2]), "int8", [255, 2]],
    [new Uint16Array([1, 2]), "uint16", [1, 0, 2, 0]],
    [new BigInt64Array([-1n, 0n]), "int64", [255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]],
    [new Float32Array(new Float32Array([9, 1, 0]).buffer, 4, 2), "float32", [0, 0, 128, 63, 0, 0, 0, 0]],
  ])("a typed array goes as its own type: %o", (view, dtype, bytes) => {
    expect(sent(view)).toEqual({ wire: array(dtype, [2]), bytes: [bytes] });
  });

  it("bytes alone are a Uint8Array, a DataView and an ArrayBuffer, each with what it shows", () => {
    const { buffer } = new Uint8Array([1, 2, 3]);
    const { bytes } = sent([new Uint8Array(buffer, 1), new DataView(buffer, 1, 1), buffer]);
    expect(bytes).toEqual([[2, 3], [2], [1, 2, 3]]);
  });

  it("an array comes back as exactly the type that it went out with", () => {
    for (const dtype of ["bool", "uint8", "int64", "float64"]) {
      const size = { bool: 1, uint8: 1 }[dtype] ?? 8;
      const text = JSON.stringify({ value: { $type: "ndarray", dtype, shape: [1, 2], buffer: 0 } });
      const { message } = decode(text, [new Uint8Array(2 * size)]);
      expect(sent((message as { value: unknown }).value).wire).toEqual(array(dtype, [1, 2]));
    }
  });

  it("an object with other fields beside is no array", () => {
    const data = new Uint8Array(2);
    expect(sent({ dtype: "uint8", shape: [2], data, unit: "m" }).wire).toMatchObject({ dtype: "uint8", unit: "m" });
    expect(sent({ shape: [2], data }).wire).toMatchObject({ shape: [2], data: { $type: "bytes" } });
    expect(sent({ dtype: "uint8", shape: [2], data: "text" }).wire).toEqual({
      dtype: "uint8",
      shape: [2],
      data: "text",
    });
  });

  it.each([
    [{ dtype: "float64", shape: [2], data: new Float32Array(2) }, 'has the dtype "float64", but its data is a Float32'],
    [
      { dtype: "complex64", shape: [2], data: new Float32Array(2) },
      'has the dtype "complex64"; it must be one of bool',
    ],
    [{ dtype: "int8", shape: [2, 2], data: new Int8Array(3) }, "has the shape [2, 2], but its data has 3 elements"],
    [{ dtype: "int8", shape: [-1, -2], data: new Int8Array(2) }, "has the shape [-1, -2], but its data has 2 elements"],
    [new Int8Array(new SharedArrayBuffer(2)), "lies in a SharedArrayBuffer, which cannot be sent"],
  ])("what does not fit is told with its place: %o", (value, sentence) => {
    expect(refusal([value])).toMatch(/^payload\.value\[0\] /);
    expect(refusal([value])).toContain(sentence);
  });
});

describe("large texts", () => {
  it("go as bytes beside the message, and half a character stays within it", () => {
    const long = "ابت".repeat(30_000);
    const { wire, bytes } = sent([long, "short"]);
    expect(wire).toEqual([{ $type: "text", buffer: 0 }, "short"]);
    expect(new TextDecoder().decode(new Uint8Array(bytes[0] as number[]))).toBe(long);
    const { text, buffers } = encode({ value: `${long}\ud83d` }, mount);
    expect(JSON.parse(new TextDecoder().decode(text as Uint8Array)).value).toBe(`${long}\ud83d`);
    expect(buffers).toEqual([]);
  });

  it("that come are told with their places, and message text may come as bytes", () => {
    const json =
      '{"a": ["é", {"$type": "text", "buffer": 0}], "m": {"$type": "map", "entries": [[1, {"$type": "text", "buffer": 1}]]}}';
    const { message, transfer } = decode(new TextEncoder().encode(json), [undefined, undefined] as never);
    const { a, m, texts } = message as { a: unknown[]; m: Map<number, string>; texts: unknown[] };
    expect([a, [...m]]).toEqual([["é", ""], [[1, ""]]]);
    expect(texts).toEqual([
      [a, 1, 0],
      [m, 1, 1],
    ]);
    expect(transfer).toEqual([]);
  });
});
