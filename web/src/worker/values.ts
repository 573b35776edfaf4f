/**
 * Values on the wire between the worker's script and Python: JSON text, with binary data beside it.
 * The forms are those of `sidestage.worker.values`, which lists them.
 */

import { LARGE_TEXT } from "../protocol/limits.gen.js";
import type { PlacedText } from "../protocol/placed_texts.js";
import { type ArrayForm, bytesSeen, flatForm, isArray, readArray, shapedForm } from "./arrays.js";
import { type RecordsForm, readRecords } from "./records.js";
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

/** JSON text: a string, or where that is large, its UTF-8 bytes. */
export type WireText = string | Uint8Array;

// Taken before any code of others runs. What looks like a mark of the byte order is a character of the text.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

/**
 * Read a whole message. Returns it with the buffers that can be handed over instead of cloned. Large texts among them are
 * not here: they went before, and the message tells their places in it as `texts`.
 */
export function decode(wireText: WireText, buffers: Uint8Array[]): { message: unknown; transfer: ArrayBuffer[] } {
  const text = typeof wireText === "string" ? wireText : utf8.decode(wireText);
  const message = JSON.parse(text);
  if (!text.includes('"$type"')) return { message, transfer: [] };
  const texts: PlacedText[] = [];
  const revived = revive(message, buffers, texts) as object;
  const transfer = buffers.filter(Boolean).map((buffer) => buffer.buffer as ArrayBuffer);
  return { message: texts.length > 0 ? { ...revived, texts } : revived, transfer };
}

function revive(value: unknown, buffers: Uint8Array[], texts: PlacedText[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const made: unknown[] = [];
    for (const [index, item] of value.entries()) made.push(placed(item, made, index, buffers, texts));
    return made;
  }
  if (typeof (value as Tagged).$type === "string") return reviveTagged(value as Tagged, buffers, texts);
  return revivedObject(Object.entries(value), buffers, texts);
}

function revivedObject(entries: [string, unknown][], buffers: Uint8Array[], texts: PlacedText[]): object {
  const made = {};
  for (const [key, item] of entries) {
    const value = placed(item, made, key, buffers, texts);
    // A key may be called like something that every object has.
    Object.defineProperty(made, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return made;
}

/** A value that stands in a container; of a large text, a place that is filled later. */
function placed(item: unknown, container: object, key: unknown, buffers: Uint8Array[], texts: PlacedText[]): unknown {
  if ((item as Tagged | null)?.$type !== "text") return revive(item, buffers, texts);
  texts.push([container, key, (item as Tagged).buffer]);
  return "";
}

function reviveTagged(found: Tagged, buffers: Uint8Array[], texts: PlacedText[]): unknown {
  switch (found.$type) {
    case "int":
      return BigInt(found.value);
    case "float":
      return Number(found.value);
    case "set":
      return new Set(found.items.map((item) => revive(item, buffers, texts)));
    case "map":
      return revivedMap(found.entries, buffers, texts);
    case "object":
      return revivedObject(found.entries as [string, unknown][], buffers, texts);
    case "bytes":
      return buffers[found.buffer];
    case "records":
      return readRecords(found as unknown as RecordsForm, buffers, (value) => revive(value, buffers, texts));
    case "ndarray":
      return readArray({ ...found, bytes: buffers[found.buffer] as Uint8Array });
    default:
      throw new TypeError(`a value of the unknown kind ${found.$type} came from Python`);
  }
}

function revivedMap(entries: [unknown, unknown][], buffers: Uint8Array[], texts: PlacedText[]): Map<unknown, unknown> {
  const made = new Map<unknown, unknown>();
  for (const [rawKey, item] of entries) {
    const key = revive(rawKey, buffers, texts);
    made.set(key, placed(item, made, key, buffers, texts));
  }
  return made;
}

/** How a browser's File becomes a path that Python can open. */
export type Mount = (file: File) => { path: string; name: string; size: number };

/** Write a request's payload as JSON text and the buffers that it refers to by position. */
export function encode(payload: unknown, mount: Mount): { text: WireText; buffers: Uint8Array[] } {
  const buffers: Uint8Array[] = [];
  const text = JSON.stringify(plain(payload, buffers, mount, "payload", 0)) ?? "null";
  return { text: text.length < LARGE_TEXT ? text : toUtf8.encode(text), buffers };
}

const DEEPEST = 500;
const LARGEST_WHOLE = 2 ** 64;

function plain(value: unknown, buffers: Uint8Array[], mount: Mount, path: string, depth: number): unknown {
  if (depth > DEEPEST) throw new Unsendable(`${path.slice(0, 60)}… is nested too deeply, or contains itself`);
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      return value.length < LARGE_TEXT ? value : plainText(value, buffers);
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

/** A large text as UTF-8 bytes, unless there is half a character in it, which has none. */
function plainText(text: string, buffers: Uint8Array[]): unknown {
  const { isWellFormed } = text as { isWellFormed?: () => boolean };
  return isWellFormed?.call(text) ? { $type: "text", buffer: buffers.push(toUtf8.encode(text)) - 1 } : text;
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
