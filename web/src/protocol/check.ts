/**
 * Whether a value is what the protocol says, by the shapes that are generated from the Python definitions.
 *
 * Two halves that were built apart, or a page that posts something of its own, are noticed at the door with a sentence
 * that names the place, not later by whatever breaks on it.
 */
import type { Shape } from "./shape.js";
import { MESSAGES, UNIONS, WIRE_TYPES } from "./shapes.gen.js";

const SCALARS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  unknown: () => true,
  File: (value) => typeof File === "function" && value instanceof File,
};

/**
 * Check a value against a type or a union of the protocol, such as "Command".
 *
 * Returns null when it fits, else a sentence such as `Command.page.body[0].text must be a string or a Translatable`.
 */
export function check(type: string, value: unknown): string | null {
  const wrong = mistake(type, value);
  return wrong === null ? null : type + wrong;
}

/** Check a whole message, `{type, id, payload}`, like `check`. */
export function checkMessage(message: unknown): string | null {
  const misfit = checkEnvelope(message);
  if (misfit !== null) return misfit;
  const { type, payload } = message as { type: string; payload: unknown };
  const wrong = mistake(MESSAGES[type] as string, payload);
  return wrong === null ? null : `${type}.payload${wrong}`;
}

/** Check the outside of a message: its type, its id, and that it has a payload. */
export function checkEnvelope(message: unknown): string | null {
  if (!isObject(message)) return "A message must be an object";
  const { type, id, payload } = message;
  const expected = typeof type === "string" && Object.hasOwn(MESSAGES, type) ? MESSAGES[type] : undefined;
  if (expected === undefined) return `A message's type must be one of ${Object.keys(MESSAGES).join(", ")}`;
  if (id !== null && !Number.isInteger(id)) return `${type}.id must be a whole number or null`;
  return isObject(payload) ? null : `${type}.payload${mustBe([expected])}`;
}

/** What is wrong, starting with the path from here; null when nothing is. */
function mistake(shape: Shape, value: unknown): string | null {
  if (typeof shape === "string") {
    const fits = SCALARS[shape];
    if (fits) return fits(value) ? null : mustBe([shape]);
    const members = UNIONS[shape];
    return members ? noneOf(members, value) : inWireType(shape, value);
  }
  if ("anyOf" in shape) return noneOf(shape.anyOf, value);
  if ("is" in shape) return shape.is.includes(value) ? null : ` must be ${shape.is.map(quoted).join(" or ")}`;
  if ("list" in shape) return inList(shape.list, value);
  return inRecord(shape.record, value);
}

function inWireType(name: string, value: unknown): string | null {
  const fields = WIRE_TYPES[name];
  if (!fields || !isObject(value)) return mustBe([name]);
  let present = 0;
  for (const [key, shape, optional] of fields as [string, Shape, 1?][]) {
    const item = value[key];
    if (item !== undefined) present++;
    if (optional && (item === undefined || item === null)) continue;
    if (item === undefined) return `.${key} is missing`;
    const wrong = mistake(shape, item);
    if (wrong !== null) return `.${key}${wrong}`;
  }
  const keys = Object.keys(value);
  if (keys.length === present) return null;
  const stray = keys.find((key) => value[key] !== undefined && !fields.some((field) => field[0] === key));
  return stray === undefined ? null : `.${stray} is not a field of ${name}`;
}

function inList(shape: Shape, value: unknown): string | null {
  if (!Array.isArray(value)) return " must be a list";
  for (let position = 0; position < value.length; position++) {
    const wrong = mistake(shape, value[position]);
    if (wrong !== null) return `[${position}]${wrong}`;
  }
  return null;
}

function inRecord(shape: Shape, value: unknown): string | null {
  if (!isObject(value)) return " must be an object";
  for (const key of Object.keys(value)) {
    const wrong = mistake(shape, value[key]);
    if (wrong !== null) return `[${JSON.stringify(key)}]${wrong}`;
  }
  return null;
}

/** Null when one of the shapes fits; a value that names its own type is only held against that one. */
function noneOf(shapes: Shape[], value: unknown): string | null {
  const own = isObject(value) ? value.__type__ : undefined;
  if (typeof own === "string" && shapes.includes(own)) return inWireType(own, value);
  let closest = mustBe(shapes);
  for (const shape of shapes) {
    const wrong = mistake(shape, value);
    if (wrong === null) return null;
    // What is wrong further inside tells more, where the value can only be meant as this one.
    if (own === undefined && !wrong.startsWith(" ") && !wrong.startsWith(".__type__")) closest = wrong;
  }
  return closest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mustBe(shapes: Shape[]): string {
  const names = shapes.map((shape) => (typeof shape === "string" ? shape : "list" in shape ? "list" : "object"));
  return ` must be ${names.map((name) => `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`).join(" or ")}`;
}

function quoted(literal: unknown): string {
  return JSON.stringify(literal);
}
