/** Donations that refer to what was agreed to: the same bytes as the text would be, and nothing for a reference to anything else. */
import { beforeEach, describe, expect, it } from "vitest";
import { writeAgreed } from "../src/outgoing/agreements/agreement_kind.js";
import { ReviewedTable } from "../src/outgoing/agreements/reviewed_table.js";
import type { Bridge } from "../src/outgoing/bridge.js";
import { ConsentGate, type Donation } from "../src/outgoing/consent_gate.js";
import { Diagnostics } from "../src/outgoing/diagnostics.js";
import { KnownWords } from "../src/outgoing/known_words.js";
import { SessionData } from "../src/outgoing/session_data.js";
import { UnseenNames } from "../src/outgoing/unseen_names.js";
import type {
  CommandSystemDonateAgreed,
  Page,
  Payload,
  PropsUIPromptConsentFormTable,
} from "../src/protocol/types.gen.js";
import { inPieces } from "../src/short_tasks.js";

const SILENT: Bridge = {
  destination: { kind: "server", origin: "" },
  donate: async () => null,
  log: () => undefined,
  flush: () => undefined,
  exit: async () => undefined,
  event: () => undefined,
};

let gate: ConsentGate;
let asked: string[];
let told: string[];
/** What the participant says to what they are asked about. */
let willing: boolean;

function open(declarations: Record<string, string> = {}): void {
  asked = [];
  told = [];
  willing = false;
  const sessionData = new SessionData(declarations);
  const source = async () => ['donate("people", agreed["days"], "first", "second", "third", others, t)'];
  gate = new ConsentGate(SILENT, {
    platform: "Chats",
    sessionData,
    diagnostics: new Diagnostics(),
    names: new UnseenNames(new KnownWords({ sessionId: "s1", platform: "Chats", declared: sessionData.keys, source })),
    ask: async (key, content) => {
      asked.push(`${key} ${await content.text()}`);
      return willing;
    },
    tellAuthor: (sentence) => void told.push(sentence),
  });
}

function tableOf(id: string, texts: string | string[], headers = {}): PropsUIPromptConsentFormTable {
  return {
    __type__: "PropsUIPromptConsentFormTable",
    id,
    number: 1,
    title: id,
    description: "",
    data_frame: texts,
    headers,
  };
}

const pageOf = (...body: PropsUIPromptConsentFormTable[]): Page => ({
  __type__: "PropsUIPageDataSubmission",
  platform: "",
  header: { __type__: "PropsUIHeader", title: "" },
  body,
});
const agreedTo = (deleted: Record<string, number[]>): Payload => ({ __type__: "PayloadReview", value: { deleted } });
const NO: Payload = { __type__: "PayloadFalse", value: false };

/** The number by which the script may refer to what was agreed to on a page. */
async function review(
  deleted: Record<string, number[]>,
  ...tables: PropsUIPromptConsentFormTable[]
): Promise<number | undefined> {
  const payload = await gate.answered(pageOf(...tables), agreedTo(deleted));
  return payload.__type__ === "PayloadReview" ? payload.value.agreement : undefined;
}

const reference = (
  parts: [number | undefined, string][],
  form: CommandSystemDonateAgreed["form"] = "parts",
  key = "people",
): Donation => ({
  __type__: "CommandSystemDonateAgreed",
  key,
  parts: parts.map(([agreement, name]) => ({ agreement: agreement ?? -1, name })),
  form,
});
const text = (json: string, key = "people"): Donation => ({ __type__: "CommandSystemDonate", key, json_string: json });

/** What leaves for a donation; null when nothing does. */
async function leaving(donation: Donation): Promise<string | null> {
  const admitted = await gate.admit(donation);
  return admitted instanceof Blob ? admitted.text() : null;
}

/** Everything that a cell can be, as Python writes it. */
const PEOPLE = tableOf("people", [
  '{"name": ["Ann", "Zo\\u00eb \\ud83d\\ude00"], "n": [1.0, 1e+16], "x": [[1, {"a": "\\u00e9"}], true]}',
  '{"name": ["Cy", "[1]"], "n": [12345678901234567890, null], "x": [-0.5e-7, "say \\"hi\\"\\n"]}',
]);
const DAYS = tableOf("days", '{"day": {"5": "Mo", "2": "Tu"}}');
const ROWS =
  '[{"name": "Ann", "n": 1.0, "x": [1, {"a": "é"}]}, {"name": "Zoë 😀", "n": 1e+16, "x": true}, ' +
  '{"name": "[1]", "n": null, "x": "say \\"hi\\"\\n"}]';
