/** What passes the gate, what is asked about, and what stays. */
import { beforeEach, describe, expect, it } from "vitest";
import { writeAgreed } from "../src/outgoing/agreements/agreement_kind.js";
import { ReviewedTable } from "../src/outgoing/agreements/reviewed_table.js";
import { recogniseReviewed } from "../src/outgoing/agreements/reviewed_text.js";
import type { Bridge, LogEntry } from "../src/outgoing/bridge.js";
import { ConsentGate } from "../src/outgoing/consent_gate.js";
import { Diagnostics } from "../src/outgoing/diagnostics.js";
import { KnownWords } from "../src/outgoing/known_words.js";
import { SessionData } from "../src/outgoing/session_data.js";
import { UnseenNames } from "../src/outgoing/unseen_names.js";
import type {
  CommandSystemDonate,
  Page,
  Payload,
  PropsUIPageDataSubmission,
  PropsUIPromptConsentFormTable,
} from "../src/protocol/types.gen.js";

class NotingBridge implements Bridge {
  readonly destination = { kind: "server", origin: "" } as const;
  readonly said: string[] = [];

  donate = async () => null;
  log = ({ level, message }: LogEntry) => void this.said.push(`${level}: ${message}`);
  flush = () => undefined;
  exit = async (code: number, info: string) => void this.said.push(`exit ${code}: ${info}`);
  event = (name: string) => void this.said.push(`event ${name}`);
}

/** As Python's ``json.dumps`` writes columns: escapes, ``1.0``, ``1e+16``, large whole numbers, lists in cells. */
const COLUMNS =
  '{"name": ["Ann", "Zo\\u00eb \\ud83d\\ude00", "Cy", "Di"], "n": [1.0, 1e+16, 12345678901234567890, null], "x": [[1, {"a": "\\u00e9"}], true, 0.1, -5]}';
const ANN = '{"name": "Ann", "n": 1.0, "x": [1, {"a": "é"}]}';
const ZOE = '{"name": "Zoë 😀", "n": 1e+16, "x": true}';
const CY = '{"name": "Cy", "n": 12345678901234567890, "x": 0.1}';
const DI = '{"name": "Di", "n": null, "x": -5}';
/** The same rows as the page writes them: the lists as they were shown, numbers in their shortest form. */
const WRITTEN_ANN = '{"name": "Ann", "n": 1.0, "x": [1,{"a":"é"}]}';
const WRITTEN_ZOE = '{"name": "Zoë 😀", "n": 10000000000000000.0, "x": true}';

function tableOf(id: string, columns: string | string[] = COLUMNS, headers = {}): PropsUIPromptConsentFormTable {
  return {
    __type__: "PropsUIPromptConsentFormTable",
    id,
    number: 1,
    title: id,
    description: "",
    data_frame: columns,
    headers,
  };
}

const SESSION = "f45fc5de293ca4b8";
/** What the script looks like: words that a name may consist of. */
const CODE = 'donate(f"{session}-people", people, "first", "second", "days", seen, unseen, t)';

const pageOf = (...body: PropsUIPageDataSubmission["body"]): Page => ({
  __type__: "PropsUIPageDataSubmission",
  platform: "",
  header: { __type__: "PropsUIHeader", title: "" },
  body,
});
const agreedTo = (deleted: Record<string, number[]>): Payload => ({ __type__: "PayloadReview", value: { deleted } });
const donation = (key: string, json: string): CommandSystemDonate => ({
  __type__: "CommandSystemDonate",
  key,
  json_string: json,
});
const answerOf = (rows: string[], deleted: number) =>
  `{"data": [${rows.join(", ")}], "metadata": {"deletedRowCount": ${deleted}}}`;

let bridge: NotingBridge;
let gate: ConsentGate;
/** What the page asked about. */
let asked: string[];
let told: string[];
/** What the participant says to it. */
let willing: boolean;

function open(declarations: Record<string, string> = {}): void {
  bridge = new NotingBridge();
  asked = [];
  told = [];
  willing = false;
  const sessionData = new SessionData(declarations);
  gate = new ConsentGate(bridge, {
    platform: "Chats",
    sessionData,
    diagnostics: new Diagnostics(),
    names: new UnseenNames(
      new KnownWords({
        sessionId: SESSION,
        platform: "Chats",
        declared: sessionData.keys,
        source: async () => [CODE],
      }),
    ),
    ask: async (key, content) => {
      asked.push(`${key} ${await content.text()}`);
      return willing;
    },
    tellAuthor: (sentence) => void told.push(sentence),
  });
}

