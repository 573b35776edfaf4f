/** What was agreed to leaves once, in one form, under a name that holds nothing; and the last word about it counts. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Donation } from "../src/outgoing/consent_gate.js";
import type { Page, PropsUIPromptConsentFormTable } from "../src/protocol/types.gen.js";
import {
  asked,
  begin,
  donate,
  gate,
  NO,
  named,
  pageOf,
  reopen,
  replies,
  review,
  sent,
  tableOf,
  text,
  told,
} from "./at_the_gate.js";

beforeEach(begin);

const ROWS = '{"text": ["tea", "1"], "n": [1, 2.5]}';
const WRITTEN = '[{"text": "tea", "n": 1}, {"text": "1", "n": 2.5}]';

describe("a reviewed table", () => {
  it("leaves once: the script that donates the same again hears that it is there, and nothing is sent", async () => {
    const agreed = await review({ chats: [] }, tableOf("chats", ROWS));
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(200);
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(200);
    expect(await donate(text("chats", WRITTEN.replace("2.5", "25e-1")))).toBe(200);
    expect(sent).toEqual([`chats ${WRITTEN}`]);
    expect(asked).toEqual([]);
  });

  it.each<[string, Donation]>([
    ["another key", named("days", "rows", [1, "chats"])],
    ["another form", named("chats", "part", [1, "chats"])],
    ["together with another table", named("chats", "parts", [1, "chats"], [1, "days"])],
  ])("is asked about once it has left, when it is to leave under %s", async (_, other) => {
    const agreed = await review({ chats: [], days: [] }, tableOf("chats", ROWS), tableOf("days", '{"day": ["Mo"]}'));
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(200);
    expect(await donate(other)).toBe(403);
    expect(asked).toEqual([other.key]);
    expect(told.join()).toContain("because the tables in it have left the page before");
  });

  it("may be sent again, byte for byte, while nobody says that it arrived, but not for ever", async () => {
    replies.answer = { success: false, key: "", status: 503 };
    const agreed = await review({ chats: [] }, tableOf("chats", ROWS));
    const same = named("chats", "rows", [agreed, "chats"]);
    for (let time = 0; time < 3; time++) expect(await donate(same)).toBe(503);
    expect(await donate(same)).toBe(403);
    expect(sent).toEqual(Array(3).fill(`chats ${WRITTEN}`));
    expect(asked).toEqual(["chats"]);
  });

  it("leaves in the order of the page, whatever order the script names", async () => {
    const tables = [tableOf("t2", '{"b": [1], "a": [2]}'), tableOf("t1", '{"a": [3]}')];
    const agreed = await review({ t1: [], t2: [] }, ...tables);
    const [t1, t2] = [
      '"t1": {"data": [{"a": 3}], "metadata": {"deletedRowCount": 0}}',
      '"t2": {"metadata": {"deletedRowCount": 0}, "data": [{"a": 2, "b": 1}]}',
    ];
    await donate(text("chats", `{${t1}, ${t2}}`));
    reopen();
    await review({ t1: [], t2: [] }, ...tables);
    await donate(named("chats", "parts", [agreed, "t1"], [agreed, "t2"]));
    expect(sent[0]).toMatch(/"t2": \{"data": \[\{"b": 1, "a": 2\}\], .*"t1"/);
    expect(sent[1]).toBe(sent[0]);
  });

  it("that left with the participant's “Send” leaves no second time for the review", async () => {
    replies.willing = true;
    const agreed = await review({ chats: [] }, tableOf("chats", ROWS));
    expect(await donate(named("unknown", "rows", [agreed, "chats"]))).toBe(200);
    replies.willing = false;
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(403);
    expect(asked).toEqual(["unknown", "chats"]);
  });

  it("has left after a reload of the page, too", async () => {
    const agreed = await review({ chats: [] }, tableOf("chats", ROWS));
    await donate(named("chats", "rows", [agreed, "chats"]));
    const kept = JSON.parse(JSON.stringify(gate.kept()));
    reopen();
    gate.restore(kept);
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(200);
    expect(sent.length).toBe(1);
    expect(await donate(named("days", "rows", [agreed, "chats"]))).toBe(403);
  });
});

describe("the last word counts", () => {
  const titled = (title: string | Record<string, string>) => tableOf("chats", ROWS, title);

  it.each<[string, PropsUIPromptConsentFormTable]>([
    ["in the same words", titled("Chats")],
    ["under another title", tableOf("chats", ROWS, "Other")],
    ["under another id", tableOf("other", ROWS, "Chats")],
    ["numbers as floats and texts", tableOf("chats", '{"text": ["tea", 1], "n": ["1", 2.50]}', "Other")],
    ["rows and columns in another order", tableOf("other", '{"n": [2.5, 1.0], "text": ["1", "tea"]}', "Chats")],
    ["in pieces", tableOf("chats", ['{"x": ["tea"], "y": [1]}', '{"x": ["1"], "y": [2.5]}'], "Other")],
  ])("when the same table is shown again, %s, and the answer is “No”", async (_, again) => {
    const agreed = await review({ chats: [] }, titled("Chats"));
    await gate.answered(pageOf(again), NO);
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(403);
    expect(asked).toEqual([]);
    expect(await donate(text("chats", WRITTEN))).toBe(403);
    expect(asked).toEqual(["chats"]);
    expect(sent).toEqual([]);
  });

  const MANY = '{"text": ["tea", "1", "x", "y"], "n": [1, 2.5, 3, 4]}';

  it.each<[string, string, PropsUIPromptConsentFormTable]>([
    ["some of its rows under its id", ROWS, tableOf("chats", '{"text": ["tea", "", "1"], "n": [1, 2, 2.5]}', "Other")],
    ["some of its rows under its title", ROWS, tableOf("other", '{"text": ["tea"], "n": [1]}', "Chats ")],
    [
      "some of its rows under its title in a language",
      ROWS,
      tableOf("other", '{"text": ["1", "x"], "n": [2.5, 3]}', { nl: "x", en: "Chats" }),
    ],
    ["all of its rows under another id and title", ROWS, tableOf("other", ROWS, "Other")],
    ["all of them as texts", ROWS, tableOf("other", '{"n": ["2.5", "1"], "text": [1, "tea"]}', "Other")],
    [
      "most of its rows and others, under another id and title",
      MANY,
      tableOf("other", '{"text": ["x", "1", "tea", "z", "z"], "n": [3, 2.5, 1, 0, 0]}', "Other"),
    ],
  ])("when what may be the same table is shown: %s; then the page asks", async (_, rows, again) => {
    const agreed = await review({ chats: [] }, tableOf("chats", rows, "Chats"));
    await gate.answered(pageOf(again), NO);
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(403);
    expect(asked).toEqual(["chats"]);
    expect(told.join()).toContain("because a table that seems to be the same was answered later");
  });

  it("and tables that share a row by chance are different tables", async () => {
    const first = await review({ t1: [] }, tableOf("t1", '{"day": ["Mo", "Tu", "We"], "n": [0, 0, 1]}', "Likes"));
    await gate.answered(pageOf(tableOf("t2", '{"day": ["Mo", "Tu", "We"], "n": [0, 0, 2]}', "Comments")), NO);
    expect(await donate(named("t1", "rows", [first, "t1"]))).toBe(200);
    expect(asked).toEqual([]);
  });

  it("and tables of several files may be called alike, where they have no row in common", async () => {
    const first = await review({ chats: [] }, titled("Chats"));
    const second = await review({ chats: [] }, tableOf("chats", '{"text": ["coffee"], "n": [1]}', "Chats"));
    await gate.answered(pageOf(tableOf("chats", '{"text": [], "n": []}', "Chats")), NO);
    expect(await donate(named("days", "rows", [first, "chats"]))).toBe(200);
    expect(await donate(named("chats", "rows", [second, "chats"]))).toBe(200);
    expect(asked).toEqual([]);
  });

  it("when two forms of one table were agreed to: the script cannot choose between them", async () => {
    const first = await review({ t1: [] }, tableOf("t1", '{"n": [1, 2]}', "One"));
    const second = await review({ t2: [] }, tableOf("t2", '{"n": [2.0, 1.0]}', "Two"));
    expect(await donate(named("t1", "rows", [first, "t1"]))).toBe(403);
    expect(await donate(named("t2", "rows", [second, "t2"]))).toBe(200);
    expect(sent).toEqual(['t2 [{"n": 2.0}, {"n": 1.0}]']);
  });

  it("when it was “Do not send”: the review does not count any more", async () => {
    const agreed = await review({ chats: [] }, titled("Chats"));
    expect(await donate(named("unknown", "rows", [agreed, "chats"]))).toBe(403);
    expect(await donate(named("chats", "rows", [agreed, "chats"]))).toBe(403);
    await review({ chats: [] }, titled("Chats"));
    expect(await donate(text("unknown", WRITTEN))).toBe(403);
    expect(await donate(text("chats", WRITTEN))).toBe(403);
    expect(asked).toEqual(["unknown", "unknown", "chats"]);
  });
});

describe("an error report", () => {
  const shown: Page = { __type__: "PropsUIPageError", message: "Traceback" };
  const report = text("error-report", '{"traceback": "Traceback"}');

  beforeEach(async () => {
    await gate.answered(shown, { __type__: "PayloadTrue", value: true });
  });

  it("leaves once, as it was when the participant agreed", async () => {
    replies.answer = { success: false, key: "", status: 503 };
    await donate(report);
    await new Promise((resolve) => setTimeout(resolve, 5));
    replies.answer = { success: true, key: "", status: 200 };
    await donate(report);
    expect(await donate(report)).toBe(200);
    expect(sent.length).toBe(2);
    expect(sent[1]).toBe(sent[0]);
    expect(asked).toEqual([]);
  });

  it("stays after “Do not send” under another key", async () => {
    await donate(text("unknown", '{"traceback": "Traceback"}'));
    expect(await donate(report)).toBe(403);
    expect(asked).toEqual(["unknown", "error-report"]);
  });
});
