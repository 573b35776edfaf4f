import { describe, expect, it, vi } from "vitest";
import { type FlowEngine, type FlowStart, runCycle, type Screen } from "../src/flow/run_cycle.js";
import { SurvivingFlow } from "../src/flow/surviving_flow.js";
import type { Bridge, LogEntry } from "../src/outgoing/bridge.js";
import { ConsentGate } from "../src/outgoing/consent_gate.js";
import { Diagnostics } from "../src/outgoing/diagnostics.js";
import { KnownWords } from "../src/outgoing/known_words.js";
import { SessionData } from "../src/outgoing/session_data.js";
import { UnseenNames } from "../src/outgoing/unseen_names.js";
import type { Command, DonationResult, Page, Payload, Response } from "../src/protocol/types.gen.js";

const START: FlowStart = { script: "study.py", sessionId: "s" };
const PAGE: Page = { __type__: "PropsUIPageEnd" };
const SHOW: Command = { __type__: "CommandUIRender", page: PAGE };
const DONATE: Command = { __type__: "CommandSystemDonate", key: "chats", json_string: "{}" };
const EXIT: Command = { __type__: "CommandSystemExit", code: 0, info: "End of script" };
const YES: Payload = { __type__: "PayloadTrue", value: true };

class ScriptedEngine implements FlowEngine {
  readonly answers: Response[] = [];

  constructor(private readonly commands: unknown[]) {}

  init = async () => undefined;
  startFlow = async () => this.commands.shift() as Command;
  destroy = () => undefined;
  answer = async (response: Response) => {
    this.answers.push(response);
    return this.commands.shift() as Command;
  };

  get payloads(): Payload[] {
    return this.answers.map(({ payload }) => payload);
  }
}

class RecordingBridge implements Bridge {
  readonly destination = { kind: "server", origin: "" } as const;
  readonly said: string[] = [];

  constructor(private readonly results: (DonationResult | null)[] = []) {}

  async donate(key: string): Promise<DonationResult | null> {
    this.said.push(`donate ${key}`);
    return this.results.shift() ?? null;
  }

  log = ({ message }: LogEntry) => void this.said.push(`log ${message}`);
  flush = () => void this.said.push("flush");
  exit = async (code: number) => void this.said.push(`exit ${code}`);
  event = (name: string) => void this.said.push(`event ${name}`);
}

class RecordingScreen implements Screen {
  readonly said: string[] = [];

  constructor(private readonly choices: ("again" | "continue")[] = []) {}

  async show(): Promise<Payload> {
    this.said.push("show");
    return YES;
  }

  sending = () => void this.said.push("sending");
  tellRefused = ({ error }: DonationResult) => void this.said.push(`refused ${error}`);

  async askUnsent(): Promise<"again" | "continue"> {
    this.said.push("unsent");
    return this.choices.shift() ?? "continue";
  }

  async showUnknown(name: string): Promise<void> {
    this.said.push(`unknown ${name}`);
  }
}

const failed = (status: number, error?: string): DonationResult => ({
  success: false,
  key: "chats",
  status,
  ...(error && { error }),
});
/** A gate that lets the donation above and all log lines pass. */
const through = (bridge: Bridge) =>
  new ConsentGate(bridge, {
    platform: null,
    sessionData: new SessionData({ chats: "Chats", log: "Log lines" }),
    diagnostics: new Diagnostics(),
    names: new UnseenNames(
      new KnownWords({ sessionId: "s1", platform: null, declared: ["chats"], source: async () => [] }),
    ),
    ask: async () => false,
  });
const flow = (engine: FlowEngine) => new SurvivingFlow(engine, START);
const arrived: DonationResult = { success: true, key: "chats", status: 200 };

