/**
 * Values on the wire between the worker's script and Python: JSON text, with binary data beside it.
 * The forms are those of `sidestage.worker.values`, which lists them.
 */

/** An array of numbers with its shape, as numpy knows it. */
interface NDArray {
  dtype: string;
  shape: number[];
  data: ArrayBufferView;
}

/** What JSON has no form for; which keys there are depends on `$type`. */
interface Tagged {
  $type: string;
  value: string;
  items: unknown[];
  entries: [unknown, unknown][];
  buffer: number;
  dtype: string;
  shape: number[];
}

type ViewConstructor = new (buffer: ArrayBuffer) => ArrayBufferView;

const VIEWS: Record<string, ViewConstructor> = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** Read a whole message. Returns it with the buffers that can be handed over instead of cloned. */
export function decode(text: string, buffers: Uint8Array[]): { message: unknown; transfer: ArrayBuffer[] } {
  const message = JSON.parse(text);
  if (!text.includes('"$type"')) return { message, transfer: [] };
  return { message: revive(message, buffers), transfer: buffers.map((buffer) => buffer.buffer as ArrayBuffer) };
}

function revive(value: unknown, buffers: Uint8Array[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => revive(item, buffers));
  if (typeof (value as Tagged).$type === "string") return reviveTagged(value as Tagged, buffers);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, buffers)]));
}

function reviveTagged(found: Tagged, buffers: Uint8Array[]): unknown {
  const entries = () => found.entries.map((pair) => revive(pair, buffers) as [string, unknown]);
  switch (found.$type) {
    case "int":
      return BigInt(found.value);
    case "float":
      return Number(found.value);
    case "set":
      return new Set(revive(found.items, buffers) as unknown[]);
    case "map":
      return new Map(entries());
    case "object":
      return Object.fromEntries(entries());
    case "bytes":
      return buffers[found.buffer];
    case "ndarray":
      return reviveArray(found, buffers);
    default:
      throw new TypeError(`a value of the unknown kind ${found.$type} came from Python`);
  }
}

function reviveArray(found: Tagged, buffers: Uint8Array[]): NDArray {
  const View = VIEWS[found.dtype] as ViewConstructor;
  const bytes = buffers[found.buffer] as Uint8Array;
  return { dtype: found.dtype, shape: found.shape, data: new View(bytes.buffer as ArrayBuffer) };
}

/** A value has no form in Python. */
export class Unsendable extends TypeError {}

/** How a browser's File becomes a path that Python can open. */
export type Mount = (file: File) => { path: string; name: string; size: number };

/** Write a request's payload as JSON text and the buffers that it refers to by position. */
export function encode(payload: unknown, mount: Mount): { text: string; buffers: Uint8Array[] } {
  const buffers: Uint8Array[] = [];
  const text = JSON.stringify(plain(payload, buffers, mount, "payload", 0));
  return { text: text ?? "null", buffers };
}

const DEEPEST = 500;

function plain(value: unknown, buffers: Uint8Array[], mount: Mount, path: string, depth: number): unknown {
  if (depth > DEEPEST) throw new Unsendable(`${path.slice(0, 60)}… is nested too deeply, or contains itself`);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "number":
      return Number.isFinite(value) ? value : { $type: "float", value: String(value) };
    case "bigint":
      return { $type: "int", value: String(value) };
    case "object":
      return value === null ? null : plainObject(value, buffers, mount, path, depth + 1);
    default:
      throw new Unsendable(`${path} is a ${typeof value}, which cannot be sent to Python`);
  }
}

function plainObject(value: object, buffers: Uint8Array[], mount: Mount, path: string, depth: number): unknown {
  const inner = (item: unknown, step: string) => plain(item, buffers, mount, path + step, depth);
  const add = (bytes: Uint8Array) => buffers.push(bytes) - 1;
  if (Array.isArray(value)) return value.map((item, index) => inner(item, `[${index}]`));
  if (value instanceof Uint8Array) return { $type: "bytes", buffer: add(value) };
  if (value instanceof ArrayBuffer) return { $type: "bytes", buffer: add(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) return encodeArray(value, [(value as Int8Array).length], add, path);
  if (value instanceof File) return { $type: "file", ...mount(value) };
  if (value instanceof Set) return { $type: "set", items: [...value].map((item) => inner(item, ".item")) };
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [inner(key, ".key"), inner(item, `[${String(key)}]`)]);
    return { $type: "map", entries };
  }
  // Whatever else has a kind of its own (a date, an expression, an error) would become an object without contents.
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new Unsendable(`${path} is a ${value.constructor.name}, which cannot be sent to Python`);
  }
  const { data, shape } = value as Partial<NDArray>;
  if (ArrayBuffer.isView(data) && Array.isArray(shape)) return encodeArray(data, shape, add, path);
  const entries = Object.entries(value).map(([key, item]) => [key, inner(item, `.${key}`)] as const);
  return "$type" in value ? { $type: "object", entries } : Object.fromEntries(entries);
}

function encodeArray(
  view: ArrayBufferView,
  shape: number[],
  add: (bytes: Uint8Array) => number,
  path: string,
): unknown {
  const dtype = Object.keys(VIEWS).find((name) => name !== "bool" && view instanceof (VIEWS[name] as ViewConstructor));
  if (!dtype) throw new Unsendable(`${path} is a ${view.constructor.name}, which cannot be sent to Python`);
  const bytes = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
  return { $type: "ndarray", dtype, shape, buffer: add(bytes) };
}
