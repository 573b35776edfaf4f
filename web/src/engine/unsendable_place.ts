/**
 * Finds what in a request cannot be posted to a worker, or cannot be received there. It is looked for only after that
 * has happened, so that requests which can be sent pay nothing for it.
 */

/** What every worker can receive, besides arrays, objects, maps and sets. */
const RECEIVED = [
  ...["Date", "RegExp", "Error", "Blob", "File", "FileList", "ArrayBuffer", "DataView", "ImageData", "Object"],
  ...["Number", "String", "Boolean", "BigInt"],
];
/** How much of the way to it is told, in characters. */
const MOST_TOLD = 120;

/** A sentence with the place of the first such value, such as `payload.globals.x[0] is a Function`; null if none is found. */
export function findUnsendable(payload: unknown): string | null {
  const seen = new Set<unknown>();
  const waiting: [value: unknown, path: string][] = [[payload, "payload"]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, path] = next;
    if (seen.has(value)) continue;
    const inner = partsOf(value, path);
    if (inner) {
      seen.add(value);
      waiting.push(...inner.reverse());
    } else if (!canBeReceived(value)) {
      const place = path.length <= MOST_TOLD ? path : `${path.slice(0, MOST_TOLD)}…`;
      return `${place} ${whatItIs(value)}, which cannot be sent to Python`;
    }
  }
  return null;
}

/** What stands in a container, with the way there; null for what is none. */
function partsOf(value: unknown, path: string): [unknown, string][] | null {
  if (Array.isArray(value)) return value.map((item, index) => [item, `${path}[${index}]`]);
  if (value instanceof Set) return [...value].map((item, index) => [item, `${path}[${index}]`]);
  if (value instanceof Map) {
    return [...value].flatMap(([key, item], index): [unknown, string][] => [
      [key, `${path}.key`],
      [item, `${path}[${typeof key === "object" ? index : String(key)}]`],
    ]);
  }
  if (kindOf(value) !== "Object" || typeof value !== "object") return null;
  return Object.entries(value as object).map(([key, item]) => [item, `${path}.${key}`]);
}

function canBeReceived(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  if (ArrayBuffer.isView(value)) return kindOf(value.buffer) === "ArrayBuffer";
  return RECEIVED.includes(kindOf(value));
}

function whatItIs(value: unknown): string {
  return ArrayBuffer.isView(value) ? "lies in a SharedArrayBuffer" : `is a ${kindOf(value)}`;
}

/** What a value is called, such as "WebAssembly.Module". */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