/** What leaves for a donation; null when nothing does. */
async function leaving(json: string, key = "people"): Promise<string | null> {
  const admitted = await gate.admit(donation(key, json));
  return admitted instanceof Blob ? admitted.text() : null;
}

/** What a generator makes, and in how many steps. */
function counted<Result>(steps: Generator<unknown, Result>): [Result, number] {
  for (let count = 0; ; count++) {
    const step = steps.next();
    if (step.done) return [step.value, count];
  }
}

beforeEach(() => open());

describe("reviewed tables", () => {
  beforeEach(async () => {
    await gate.answered(
      pageOf(tableOf("people"), tableOf("days", '{"day": {"5": "Mo", "2": "Tu"}}')),
      agreedTo({ people: [2], days: [] }),
    );
  });

  const people = answerOf([ANN, ZOE, DI], 1);
  const written = answerOf([WRITTEN_ANN, WRITTEN_ZOE, DI], 1);
  const days = answerOf(['{"day": "Mo"}', '{"day": "Tu"}'], 0);

  it.each([
    ["all of them", `{"people": ${people}, "days": ${days}}`, `{"people": ${written}, "days": ${days}}`],
    ["some of them", `{"days": ${days}}`, `{"days": ${days}}`],
    ["one of them", people, written],
    ["the rows of one", `[${ANN}, ${ZOE}, ${DI}]`, `[${WRITTEN_ANN}, ${WRITTEN_ZOE}, ${DI}]`],
    ["keys in another order", `{"metadata": {"deletedRowCount": 0}, "data": [{"day": "Mo"}, {"day": "Tu"}]}`, days],
  ])("leave without a question: %s", async (_, json, text) => {
    expect(await leaving(json)).toBe(text);
    expect(asked).toEqual([]);
  });

  it("leave in the page's own words: nothing hides in spaces, escapes, digits or the order of columns", async () => {
    const hidden = ` { "days" :\t{"metadata":{"deletedRowCount":0.0} ,"data":[{"\\u0064ay":"M\\u006f"} , {"day":"Tu"}]}}\n`;
    expect(await leaving(hidden)).toBe(`{"days": ${days}}`);
    open();
    await gate.answered(pageOf(tableOf("t", '{"a": [0.5], "b": [7]}')), agreedTo({ t: [] }));
    expect(await leaving('[{"b": 7.000000000000000000000012345, "a": 5000e-4}]')).toBe('[{"a": 0.5, "b": 7}]');
    expect(asked).toEqual([]);
  });

  it.each([
    ["a deleted row", `{"people": ${answerOf([ANN, ZOE, CY, DI], 0)}}`],
    ["a deleted row, and a count that denies it", answerOf([ANN, ZOE, CY, DI], 1)],
    ["a row too few", answerOf([ANN, ZOE], 1)],
    ["rows in another order", answerOf([ZOE, ANN, DI], 1)],
    ["another number", answerOf([ANN, ZOE, DI.replace("-5", "-5.0000001")], 1)],
    ["another text", answerOf([ANN.replace("Ann", "ann"), ZOE, DI], 1)],
    ["a number as a text", answerOf([ANN, ZOE, DI.replace("-5", '"-5"')], 1)],
    ["another cell inside a list", answerOf([ANN.replace("é", "è"), ZOE, DI], 1)],
    ["a column too many", answerOf([ANN.replace("{", '{"more": 1, '), ZOE, DI], 1)],
    ["a column twice", answerOf([ANN.replace("{", '{"name": "secret", '), ZOE, DI], 1)],
    ["a column too few", answerOf(['{"name": "Ann", "n": 1.0}', ZOE, DI], 1)],
    ["a field beside the tables", `{"people": ${people}, "note": 1}`],
    ["a table twice", `{"days": ${days}, "days": ${days}}`],
    ["a table that was not shown", `{"people": ${people}, "others": ${people}}`],
    ["another count", answerOf([ANN, ZOE, DI], 2)],
    ["something behind it", `${people} "secret"`],
    ["no table at all", "{}"],
    ["a text", '"secret"'],
    ["no JSON", "secret"],
  ])("are no excuse for anything else: %s", async (_, json) => {
    expect(await leaving(json)).toBeNull();
    expect(asked).toEqual([`people ${json}`]);
  });

  it("leave under one key; under a second one the page asks", async () => {
    expect(await leaving(people, "first")).toBe(written);
    expect(await leaving(people, "first")).toBe(written);
    expect(await leaving(people, "second")).toBeNull();
    expect(await leaving(days, "k".repeat(101))).toBeNull();
    expect(asked.length).toBe(2);
  });

  it("are compared and written in short steps, however many there are", () => {
    const rows = Array.from({ length: 20_000 }, (_, number) => `{"n": ${number}, "text": "message ${number}"}`);
    const texts = JSON.stringify(rows.map((_, number) => `message ${number}`));
    const numbers = JSON.stringify(rows.map((_, number) => number));
    const table = new ReviewedTable(tableOf("t", `{"n": ${numbers}, "text": ${texts}}`), [], 1);
    const [agreed, compared] = counted(recogniseReviewed(`[${rows.join(", ")}]`, [table]));
    expect(agreed).toEqual({ parts: [table], form: "rows" });
    expect(compared).toBeGreaterThan(500);
    const [, written] = counted(writeAgreed({ parts: [table], form: "rows" }));
    expect(written).toBeGreaterThan(500);
  });

  it("outlive a reload of the page, with the key that they have", async () => {
    await leaving(people, "first");
    const kept = JSON.parse(JSON.stringify(gate.kept()));
    open();
    gate.restore(kept);
    expect(await leaving(people, "first")).toBe(written);
    expect(await leaving(days, "days")).toBe(days);
    expect(await leaving(people, "second")).toBeNull();
  });

  it("may be reviewed again, and then the later agreement counts", async () => {
    await gate.answered(pageOf(tableOf("people")), agreedTo({ people: [0, 1, 2] }));
    expect(await leaving(`{"people": ${answerOf([DI], 3)}}`)).toBe(`{"people": ${answerOf([DI], 3)}}`);
  });
});

