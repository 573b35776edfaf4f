/** Typed arrays as arrays of numpy's, and back: the bytes of their elements, with the name of the element's type. */

import { Unsendable } from "./unsendable.js";

/** An array of numbers with its shape, as numpy knows it. */
export interface NDArray {
  dtype: string;
  shape: number[];
  data: ArrayBufferView;
}

/** An array in its form on the wire. */
export interface ArrayForm {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

type ViewConstructor = new (buffer: ArrayBuffer) => ArrayBufferView;

/** The typed array of each element type; not every browser has one of 16-bit floats, and none leave Python. */
const VIEWS: Record<string, ViewConstructor | undefined> = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: (globalThis as { Float16Array?: ViewConstructor }).Float16Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** What came from Python. */
export function readArray({ dtype, shape, bytes }: ArrayForm): NDArray {
  const View = VIEWS[dtype] as ViewConstructor;
  return { dtype, shape, data: new View(bytes.buffer as ArrayBuffer) };
}

/** An object that Python gave for an array, or one made like it: it has these three fields and nothing else. */
export function isArray(value: object): value is NDArray {
  const { dtype, shape, data } = value as Partial<NDArray>;
  const hasItsFields = typeof dtype === "string" && Array.isArray(shape) && ArrayBuffer.isView(data);
  return hasItsFields && Object.keys(value).length === 3;
}

/** A typed array alone: flat, with elements of its own type. */
export function flatForm(view: ArrayBufferView, path: string): ArrayForm {
  const dtype = typeOf(view);
  if (!dtype) throw new Unsendable(`${path} is a ${view.constructor.name}, which cannot be sent to Python`);
  return { dtype, shape: [(view as Int8Array).length], bytes: bytesSeen(view, path) };
}

/** An array with its element type and shape, which must fit its data. */
export function shapedForm({ dtype, shape, data }: NDArray, path: string): ArrayForm {
  const held = typeOf(data);
  if (!Object.hasOwn(VIEWS, dtype)) {
    throw new Unsendable(`${path} has the dtype "${dtype}"; it must be one of ${Object.keys(VIEWS).join(", ")}`);
  }
  if (held !== (dtype === "bool" ? "uint8" : dtype)) {
    throw new Unsendable(`${path} has the dtype "${dtype}", but its data is a ${data.constructor.name}`);
  }
  const { length } = data as Int8Array;
  const isWhole = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  if (!shape.every(isWhole) || shape.reduce((product, size) => product * size, 1) !== length) {
    throw new Unsendable(`${path} has the shape [${shape.join(", ")}], but its data has ${length} elements`);
  }
  return { dtype, shape, bytes: bytesSeen(data, path) };
}

/** The bytes that a view shows, which nobody else may change meanwhile. */
export function bytesSeen(view: ArrayBufferView, path: string): Uint8Array {
  if (typeof SharedArrayBuffer === "function" && view.buffer instanceof SharedArrayBuffer) {
    throw new Unsendable(`${path} lies in a SharedArrayBuffer, which cannot be sent to Python; give a copy of it`);
  }
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

function typeOf(view: ArrayBufferView): string | undefined {
  if (view instanceof Uint8ClampedArray) return "uint8";
  return Object.keys(VIEWS).find((name) => name !== "bool" && VIEWS[name] && view instanceof VIEWS[name]);
}
