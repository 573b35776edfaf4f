/** Names that leave with what was agreed to, though nobody has seen them: they are words of the study, and few. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Bridge } from "../src/outgoing/bridge.js";
import { ConsentGate, type Donation } from "../src/outgoing/consent_gate.js";
import { Diagnostics } from "../src/outgoing/diagnostics.js";
import { KnownWords } from "../src/outgoing/known_words.js";
import { SessionData } from "../src/outgoing/session_data.js";
import { UnseenNames } from "../src/outgoing/unseen_names.js";
import type { DonationResult, Page, PropsUIPromptConsentFormTable } from "../src/protocol/types.gen.js";

const SESSION = "f45fc5de293ca4b8";
const CODE =
  "# Big App\n" + 'donate(f"{session}-chats", agreed); donate("people-of", days); donate("Zoë"); t1 t2 date text';

/** What was sent, by key; and what the other side says to it. */
let sent: string[];
let answer: DonationResult | null;
let asked: string[];
let willing: boolean;
let told: string[];
let gate: ConsentGate;

beforeEach(() => {
  sent = [];
  answer = { success: true, key: "", status: 200 };
  asked = [];
  willing = false;
  told = [];
  gate = open();
});

const newNames = () => {
  const declared = ["status"];
  return new UnseenNames(
    new KnownWords({ sessionId: SESSION, platform: "Big App", declared, source: async () => [CODE] }),
  );
};

function open(names = newNames()): ConsentGate {
  const bridge: Bridge = {
    destination: { kind: "server", origin: "" },
    donate: async (key, content) => {
      sent.push(`${key} ${await content.text()}`);
      return answer;
    },
    log: () => undefined,
    flush: () => undefined,
    exit: async () => undefined,
    event: () => undefined,
  };
  return new ConsentGate(bridge, {
    platform: "Big App",
    sessionData: new SessionData({ status: "How far" }),
    diagnostics: new Diagnostics(),
    names,
    ask: async (key) => {
      asked.push(key);
      return willing;
    },
    tellAuthor: (sentence) => void told.push(sentence),
  });
}

const tableOf = (id: string, texts: string | string[], title: string | Record<string, string> = id, headers = {}) => ({
  __type__: "PropsUIPromptConsentFormTable" as const,
  id,
  number: 1,
  title: typeof title === "string" ? title : { __type__: "Translatable" as const, translations: title },
  description: "",
  data_frame: texts,
  headers,
});
const pageOf = (...body: PropsUIPromptConsentFormTable[]): Page => ({
  __type__: "PropsUIPageDataSubmission",
  platform: "",
  header: { __type__: "PropsUIHeader", title: "" },
  body,
});
const review = async (deleted: Record<string, number[]>, ...tables: PropsUIPromptConsentFormTable[]) => {
  const payload = await gate.answered(pageOf(...tables), { __type__: "PayloadReview", value: { deleted } });
  return payload.__type__ === "PayloadReview" ? (payload.value.agreement as number) : 0;
};
const named = (key: string, form: "parts" | "part" | "rows", ...parts: [number, string][]): Donation => ({
  __type__: "CommandSystemDonateAgreed",
  key,
  parts: parts.map(([agreement, name]) => ({ agreement, name })),
  form,
});

/** As the run cycle donates; returns the status that the script gets, 0 where nobody answers. */
async function donate(donation: Donation): Promise<number> {
  const admitted = await gate.admit(donation);
  if (!(admitted instanceof Blob)) return admitted.status;
  return (await gate.send(donation.key, admitted))?.status ?? 0;
}