const PART = `{"data": ${ROWS}, "metadata": {"deletedRowCount": 1}}`;
const BOTH = `{"people": ${PART}, "days": {"data": [{"day": "Mo"}, {"day": "Tu"}], "metadata": {"deletedRowCount": 0}}}`;

beforeEach(() => open());

describe("a reference to reviewed tables", () => {
  let agreed: number | undefined;

  beforeEach(async () => {
    agreed = await review({ people: [2], days: [] }, PEOPLE, DAYS);
  });

  it.each<[CommandSystemDonateAgreed["form"], string[], string]>([
    ["parts", ["people", "days"], BOTH],
    ["parts", ["people"], `{"people": ${PART}}`],
    ["part", ["people"], PART],
    ["rows", ["people"], ROWS],
  ])("gives the bytes of the text, as %s of %j, and asks nothing", async (form, names, json) => {
    const bytes = await leaving(
      reference(
        names.map((name) => [agreed, name]),
        form,
      ),
    );
    expect(JSON.parse(bytes as string)).toEqual(JSON.parse(json));
    expect(bytes).toBe(await leaving(text(json)));
    expect(asked).toEqual([]);
  });

  it("may be one to tables of several reviews, which leave in the order in which they were shown", async () => {
    const later = await review({ others: [] }, tableOf("others", '{"a": [1]}'));
    expect(later).not.toBe(agreed);
    const bytes = await leaving(
      reference([
        [later, "others"],
        [agreed, "days"],
      ]),
    );
    expect(Object.keys(JSON.parse(bytes as string))).toEqual(["days", "others"]);
  });

  it("is good for one key; under a second one the page asks, and shows what it would be", async () => {
    willing = true;
    const days = '[{"day": "Mo"}, {"day": "Tu"}]';
    expect(await leaving(reference([[agreed, "days"]], "rows", "first"))).toBe(days);
    expect(await leaving(reference([[agreed, "days"]], "rows", "first"))).toBe(days);
    expect(asked).toEqual([]);
    expect(await leaving(reference([[agreed, "days"]], "rows", "second"))).toBe(days);
    expect(asked).toEqual([`second ${days}`]);
    willing = false;
    expect(await leaving(reference([[agreed, "days"]], "rows", "third"))).toBeNull();
  });

  it("and the text of the same table share their one key", async () => {
    await leaving(reference([[agreed, "days"]], "rows", "first"));
    expect(await leaving(text('[{"day": "Mo"}, {"day": "Tu"}]', "second"))).toBeNull();
    expect(asked.length).toBe(1);
  });

  it("is asked about under a key that may hold something, and not at all under one that no server takes", async () => {
    expect(await leaving(reference([[agreed, "days"]], "part", "k".repeat(101)))).toBeNull();
    expect(asked.length).toBe(1);
    const refused = await gate.admit(reference([[agreed, "days"]], "part", "k".repeat(201)));
    expect(refused).toMatchObject({ success: false, status: 400 });
  });

  it("leaves without a question under a key that is declared", async () => {
    open({ "*": "Anything" });
    agreed = await review({ days: [] }, DAYS);
    for (const key of ["first", "second"])
      expect(await leaving(reference([[agreed, "days"]], "rows", key))).not.toBeNull();
    expect(asked).toEqual([]);
  });

  it("outlives a reload of the page, with the key that it has; numbers go on", async () => {
    await leaving(reference([[agreed, "people"]], "part", "first"));
    const kept = JSON.parse(JSON.stringify(gate.kept()));
    open();
    gate.restore(kept);
    expect(await leaving(reference([[agreed, "people"]], "part", "second"))).toBeNull();
    expect(await leaving(reference([[agreed, "people"]], "part", "first"))).toBe(await leaving(text(PART, "first")));
    expect(await review({ t: [] }, tableOf("t", '{"a": [1]}'))).toBe((agreed as number) + 1);
  });

  it.each<[string, [number, string][], CommandSystemDonateAgreed["form"]]>([
    ["a number that was never given", [[2, "people"]], "part"],
    ["a number out of all range", [[Number.MAX_SAFE_INTEGER, "people"]], "part"],
    ["a number below the first", [[0, "people"]], "part"],
    ["a negative number", [[-1, "people"]], "part"],
    ["a table that was not shown", [[1, "others"]], "part"],
    [
      "a table that was not shown, beside one that was",
      [
        [1, "people"],
        [1, "others"],
      ],
      "parts",
    ],
    ["a name that every object has", [[1, "constructor"]], "part"],
    ["nothing", [], "parts"],
    ["the one part of nothing", [], "part"],
    [
      "a table twice",
      [
        [1, "days"],
        [1, "days"],
      ],
      "parts",
    ],
    [
      "the rows of two tables",
      [
        [1, "people"],
        [1, "days"],
      ],
      "rows",
    ],
  ])("to %s gets nothing out: it is refused, nobody is asked, and the author is told", async (_, parts, form) => {
    willing = true;
    open({ "*": "Anything" });
    expect(await review({ people: [2], days: [] }, PEOPLE, DAYS)).toBe(1);
    expect(await gate.admit(reference(parts, form))).toEqual({
      success: false,
      key: "people",
      status: 403,
      error: "The donation refers to something that the participant has not agreed to, or does not agree to any more.",
    });
    expect(asked).toEqual([]);
    expect(told).toEqual([expect.stringContaining("The donation “people” was refused. The donation refers to")]);
  });
});