describe("an agreement", () => {
  it("is none when the participant declined", async () => {
    await gate.answered(pageOf(tableOf("t", '{"a": [1]}')), { __type__: "PayloadFalse", value: false });
    expect(await leaving('[{"a": 1}]')).toBeNull();
    expect(asked.length).toBe(1);
  });

  it("covers the tables of a form that it was given for, and no other on the page", async () => {
    const form = {
      __type__: "PropsUIPromptConsentForm",
      tables: [tableOf("one", '{"a": [1]}')],
      metaTables: [tableOf("meta", '{"a": [2]}')],
    } as const;
    await gate.answered(
      pageOf({ ...form, tables: [...form.tables], metaTables: [...form.metaTables] }, tableOf("other", '{"a": [3]}')),
      agreedTo({ one: [], meta: [] }),
    );
    expect(await leaving(`{"one": ${answerOf(['{"a": 1}'], 0)}, "meta": ${answerOf(['{"a": 2}'], 0)}}`)).not.toBeNull();
    expect(await leaving('[{"a": 3}]')).toBeNull();
  });

  it("cannot be told of two tables with one id, so both are asked about", async () => {
    const tables = [tableOf("t", '{"a": [1, 2]}'), tableOf("t", '{"a": [3]}')];
    await gate.answered(pageOf(...tables), agreedTo({ t: [] }));
    expect(await leaving('[{"a": 1}, {"a": 2}]')).toBeNull();
  });

  it("is not for what is hidden in long names that nobody saw", async () => {
    const long = "secret ".repeat(20);
    const columns = JSON.stringify({ [long]: [1] });
    await gate.answered(pageOf(tableOf("seen", columns)), agreedTo({ seen: [] }));
    expect(await leaving(`[{"${long}": 1}]`)).not.toBeNull();
    open();
    await gate.answered(pageOf(tableOf("unseen", columns, { [long]: "Number" })), agreedTo({ unseen: [] }));
    expect(await leaving(`[{"${long}": 1}]`)).toBeNull();
    await gate.answered(pageOf(tableOf(long, '{"a": [1]}')), agreedTo({ [long]: [] }));
    expect(await leaving('[{"a": 1}]')).toBeNull();
  });

  it("covers a table without rows, and one of which all rows were deleted", async () => {
    await gate.answered(
      pageOf(tableOf("none", '{"a": []}'), tableOf("gone", '{"a": [1]}')),
      agreedTo({ none: [], gone: [0] }),
    );
    const both = `{"none": ${answerOf([], 0)}, "gone": ${answerOf([], 1)}}`;
    expect(await leaving(both)).toBe(both);
  });

  it("takes a table in pieces for one table", async () => {
    await gate.answered(pageOf(tableOf("t", ['{"a": [1]}', '{"a": [2], "b": ["x"]}'])), agreedTo({ t: [] }));
    expect(await leaving('[{"a": 1, "b": null}, {"a": 2, "b": "x"}]')).not.toBeNull();
  });
});

