import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DownloadBridge } from "../src/bridge/download.js";
import { type Frame, HostBridge, type HostStart, waitForHost } from "../src/bridge/host.js";
import { ServerBridge } from "../src/bridge/server.js";
import { fileName } from "../src/outgoing/file_name.js";
import { SentRecord } from "../src/outgoing/sent_record.js";
import { LARGEST_LOG_REQUEST_BYTES, MOST_LOG_LINES_AT_ONCE } from "../src/protocol/limits.gen.js";

/** What a record says of each item, without what changes from run to run. */
const listed = ({ items }: SentRecord) =>
  items.map(({ sort, name, size, attempts, outcome }) => [sort, name, size, attempts, outcome].join(" "));

interface Seen {
  url: string;
  token: string | undefined;
  body: string;
}

describe("the bridge to our own server", () => {
  let server: Server;
  let base: string;
  let seen: Seen[];
  let answers: ((response: ServerResponse) => void)[];
  let record: SentRecord;

  const json = (status: number, body: object) => (response: ServerResponse) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const accepted = json(200, { success: true, key: "chats", status: 200 });
  const dropped = (response: ServerResponse) => response.destroy();
  const bridgeTo = (address: string, maxBytes = 1_000_000) =>
    new ServerBridge(address, { sessionId: "s", token: "secret", maxBytes }, record, [1, 1, 1]);

  beforeEach(async () => {
    seen = [];
    answers = [];
    record = new SentRecord();
    server = createServer(async (request: IncomingMessage, response) => {
      let body = "";
      for await (const part of request.setEncoding("utf8")) body += part;
      seen.push({ url: request.url ?? "", token: request.headers.authorization, body });
      (answers.shift() ?? accepted)(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/study/`;
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it("sends the text as it is, with its key and the session's token", async () => {
    const text = `{"a": "${"é😀".repeat(400_000)}"}`;
    const result = await bridgeTo(base, 10_000_000).donate("my chats & more", new Blob([text]));
    expect(result).toEqual({ success: true, key: "my chats & more", status: 200 });
    expect(seen[0]?.url).toBe("/study/api/donations?key=my+chats+%26+more");
    expect(seen[0]?.token).toBe("Bearer secret");
    expect(seen[0]?.body === text).toBe(true);
  });

  it("tries again when the connection breaks or the server fails", async () => {
    answers = [dropped, json(503, { success: false, error: "Busy." }), accepted];
    expect((await bridgeTo(base).donate("chats", new Blob(["{}"]))).success).toBe(true);
    expect(seen.length).toBe(3);
    expect(listed(record)).toEqual(["donation chats 2 3 arrived"]);
  });

  it("gives up after a few attempts, and says what happened", async () => {
    answers = [dropped, dropped, dropped, dropped, dropped];
    expect(await bridgeTo(base).donate("chats", new Blob(["{}"]))).toEqual({ success: false, key: "chats", status: 0 });
    expect(seen.length).toBe(4);
    expect(listed(record)).toEqual(["donation chats 2 4 failed"]);
  });

  it.each([400, 401, 413])("does not repeat what is refused with %i, and hands on the sentence", async (status) => {
    answers = [json(status, { success: false, key: "chats", status, error: "Too much." })];
    expect(await bridgeTo(base).donate("chats", new Blob(["{}"]))).toEqual({
      success: false,
      key: "chats",
      status,
      error: "Too much.",
    });
    expect(seen.length).toBe(1);
  });

  it("takes an answer that does not say success for none", async () => {
    answers = [json(200, {})];
    expect((await bridgeTo(base).donate("chats", new Blob(["{}"]))).success).toBe(false);
  });

  it("does not send what is over the limit, counted in bytes", async () => {
    const result = await bridgeTo(base, 30).donate("chats", new Blob([JSON.stringify("é".repeat(20))]));
    expect(result).toMatchObject({ success: false, status: 413 });
    expect(result.error).toMatch(/at most/);
    await bridgeTo(base, 30).exit(0, "");
    expect(seen.splice(0).map(({ body }) => JSON.parse(body).lines.length)).toEqual([1]);
    record.items.splice(0);
    expect(seen).toEqual([]);
    expect(listed(record)).toEqual([]);
  });

  it("sends log lines together, once per flush", async () => {
    const bridge = bridgeTo(base);
    bridge.log({ level: "info", message: "one" });
    bridge.log({ level: "warn", message: "two" });
    await bridge.exit(0, "End of script");
    const { lines } = JSON.parse(seen[0]?.body ?? "{}");
    expect(lines.map(({ level, message }: { level: string; message: string }) => [level, message])).toEqual([
      ["info", "one"],
      ["warn", "two"],
      ["info", "exit 0: End of script"],
    ]);
    expect(seen.map(({ url }) => url)).toEqual(["/study/api/logs"]);
    expect(listed(record)).toEqual([`log  ${seen[0]?.body.length} 1 arrived`]);
    expect(await record.items[0]?.content?.text()).toBe(seen[0]?.body);
  });

  it("keeps log lines that could not be sent, for the next time", async () => {
    const bridge = bridgeTo(base);
    answers = [dropped];
    bridge.log({ level: "info", message: "one" });
    bridge.flush();
    await bridge.exit(0, "done");
    const sent = seen.slice(1).flatMap(({ body }) => JSON.parse(body).lines);
    expect(sent.map(({ message }: { message: string }) => message)).toEqual(["one", "exit 0: done"]);
  });

  it.each([
    ["long lines", "x".repeat(1_000)],
    ["short lines", ""],
    ["characters that take six bytes each", "\u0001".repeat(1_000)],
  ])("sends a flood of log lines in batches that the server takes: %s", async (_, text) => {
    const bridge = bridgeTo(base);
    for (let i = 0; i < 999; i++) bridge.log({ level: "info", message: `${i} ${text}` });
    await bridge.exit(0, "done");
    const batches = seen.map(({ body }) => JSON.parse(body).lines.length);
    expect(Math.max(...seen.map(({ body }) => body.length))).toBeLessThanOrEqual(LARGEST_LOG_REQUEST_BYTES);
    expect(Math.max(...batches)).toBeLessThanOrEqual(MOST_LOG_LINES_AT_ONCE);
    expect(batches.reduce((sum, lines) => sum + lines)).toBe(1_000);
  });
});

describe("the bridge to a host", () => {
  const sent = (port: MessagePort) => {
    const messages: Record<string, unknown>[] = [];
    port.onmessage = (event) => messages.push(event.data);
    return messages;
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  let channel: MessageChannel;
  let messages: Record<string, unknown>[];
  let record: SentRecord;
  const start = (attemptId: string | null = null): HostStart => ({
    locale: "nl",
    attemptId,
    port: channel.port1,
    origin: "https://host.example",
  });
  const bridgeTo = (host: HostStart, patience?: number) => new HostBridge(host, record, patience);

  beforeEach(() => {
    channel = new MessageChannel();
    messages = sent(channel.port2);
    record = new SentRecord();
  });

  afterEach(() => {
    channel.port1.close();
    channel.port2.close();
  });

  it("waits for its parent's live-init, and takes only the first, and only from there", async () => {
    const posted: unknown[] = [];
    const self = new EventTarget();
    const frame = { self, parent: { postMessage: (message: unknown) => posted.push(message) } } as unknown as Frame;
    const say = (source: unknown, data: object, ports: MessagePort[] = [channel.port1]) =>
      self.dispatchEvent(Object.assign(new Event("message"), { source, data, ports, origin: "https://host.example" }));
    const host = waitForHost(frame);
    expect(posted).toEqual([{ action: "app-loaded" }]);
    say({}, { action: "live-init", locale: "fr" });
    say(frame.parent, { action: "something else" });
    say(frame.parent, { action: "live-init", locale: "de" }, []);
    say(frame.parent, { action: "live-init", locale: "nl", liveness: { attempt_id: 7 } });
    say(frame.parent, { action: "live-init", locale: "en" });
    expect(await host).toEqual(start("7"));
  });

  it("speaks to no parent but the one that was named", async () => {
    const posted: unknown[] = [];
    const self = new EventTarget();
    const parent = { postMessage: (message: unknown, to: string) => posted.push([message, to]) };
    const say = (origin: string, locale: string) => {
      const message = { source: parent, data: { action: "live-init", locale }, ports: [channel.port1], origin };
      self.dispatchEvent(Object.assign(new Event("message"), message));
    };
    const host = waitForHost({ self, parent } as unknown as Frame, "https://host.example");
    expect(posted).toEqual([[{ action: "app-loaded" }, "https://host.example"]]);
    say("https://other.example", "fr");
    say("null", "de");
    say("https://host.example", "nl");
    expect(await host).toEqual(start());
  });

  it("says that it lives, and answers each ping", async () => {
    bridgeTo(start("a1"));
    channel.port2.postMessage({ __type__: "LivenessPing", attempt_id: "a1", sequence: 3 });
    await settled();
    expect(messages).toEqual([
      { __type__: "LivenessReady", attempt_id: "a1" },
      { __type__: "LivenessPong", attempt_id: "a1", sequence: 3 },
    ]);
  });

  it("matches an acknowledgement to its donation by key", async () => {
    const bridge = bridgeTo(start());
    const one = bridge.donate("one", new Blob(["1"]));
    const two = bridge.donate("two", new Blob(["2"]));
    channel.port2.postMessage({ __type__: "DonateError", key: "two", status: 413, error: "Too much." });
    channel.port2.postMessage({ __type__: "DonateSuccess", key: "one", status: 200 });
    expect(await two).toEqual({ success: false, key: "two", status: 413, error: "Too much." });
    expect(await one).toEqual({ success: true, key: "one", status: 200 });
    await settled();
    expect(messages).toContainEqual({ __type__: "CommandSystemDonate", key: "one", json_string: "1" });
  });

  it("does not wait for ever on a host that acknowledges nothing", async () => {
    expect(await bridgeTo(start(), 10).donate("chats", new Blob(["{}"]))).toBe(null);
  });

  it("is not upset by an answer that comes late, or that means nothing", async () => {
    const bridge = bridgeTo(start(), 10);
    await bridge.donate("chats", new Blob(["{}"]));
    for (const message of [{ __type__: "DonateSuccess", key: "chats", status: 200 }, null, "?", { __type__: "Else" }]) {
      channel.port2.postMessage(message);
    }
    await settled();
    const again = bridge.donate("chats", new Blob(["{}"]));
    channel.port2.postMessage({ __type__: "DonateSuccess", key: "chats", status: 200 });
    expect((await again)?.success).toBe(true);
  });

  it("sends log lines, events and the exit as commands, logs before the exit", async () => {
    const bridge = bridgeTo(start());
    bridge.event("initialized");
    bridge.log({ level: "warn", message: "hm" });
    await bridge.exit(1, "Error in script");
    await settled();
    expect(messages).toEqual([
      { __type__: "CommandSystemEvent", name: "initialized" },
      { __type__: "CommandSystemLog", level: "warn", message: "hm", json_string: '{"level":"warn","message":"hm"}' },
      { __type__: "CommandSystemExit", code: 1, info: "Error in script" },
    ]);
    expect(listed(record).map((line) => line.split(" ")[0])).toEqual(["event", "log", "exit"]);
    expect(await record.items[2]?.content?.text()).toBe(JSON.stringify(messages[2]));
    expect(record.items[0]?.destination).toEqual({ kind: "host", origin: "https://host.example" });
  });
});

describe("the bridge to the participant's own device", () => {
  it("offers each donation as a file and counts it as given once it is saved", async () => {
    const offered: File[] = [];
    const record = new SentRecord();
    const bridge = new DownloadBridge(async (file) => void offered.push(file), record);
    expect(await bridge.donate("chats", new Blob(['{"a": 1}']))).toEqual({ success: true, key: "chats", status: 200 });
    expect(offered[0]?.name).toBe("chats.json");
    expect(await offered[0]?.text()).toBe('{"a": 1}');
    expect(listed(record)).toEqual(["donation chats 8 1 arrived"]);
  });

  it("names files so that every system takes them", () => {
    expect(fileName("../a b/c:d")).toBe("a_b_c_d.json");
    expect(fileName("///")).toBe("donation.json");
    expect(fileName("NUL")).toBe("_NUL.json");
    expect(fileName("com1.x")).toBe("_com1.x.json");
    expect(fileName("console")).toBe("console.json");
    expect(fileName("e\u0301-\u202e\u0001x")).toBe("\u00e9-_x.json");
    expect(new TextEncoder().encode(fileName("\u{20000}".repeat(200)))).toHaveLength(205);
  });
});
