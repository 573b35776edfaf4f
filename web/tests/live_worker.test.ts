import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LiveWorker } from "../src/engine/live_worker.js";
import { ANSWERS, MESSAGES, WIRE_TYPES } from "../src/protocol/shapes.gen.js";

/** A request that tells something of its own while it runs; no room has one yet. */
const MEASURED = "measured" as never;

/** A worker at the other end of a real channel, which says what a test tells it to say. */
function open() {
  const { port1, port2 } = new MessageChannel();
  const fetched: string[][] = [];
  const refused: string[] = [];
  const logged: unknown[] = [];
  const container = {
    start: () => ({ port: port1, provide: () => undefined, interrupt: async () => false, end: () => port2.close() }),
    close: () => undefined,
  };
  const worker = new LiveWorker(container as never, {
    onProgress: (report) => logged.push(report),
    onLog: ({ lines }) => logged.push(...lines),
    onCrash: () => undefined,
    onRefused: (sentence) => refused.push(sentence),
    packageArchives: async (names) => {
      fetched.push(names);
      return [];
    },
  });
  return {
    worker,
    refused,
    logged,
    fetched,
    say: (message: object, transfer: Transferable[] = []) => port2.postMessage(message, transfer),
  };
}

describe("a reply with a large text", () => {
  it("has the text in its place", async () => {
    const { worker, say } = open();
    const reply = worker.request("runPython", 3, { code: "" });
    await Promise.resolve();
    const list = [1, ""];
    say({ type: "textPiece", id: null, payload: { position: 0, piece: new TextEncoder().encode("é"), isLast: true } });
    say({ type: "result", id: 3, payload: { value: { list } }, texts: [[list, 1, 0]] });
    expect(await reply).toEqual({ value: { list: [1, "é"] } });
  });

  it("is a ConversionError where the text cannot be read", async () => {
    const { worker, say } = open();
    const reply = worker.request("runPython", 3, { code: "" });
    await Promise.resolve();
    say({ type: "textPiece", id: null, payload: { position: 0, piece: new Uint8Array([255]), isLast: true } });
    say({ type: "result", id: 3, payload: { value: [""] }, texts: [] });
    await expect(reply).rejects.toMatchObject({ name: "ConversionError", id: 3 });
  });
});

describe("what a request tells while it runs", () => {
  beforeEach(() => {
    WIRE_TYPES.MeasuredReport = [
      ["position", "integer"],
      ["samples", "unknown"],
    ];
    MESSAGES.measured = "MeasuredReport";
    ANSWERS.runPython?.reports.push("measured");
  });
  afterEach(() => {
    delete WIRE_TYPES.MeasuredReport;
    delete MESSAGES.measured;
    ANSWERS.runPython?.reports.pop();
  });

  it("is heard by whoever made the request, with its arrays, and before the reply", async () => {
    const { worker, say } = open();
    const heard: unknown[] = [];
    const samples = { dtype: "float64", shape: [2], data: new Float64Array([1, 2]) };
    const reply = worker.request("runPython", 3, { code: "" }, { [MEASURED]: (report: unknown) => heard.push(report) });
    await Promise.resolve();
    say({ type: "measured", id: 3, payload: { position: 0, samples } }, [samples.data.buffer]);
    say({ type: "measured", id: 3, payload: { position: 1, samples: new Uint8Array([7]) } });
    say({ type: "result", id: 3, payload: { value: new Map([[1, 2]]) } });
    expect(await reply).toEqual({ value: new Map([[1, 2]]) });
    expect(heard).toEqual([
      { position: 0, samples: { dtype: "float64", shape: [2], data: new Float64Array([1, 2]) } },
      { position: 1, samples: new Uint8Array([7]) },
    ]);
  });

  it("is refused where it does not fit, belongs to another request, or to none", async () => {
    const { worker, refused, say } = open();
    const heard: unknown[] = [];
    say({ type: "measured", id: 3, payload: { position: 0 } });
    await new Promise((done) => setTimeout(done, 20));
    const reply = worker.request("runPython", 3, { code: "" }, { [MEASURED]: (report: unknown) => heard.push(report) });
    await Promise.resolve();
    say({ type: "measured", id: 3, payload: { position: "first", samples: null } });
    say({ type: "measured", id: 2, payload: { position: 0, samples: null } });
    say({ type: "result", id: 3, payload: {} });
    await reply;
    const other = worker.request("installPackages", 4, { packages: [] });
    await Promise.resolve();
    say({ type: "measured", id: 4, payload: { position: 0, samples: null } });
    say({ type: "installed", id: 4, payload: { packages: [] } });
    await other;
    expect(heard).toEqual([]);
    const sentence = (why: string) => `A message from Python was refused. ${why}.`;
    expect(refused).toEqual([
      sentence("measured.payload.samples is missing"),
      sentence("measured.payload.position must be an integer"),
      sentence("It is a measured to request 2, and what was asked is request 3"),
      sentence("It is a measured, and installPackages is answered by installed"),
    ]);
  });

  it("is progress or lines for the whole worker, whoever listens to the request", async () => {
    const { worker, logged, say } = open();
    const reply = worker.request("runPython", 3, { code: "" });
    await Promise.resolve();
    say({ type: "log", id: 3, payload: { lines: [{ stream: "system", text: "half" }] } });
    say({ type: "progress", id: 3, payload: { stage: "packages", message: "half", value: 50 } });
    say({ type: "result", id: 3, payload: { value: 1 } });
    await reply;
    expect(logged).toEqual([
      { stream: "system", text: "half" },
      { stage: "packages", message: "half", value: 50 },
    ]);
  });
});

it("leaves what a flow asks for to whoever performs it, so that the flow hears what does not fit", async () => {
  const { worker, say } = open();
  const reply = worker.request("answer", 5, {});
  await Promise.resolve();
  say({ type: "command", id: 5, payload: { command: { __type__: "CommandUnheardOf" } } });
  expect(await reply).toEqual({ command: { __type__: "CommandUnheardOf" } });
});

it("fetches packages only for a request that installs some: a server sees what is fetched, and when", async () => {
  const { worker, fetched, refused, say } = open();
  const ask = (id: number, name: string) => say({ type: "packageArchives", id, payload: { packages: [name] } });
  const whileRunning = async (type: "runPython" | "installPackages", id: number, answer: object) => {
    const reply = worker.request(type, id, (type === "runPython" ? { code: "" } : { packages: [] }) as never);
    await Promise.resolve();
    ask(id - 1, "early");
    ask(id, `in ${type}`);
    say({ type: type === "runPython" ? "result" : "installed", id, payload: answer });
    await reply;
  };
  await whileRunning("runPython", 3, { value: 1 });
  await whileRunning("installPackages", 4, { packages: [] });
  ask(4, "late");
  await new Promise((done) => setTimeout(done, 20));
  expect(fetched).toEqual([["in installPackages"]]);
  expect(refused.length).toBe(4);
});