describe("everything else", () => {
  it("is asked about, byte for byte, and leaves as it is when the participant wants", async () => {
    willing = true;
    const json = ' {"name":\t"Zo\\u00eb"}';
    expect(await leaving(json, "name")).toBe(json);
    expect(asked).toEqual([`name ${json}`]);
    expect(told[0]).toContain("The donation “name” is not declared, so the participant was asked about it.");
  });

  it("stays when the participant does not want it, and the script learns that", async () => {
    const refusal = { success: false, key: "name", status: 403, error: "The participant did not agree to send this." };
    expect(await gate.admit(donation("name", "{}"))).toEqual(refusal);
  });

  it("is not even asked about under a key that no server takes", async () => {
    open({ "*": "Anything" });
    expect(await gate.admit(donation("k".repeat(201), "{}"))).toMatchObject({ success: false, status: 400 });
    // Python counts characters, JavaScript halves of some of them.
    expect(await leaving("{}", "😀".repeat(201))).toBeNull();
    expect(asked).toEqual([]);
    await leaving("{}", "😀".repeat(200));
    expect(asked.length).toBe(1);
  });

  it("leaves as it is where the study declares it as data about the session", async () => {
    open({ declined: "That you declined", "*-progress": "How far", "a.b": "" });
    expect(await leaving('{"status": "declined"}', "declined")).toBe('{"status": "declined"}');
    expect(await leaving("[1]", `${SESSION}-progress`)).toBe("[1]");
    expect(asked).toEqual([]);
    for (const key of ["Declined", "declined ", "progress", "x-progress-y", "aXb"]) {
      expect(await leaving("[1]", key)).toBeNull();
    }
    expect(asked.length).toBe(5);
  });

  it("is asked about where a pattern is filled with what stands nowhere in the study", async () => {
    open({ "*": "Anything" });
    expect(await leaving("[1]", "people-first")).toBe("[1]");
    for (const key of ["people-of-Leiden", "people--first", "people?", "people-"])
      expect(await leaving("[1]", key)).toBeNull();
    expect(asked.length).toBe(4);
  });

  it("is asked about under the name by which log lines are declared", async () => {
    open({ log: "What went wrong", login: "How you came here" });
    expect(await leaving("[1]", "log")).toBeNull();
    expect(asked).toEqual(["log [1]"]);
    expect(await leaving("[1]", "login")).toBe("[1]");
  });
});

describe("the report of an error", () => {
  const shown: Page = { __type__: "PropsUIPageError", message: "Traceback: é" };
  const report = (traceback: string) =>
    JSON.stringify({ platform: "secret", traceback, timestamp: "secret", more: "secret" });

  it("leaves when the participant chose to report it: what was shown, and nothing else", async () => {
    await gate.answered(shown, { __type__: "PayloadTrue", value: true });
    const sent = JSON.parse((await leaving(report("Traceback: é"), "error-report")) ?? "");
    expect(sent).toEqual({ platform: "Chats", traceback: "Traceback: é", timestamp: expect.stringMatching(/^\d{4}-/) });
    expect(await leaving(report("Another one"), "error-report")).toBeNull();
    expect(await leaving(report("Traceback: é"), "other")).toBeNull();
  });

  it("stays when they skipped it", async () => {
    await gate.answered(shown, { __type__: "PayloadFalse", value: false });
    expect(await leaving(report("Traceback: é"), "error-report")).toBeNull();
  });
});

describe("what a script says beside donations", () => {
  it("stays on the page unless the study declares its log", async () => {
    gate.log("info", "a secret");
    gate.event("a secret");
    await gate.exit(-12345, "a secret");
    expect(bridge.said).toEqual(["exit 255: "]);
    expect(told.length).toBe(3);
    expect(told[0]).toContain('"log" = "what it is, in words"');
  });

  it("does not keep back that the flow ended, and whether it was completed", async () => {
    await gate.exit(0, "End of script");
    await gate.exit(1, "Error in script");
    await gate.exit(7, "a secret");
    await gate.exit(256, "");
    expect(bridge.said).toEqual(["exit 0: End of script", "exit 1: Error in script", "exit 7: ", "exit 255: "]);
  });

  it("leaves where the log is declared, in lines of a reasonable length", async () => {
    open({ log: "What went wrong" });
    gate.log("warn", "x".repeat(5_000));
    gate.event("ready");
    await gate.exit(1234, "y".repeat(5_000));
    expect(bridge.said).toEqual([
      `warn: ${"x".repeat(1_000)}… (cut)`,
      "event ready",
      `exit 1234: ${"y".repeat(1_000)}… (cut)`,
    ]);
  });

  it("does not leave without end", () => {
    open({ log: "What went wrong" });
    for (let line = 0; line < 10_000; line++) gate.log("info", "x".repeat(1_000));
    expect(bridge.said.length).toBeLessThan(110);
    expect(bridge.said.at(-1)).toBe("warn: Further log lines of the script were left out.");
  });
});
