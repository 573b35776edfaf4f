/**
 * Values on the wire between the worker's script and Python: JSON text, with binary data beside it.
 * The forms are those of `sidestage.worker.values`, which lists them.
 */

import { type ArrayForm, bytesSeen, flatForm, isArray, readArray, shapedForm } from "./arrays.js";
import { Unsendable } from "./unsendable.js";

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
      return readArray({ ...found, bytes: buffers[found.buffer] as Uint8Array });
    default:
      throw new TypeError(`a value of the unknown kind ${found.$type} came from Python`);
  }
}

/** How a browser's File becomes a path that Python can open. */
export type Mount = (file: File) => { path: string; name: string; size: number };

/** Write a request's payload as JSON text and the buffers that it refers to by position. */
export function encode(payload: unknown, mount: Mount): { text: string; buffers: Uint8Array[] } {
  const buffers: Uint8Array[] = [];
  const text = JSON.stringify(plain(payload, buffers, mount, "payload", 0));
  return { text: text ?? "null", buffers };
}

const DEEPEST = 500;
const LARGEST_WHOLE = 2 ** 64;

function plain(value: unknown, buffers: Uint8Array[], mount: Mount, path: string, depth: number): unknown {
  if (depth > DEEPEST) throw new Unsendable(`${path.slice(0, 60)}… is nested too deeply, or contains itself`);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "number":
      return plainNumber(value);
    case "bigint":
      return { $type: "int", value: String(value) };
    case "object":
      return value === null ? null : plainObject(value, buffers, mount, path, depth + 1);
    default:
      throw new Unsendable(`${path} is a ${typeof value}, which cannot be sent to Python`);
  }
}

/**
 * Python reads a number without a fraction as an int, of which JSON has all digits. Beyond 2**64 it is a float there, as
 * it is here; so is what is no number, and minus nought.
 */
function plainNumber(value: number): unknown {
  if (!Number.isInteger(value)) return Number.isFinite(value) ? value : { $type: "float", value: String(value) };
  if (Object.is(value, -0)) return { $type: "float", value: "-0" };
  if (Number.isSafeInteger(value)) return value;
  const isWhole = Math.abs(value) <= LARGEST_WHOLE;
  return isWhole ? { $type: "int", value: String(BigInt(value)) } : { $type: "float", value: String(value) };
}

function plainObject(value: object, buffers: Uint8Array[], mount: Mount, path: string, depth: number): unknown {
  const inner = (item: unknown, step: string) => plain(item, buffers, mount, path + step, depth);
  const add = (bytes: Uint8Array) => buffers.push(bytes) - 1;
  const array = ({ bytes, ...form }: ArrayForm) => ({ $type: "ndarray", ...form, buffer: add(bytes) });
  if (Array.isArray(value)) return value.map((item, index) => inner(item, `[${index}]`));
  if (value instanceof Uint8Array || value instanceof DataView) {
    return { $type: "bytes", buffer: add(bytesSeen(value, path)) };
  }
  if (value instanceof ArrayBuffer) return { $type: "bytes", buffer: add(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) return array(flatForm(value, path));
  if (value instanceof File) return { $type: "file", ...mount(value) };
  if (value instanceof Set) return { $type: "set", items: [...value].map((item, index) => inner(item, `[${index}]`)) };
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [inner(key, ".key"), inner(item, stepTo(key))]);
    return { $type: "map", entries };
  }
  // Whatever else has a kind of its own (a date, an expression, an error) would become an object without contents.
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
    throw new Unsendable(`${path} is a ${kind}, which cannot be sent to Python`);
  }
  if (isArray(value)) return array(shapedForm(value, path));
  const entries = Object.entries(value).map(([key, item]) => [key, inner(item, `.${key}`)] as const);
  return "$type" in value ? { $type: "object", entries } : Object.fromEntries(entries);
}

/** How the way to an entry of a Map is told. */
function stepTo(key: unknown): string {
  return typeof key === "object" ? "[…]" : `[${String(key)}]`;
}
