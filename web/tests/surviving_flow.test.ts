import { describe, expect, it } from "vitest";
import type { FlowEngine } from "../src/flow/run_cycle.js";
import { FlowDiverged, SurvivingFlow } from "../src/flow/surviving_flow.js";
import type { Command, Response } from "../src/protocol/types.gen.js";

const START = { script: "study.py", sessionId: "s" };
const log = (message: string): Command => ({ __type__: "CommandSystemLog", level: "info", message, json_string: "{}" });
const answer = (value: string): Response => ({
  __type__: "Response",
  command: "CommandSystemLog",
  payload: { __type__: "PayloadString", value },
});

/** An engine whose flow asks "1", "2", "3" in turn, and whose worker dies at the requests named. */
class MortalEngine implements FlowEngine {
  readonly requests: string[] = [];
  #asked = 0;
  #running = false;

  constructor(
    private readonly deaths: number[] = [],
    private readonly ask = (number: number) => log(String(number)),
  ) {}

  init = async () => undefined;
  destroy = () => undefined;

  kill(): void {
    this.#running = false;
  }

  startFlow = async (): Promise<Command> => {
    this.#live("start");
    this.#running = true;
    this.#asked = 1;
    return this.ask(1);
  };

  answer = async ({ payload }: Response): Promise<Command> => {
    this.#live(String(payload.value));
    if (!this.#running) throw new Error("no flow is under way");
    this.#asked += 1;
    return this.ask(this.#asked);
  };

  #live(request: string): void {
    this.requests.push(request);
    if (!this.deaths.includes(this.requests.length)) return;
    this.#running = false;
    throw Object.assign(new Error("dead"), { name: "WorkerCrashed" });
  }
}

describe("a flow that survives its worker", () => {
  it("is started anew and given its answers again when the worker dies while it works", async () => {
    const engine = new MortalEngine([3]);
    const flow = new SurvivingFlow(engine, START);
    await flow.start();
    expect(await flow.answer(answer("a"))).toEqual(log("2"));
    expect(await flow.answer(answer("b"))).toEqual(log("3"));
    expect(engine.requests).toEqual(["start", "a", "b", "start", "a", "b"]);
  });

  it("is brought back at the next answer when the worker died while a prompt waited", async () => {
    const engine = new MortalEngine();
    const flow = new SurvivingFlow(engine, START);
    await flow.start();
    await flow.answer(answer("a"));
    engine.kill();
    flow.lose();
    expect(await flow.answer(answer("b"))).toEqual(log("3"));
    expect(engine.requests).toEqual(["start", "a", "start", "a", "b"]);
  });

  it("gives up when the worker dies again and again", async () => {
    const engine = new MortalEngine([2, 4, 6]);
    const flow = new SurvivingFlow(engine, START);
    await flow.start();
    await expect(flow.answer(answer("a"))).rejects.toMatchObject({ name: "WorkerCrashed" });
    expect(engine.requests).toEqual(["start", "a", "start", "a", "start", "a"]);
  });

  it("says so when the script takes another way", async () => {
    let starts = 0;
    const engine = new MortalEngine([3], (number) => {
      if (number === 1) starts += 1;
      return log(`${number} ${number === 2 ? starts : ""}`);
    });
    const flow = new SurvivingFlow(engine, START);
    await flow.start();
    await flow.answer(answer("a"));
    await expect(flow.answer(answer("b"))).rejects.toBeInstanceOf(FlowDiverged);
  });

  it("goes on from answers that were kept, and keeps on keeping them", async () => {
    const before = new SurvivingFlow(new MortalEngine(), START);
    await before.start();
    await before.answer(answer("a"));
    const engine = new MortalEngine();
    const flow = new SurvivingFlow(engine, START, JSON.parse(JSON.stringify(before.turns)));
    expect(await flow.start()).toEqual(log("2"));
    await flow.answer(answer("b"));
    expect(engine.requests).toEqual(["start", "a", "b"]);
    expect(flow.turns.map(({ response }) => response.payload.value)).toEqual(["a", "b"]);
  });

  it("passes on what is no death", async () => {
    const engine = new MortalEngine();
    const flow = new SurvivingFlow(engine, START);
    await expect(flow.answer(answer("a"))).rejects.toThrow("no flow is under way");
  });
});
