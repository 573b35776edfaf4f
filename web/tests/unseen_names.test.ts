/** Names that leave with what was agreed to, though nobody has seen them: they are words of the study, and few. */
import { beforeEach, describe, expect, it } from "vitest";
import { KnownWords } from "../src/outgoing/known_words.js";
import {
  asked,
  begin,
  donate,
  gate,
  named,
  newNames,
  reopen,
  review,
  SESSION,
  sent,
  tableOf,
  told,
} from "./at_the_gate.js";

beforeEach(begin);

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
    reopen();
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
      reopen(names);
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