describe("the run cycle", () => {
  it("shows, answers with the command's name and the payload, and ends with the exit", async () => {
    const engine = new ScriptedEngine([SHOW, EXIT]);
    const bridge = new RecordingBridge();
    expect(await runCycle(flow(engine), through(bridge), new RecordingScreen())).toEqual(EXIT);
    expect(engine.answers).toEqual([{ __type__: "Response", command: "CommandUIRender", payload: YES }]);
    expect(bridge.said.at(-1)).toBe("exit 0");
  });

  it("flushes the log after every cycle", async () => {
    const log: Command = { __type__: "CommandSystemLog", level: "info", message: "hi", json_string: "{}" };
    const bridge = new RecordingBridge();
    await runCycle(flow(new ScriptedEngine([log, SHOW, EXIT])), through(bridge), new RecordingScreen());
    expect(bridge.said).toEqual(["log hi", "flush", "flush", "exit 0"]);
  });

  it("answers a donation with its result", async () => {
    const engine = new ScriptedEngine([DONATE, EXIT]);
    await runCycle(flow(engine), through(new RecordingBridge([arrived])), new RecordingScreen());
    expect(engine.payloads).toEqual([{ __type__: "PayloadResponse", value: arrived }]);
  });

  it("answers with nothing where the other side acknowledges nothing", async () => {
    const engine = new ScriptedEngine([DONATE, EXIT]);
    await runCycle(flow(engine), through(new RecordingBridge([null])), new RecordingScreen());
    expect(engine.payloads).toEqual([{ __type__: "PayloadVoid", value: null }]);
  });

  it("sends an undelivered donation again as often as the participant asks", async () => {
    const engine = new ScriptedEngine([DONATE, EXIT]);
    const screen = new RecordingScreen(["again", "again"]);
    await runCycle(flow(engine), through(new RecordingBridge([failed(0), failed(503), arrived])), screen);
    expect(screen.said).toEqual(["sending", "unsent", "sending", "unsent", "sending"]);
    expect(engine.payloads).toEqual([{ __type__: "PayloadResponse", value: arrived }]);
  });

  it("sends an undelivered donation again by itself when the browser is online again", async () => {
    const engine = new ScriptedEngine([DONATE, EXIT]);
    const screen = new RecordingScreen();
    const asked = new Promise<void>((resolve) => {
      screen.askUnsent = () => new Promise(() => resolve());
    });
    const events = new EventTarget();
    vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
    const ended = runCycle(flow(engine), through(new RecordingBridge([failed(0), arrived])), screen);
    await asked;
    events.dispatchEvent(new Event("online"));
    await ended;
    vi.unstubAllGlobals();
    expect(engine.payloads).toEqual([{ __type__: "PayloadResponse", value: arrived }]);
  });

  it("goes on without success when the participant gives up", async () => {
    const engine = new ScriptedEngine([DONATE, EXIT]);
    await runCycle(flow(engine), through(new RecordingBridge([failed(0)])), new RecordingScreen(["continue"]));
    expect(engine.payloads).toEqual([{ __type__: "PayloadResponse", value: failed(0) }]);
  });

  it.each([400, 401, 413])("tells why a donation was refused with %i, and goes on", async (status) => {
    const engine = new ScriptedEngine([DONATE, EXIT]);
    const screen = new RecordingScreen();
    await runCycle(flow(engine), through(new RecordingBridge([failed(status, "Too much.")])), screen);
    expect(screen.said).toEqual(["sending", "refused Too much."]);
    expect(engine.payloads).toEqual([{ __type__: "PayloadResponse", value: failed(status, "Too much.") }]);
  });

  it("says so when it does not know a command, and goes on", async () => {
    const engine = new ScriptedEngine([{ __type__: "CommandFromTheFuture" }, EXIT]);
    const screen = new RecordingScreen();
    await runCycle(flow(engine), through(new RecordingBridge()), screen);
    expect(screen.said).toEqual(["unknown CommandFromTheFuture"]);
    expect(engine.payloads.map(({ __type__ }) => __type__)).toEqual(["PayloadError"]);
  });

  it.each<[string, unknown]>([
    ["no command at all", null],
    ["a donation of something that is no text", { ...DONATE, json_string: { a: 1 } }],
    ["a page with a field of its own", { ...SHOW, surplus: "x" }],
    ["a log line at a level of its own", { __type__: "CommandSystemLog", level: "x", message: "", json_string: "" }],
  ])("refuses %s, says no more than that when the flow has ended, and goes on", async (_, command) => {
    const engine = new ScriptedEngine([command, command, EXIT]);
    const [bridge, screen] = [new RecordingBridge(), new RecordingScreen()];
    await runCycle(flow(engine), through(bridge), screen);
    expect(screen.said).toEqual([]);
    expect(bridge.said.filter((line) => line !== "flush")).toEqual([
      "log Commands of the script that do not fit the protocol were refused.",
      expect.stringContaining("exit"),
    ]);
    expect(bridge.said.slice(-2)[0]).toContain("refused");
    const refusal = { __type__: "PayloadError", value: expect.stringMatching(/^The page refused .+: Command.+\.$/) };
    expect(engine.payloads).toMatchObject([refusal, refusal]);
  });

  it("stops a flow that sends nothing but what does not fit", async () => {
    const engine = new ScriptedEngine([{ ...EXIT, code: "0" }]);
    engine.answer = async () => ({ ...EXIT, code: "0" }) as unknown as Command;
    await expect(runCycle(flow(engine), through(new RecordingBridge()), new RecordingScreen())).rejects.toThrow(
      "do not fit the protocol",
    );
  });

  it("fails when the engine does", async () => {
    const engine = new ScriptedEngine([SHOW]);
    engine.answer = async () => Promise.reject(new Error("crashed"));
    await expect(runCycle(flow(engine), through(new RecordingBridge()), new RecordingScreen())).rejects.toThrow(
      "crashed",
    );
  });
});