describe("names that nobody has seen", () => {
  it.each([
    "chats",
    `${SESSION}-chats`,
    `chats.${SESSION}`,
    `${SESSION}-Big App-people of`,
    "Zoë",
    "status/chats",
    "big-app",
    `${SESSION}chats`,
  ])("leave unasked as the key %s", async (key) => {
    const agreed = await review({ t1: [] }, tableOf("t1", '{"a": [1]}'));
    expect(await donate(named(key, "rows", [agreed, "t1"]))).toBe(200);
    expect(asked).toEqual([]);
  });

  it.each([
    "tea",
    "chats-tea",
    "Chats",
    "chats ",
    "chats--t1",
    "-chats",
    "chats\u200b",
    "peo\u0301ple",
    "chats-5",
    "cha ts",
  ])("are asked about as the key %j", async (key) => {
    const agreed = await review({ t1: [] }, tableOf("t1", '{"a": [1]}'));
    expect(await donate(named(key, "rows", [agreed, "t1"]))).toBe(403);
    expect(asked).toEqual([key]);
    expect(told[0]).toContain("its key has words in it that stand neither in the script nor in what it declares");
  });

  it("are looked up in much code without holding the page up", async () => {
    const code = Array.from({ length: 400_000 }, (_, number) => `word${number % 1_000}`).join(" ");
    const words = new KnownWords({ sessionId: SESSION, platform: null, declared: [], source: async () => [code] });
    let turns = 0;
    const watch = setInterval(() => {
      turns += 1;
    }, 1);
    expect(await words.spelling("word7-word999")).toEqual(["word7", "word999"]);
    clearInterval(watch);
    expect(turns).toBeGreaterThan(2);
  });

  it("share one limit over all tables of a session, so that they spell nothing", async () => {
    const secret = Array.from({ length: 100 }, (_, number) => `secret number ${number}`);
    let hidden = 0;
    for (const [number, name] of secret.entries()) {
      const id = `t${1 + (number % 2)}`;
      const table = tableOf(id, JSON.stringify({ [name]: [number] }), `${number}`, { [name]: "Number" });
      const agreed = await review({ [id]: [] }, table);
      if ((await donate(named("chats", "rows", [agreed, id]))) === 200) hidden += name.length;
    }
    expect(hidden).toBeGreaterThan(100);
    expect(hidden).toBeLessThan(500);
    expect(asked.length).toBeGreaterThan(50);
    const kept = JSON.parse(JSON.stringify(gate.kept()));
    gate = open();
    gate.restore(kept);
    const long = "secret ".repeat(12);
    const agreed = await review({ t1: [] }, tableOf("t1", JSON.stringify({ [long]: [0] }), "x", { [long]: "More" }));
    expect(await donate(named("chats", "rows", [agreed, "t1"]))).toBe(403);
  });

  it("use it up when they change places, too: their order says something", async () => {
    const words = ["first", "second", "third", "fourth"].map((word, place) => `${word} ${"abcd"[place]}`);
    let left = 0;
    for (let round = 0; round < 60; round++) {
      const turned = words.map((_, place) => words[(place + round) % 4] as string);
      const columns = Object.fromEntries(turned.map((name, place) => [name, [`${round} ${place}`]]));
      const headers = Object.fromEntries(turned.map((name, place) => [name, `${round} ${place}`]));
      const agreed = await review({ t1: [] }, tableOf("t1", JSON.stringify(columns), "x", headers));
      if ((await donate(named("chats", "rows", [agreed, "t1"]))) === 200) left += 1;
    }
    expect(left).toBeGreaterThan(5);
    expect(left).toBeLessThan(20);
  });

  it("share it over flows that are started again in the session", async () => {
    const names = newNames();
    let hidden = 0;
    for (let start = 0; start < 50; start++) {
      gate = open(names);
      const name = `secret number ${start}`;
      const table = tableOf("t1", JSON.stringify({ [name]: [0] }), "x", { [name]: "Number" });
      const agreed = await review({ t1: [] }, table);
      if ((await donate(named("chats", "rows", [agreed, "t1"]))) === 200) hidden += name.length;
    }
    expect(hidden).toBeGreaterThan(100);
    expect(hidden).toBeLessThan(500);
    expect(sent.length + asked.length).toBe(50);
    expect(asked.length).toBeGreaterThan(0);
  });

  it("that stand in the script do not use the limit up: a study may have many tables", async () => {
    for (let number = 0; number < 60; number++) {
      const table = tableOf("t1", `{"date": [${number}], "text": [1]}`, `${number}`, { date: "Date", text: "Text" });
      const agreed = await review({ t1: [] }, table);
      expect(await donate(named("chats", "part", [agreed, "t1"]))).toBe(200);
    }
    expect(asked).toEqual([]);
  });
});