describe("the last word on a table counts", () => {
  it("when it was a refusal: neither a reference nor the text leaves unasked", async () => {
    const agreed = await review({ days: [] }, DAYS);
    expect(await gate.answered(pageOf(DAYS), NO)).toBe(NO);
    expect(await gate.admit(reference([[agreed, "days"]], "rows"))).toMatchObject({ status: 403 });
    expect(await gate.admit(reference([[(agreed as number) + 1, "days"]], "rows"))).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
    expect(await leaving(text('[{"day": "Mo"}, {"day": "Tu"}]'))).toBeNull();
    expect(asked.length).toBe(1);
  });

  it("when other rows were deleted: the former agreement is none any more", async () => {
    const first = await review({ days: [] }, DAYS);
    const second = await review({ days: [0] }, DAYS);
    expect(await leaving(reference([[first, "days"]], "rows"))).toBeNull();
    expect(await leaving(text('[{"day": "Mo"}, {"day": "Tu"}]'))).toBeNull();
    expect(await leaving(reference([[second, "days"]], "rows"))).toBe('[{"day": "Tu"}]');
  });

  it("and says nothing of a table with another id, another title and other rows", async () => {
    const first = await review({ days: [] }, DAYS);
    await gate.answered(pageOf(tableOf("others", '{"day": {"5": "Mo", "2": "We"}}')), NO);
    await gate.answered(pageOf(tableOf("none", '{"day": []}')), NO);
    expect(await leaving(reference([[first, "days"]], "rows"))).not.toBeNull();
  });

  it("when it was not to report an error after all", async () => {
    const page: Page = { __type__: "PropsUIPageError", message: "Traceback" };
    await gate.answered(page, { __type__: "PayloadTrue", value: true });
    await gate.answered(page, NO);
    expect(await leaving(text('{"traceback": "Traceback"}', "error-report"))).toBeNull();
  });
});

describe("rows are written from the text that was shown", () => {
  const rows = async (texts: string[], deleted: number[] = []) => {
    const table = new ReviewedTable(tableOf("t", texts), deleted, 1);
    return (await inPieces(writeAgreed({ parts: [table], form: "rows" }))).text();
  };

  it("over its pieces, and deleted rows are counted through them", async () => {
    expect(await rows(['{"a": [1, 2]}', '{"a": [3]}', '{"a": [4, 5]}'], [1, 2, 4])).toBe('[{"a": 1}, {"a": 4}]');
  });

  it("where a piece lacks a column or has one more", async () => {
    expect(await rows(['{"a": [1]}', '{"a": [2], "b": ["x"]}'])).toBe('[{"a": 1, "b": null}, {"a": 2, "b": "x"}]');
    expect(await rows(['{"b": [1], "a": [2]}', '{"a": [3], "b": [4]}'])).toBe('[{"b": 1, "a": 2}, {"b": 4, "a": 3}]');
  });

  it("as JSON, whatever existing scripts have put into it", async () => {
    expect(await rows(['{"a": [NaN, Infinity, -Infinity, 1e999]}'])).toBe(
      '[{"a": null}, {"a": "Infinity"}, {"a": "-Infinity"}, {"a": "Infinity"}]',
    );
    expect(await rows(["{}"])).toBe("[]");
    expect(await rows(['{"a": []}'])).toBe("[]");
  });
});
