// Runs one case of engine_cases.json against the engine: calls in order, and what came of each, in the wire's form.
// `given` is the case; `make`, `logs` and `crashes` come from the prelude.

const VIEWS = { bool: Uint8Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array,
  int32: Int32Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array, float16: globalThis.Float16Array,
  float32: Float32Array, float64: Float64Array };
const fromHex = (text) => new Uint8Array((text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
const toHex = (view) => Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
  (byte) => byte.toString(16).padStart(2, "0")).join("");

function revived(value, buffers) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => revived(item, buffers));
  switch (value.$type) {
    case "int": return BigInt(value.value);
    case "float": return Number(value.value);
    case "set": return new Set(revived(value.items, buffers));
    case "map": return new Map(revived(value.entries, buffers));
    case "object": return Object.fromEntries(revived(value.entries, buffers));
    case "bytes": return buffers[value.buffer];
    case "ndarray": {
      const data = new VIEWS[value.dtype](buffers[value.buffer].buffer);
      return { dtype: value.dtype, shape: value.shape, data };
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item, buffers)]));
}

function described(value, buffers) {
  const inner = (item) => described(item, buffers);
  const add = (view) => buffers.push(toHex(view)) - 1;
  if (typeof value === "bigint") return { $type: "int", value: String(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { $type: "float", value: String(value) };
  if (typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Set) return { $type: "set", items: [...value].map(inner) };
  if (value instanceof Map) return { $type: "map", entries: [...value].map(inner) };
  if (value instanceof Uint8Array) return { $type: "bytes", buffer: add(value) };
  if (ArrayBuffer.isView(value.data)) {
    return { $type: "ndarray", dtype: value.dtype, shape: value.shape, buffer: add(value.data) };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, inner(item)]);
  return "$type" in value ? { $type: "object", entries } : Object.fromEntries(entries);
}

const worker = make();

function call(step) {
  const buffers = (step.givenBuffers ?? []).map(fromHex);
  const { timeout } = step;
  const globals = step.globals && revived(step.globals, buffers);
  switch (step.call) {
    case "init": return worker.init({ packages: step.packages ?? [], files: revived(step.files ?? {}, buffers), globals, timeout });
    case "runPython": return worker.runPython(step.code, { globals, timeout });
    case "installPackages": return worker.installPackages(step.packages, { timeout });
    case "startFlow": {
      const { script, sessionId, platform, title } = step;
      return worker.startFlow({ script, sessionId, platform, title, timeout });
    }
    case "answer": return worker.answer(step.response, { timeout });
    case "interrupt": return worker.interrupt();
    case "destroy": return worker.destroy();
  }
  return worker[step.call](...revived(step.args ?? [], buffers), { ...revived(step.options ?? {}, buffers), timeout });
}

async function outcome(step) {
  await new Promise((resolve) => setTimeout(resolve, step.after ?? 0));
  try {
    const buffers = [];
    return { value: described(await call(step), buffers), buffers };
  } catch (error) {
    const { name, message, pythonTraceback: traceback = "", failedIndex, partialResults } = error;
    const batch = failedIndex !== undefined && { failedIndex, partialResults: described(partialResults, []) };
    return { error: { name, message, traceback, ...batch } };
  }
}

if (given.start !== false) await call({ call: "init", packages: given.packages, ...given.init });
const steps = [];
for (const step of given.steps) {
  logs.length = 0;
  const outcomes = await Promise.all((step.together ?? [step]).map(outcome));
  steps.push({ outcomes, logs: logs.map((line) => [line.stream, line.text]) });
}
worker.destroy();
// As text, because a lone surrogate gets through no other way.
return JSON.stringify({ steps, crashes: crashes.length });
