/** The examples that the Python tests replay too, held against the generated shapes. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { check, checkMessage } from "../src/protocol/check.js";
import type { Field } from "../src/protocol/shape.js";
import { MESSAGES, UNIONS, WIRE_TYPES } from "../src/protocol/shapes.gen.js";

const FOLDER = resolve(import.meta.dirname, "../../src/sidestage/protocol/examples");
// biome-ignore lint/suspicious/noExplicitAny: the examples are of every shape, and are broken on purpose below
type Anything = any;
type Place = { holder: Anything; key: string | number };

const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));

function example(name: string): Anything {
  return JSON.parse(readFileSync(resolve(FOLDER, `${name}.json`), "utf-8"));
}

function wrong(name: string, value: unknown): string | null {
  return name in MESSAGES ? checkMessage(value) : check(name, value);
}

/** Every place in an example whose value the protocol has a say in: values of Python's own may be anything. */
function places(name: string, whole: Anything): Place[] {
  if (!(name in MESSAGES)) return [...placesIn(whole, WIRE_TYPES[name])];
  const type = MESSAGES[name] as string;
  const payload = type in UNIONS ? undefined : WIRE_TYPES[type];
  return [...placesIn(whole, [["payload", ""]]), ...placesIn(whole.payload, payload)];
}

/** Those in an object; how deep, its fields say where they are known. */
function* placesIn(holder: Anything, fields?: Field[]): Generator<Place> {
  for (const key of Object.keys(holder)) {
    const shape = fields?.find(([field]) => field === key)?.[1];
    if (shape === "unknown") continue;
    yield { holder, key };
    const goesOn = shape !== "" && !JSON.stringify(shape ?? null).includes('"unknown"');
    if (goesOn && typeof holder[key] === "object" && holder[key] !== null) yield* placesIn(holder[key]);
  }
}

describe("the examples of the protocol", () => {
  it("are one for each message and each member of a union", () => {
    const members = Object.entries(UNIONS).flatMap(([union, shapes]) => (union === "Text" ? [] : shapes));
    expect([...names].sort()).toEqual([...Object.keys(MESSAGES), ...members].sort());
  });

  it.each(names)("%s fits", (name) => {
    expect(wrong(name, example(name))).toBeNull();
  });

  it.each(names)("%s does not fit with a field too many", (name) => {
    const broken = example(name);
    (name in MESSAGES ? broken.payload : broken).surplus = 1;
    expect(wrong(name, broken)).toContain("surplus is not a field");
  });

  it.each(names)("%s does not fit with another kind of value in any of its places", (name) => {
    const count = places(name, example(name)).length;
    for (let position = 0; position < count; position++) {
      const broken = example(name);
      const place = places(name, broken)[position] as Place;
      const before = place.holder[place.key];
      place.holder[place.key] = typeof before === "boolean" ? "yes" : !before;
      expect(wrong(name, broken), JSON.stringify(broken)).toContain("must be");
    }
  });
});

describe("what is wrong is named with its place", () => {
  const page = (change: (body: Anything[]) => void) => {
    const command = example("CommandUIRender");
    command.page.body = example("PropsUIPageDataSubmission").body;
    change(command.page.body);
    return check("Command", command);
  };

  it.each<[string, (body: Anything[]) => void, string]>([
    ["a text that is a number", (body) => (body[0].text = 5), ".text must be a string or a Translatable"],
    [
      "a translation",
      (body) => (body[0].text = { translations: { en: 5 } }),
      '.text.translations["en"] must be a string',
    ],
    ["a field that is missing", (body) => delete body[0].text, ".text is missing"],
    ["an unknown field", (body) => (body[0].colour = "red"), ".colour is not a field of PropsUIPromptText"],
  ])("%s", (_, change, sentence) => {
    expect(page(change)).toBe(`Command.page.body[0]${sentence}`);
  });

  it("an unknown prompt", () => {
    const sentence = page((body) => (body[0].__type__ = "PropsUIPromptMap"));
    expect(sentence).toContain("Command.page.body[0] must be a PropsUI");
    expect(sentence).toContain(" or a PropsUIPromptFileInput or a ");
  });

  it.each<[Anything, string]>([
    [null, "A message must be an object"],
    [{ type: "shout", id: 1, payload: {} }, "A message's type must be one of init, setUp, runPython,"],
    [{ type: "toString", id: 1, payload: {} }, "A message's type must be one of"],
    [{ type: "ready", id: "1", payload: { python: "3.13" } }, "ready.id must be a whole number or null"],
    [{ type: "ready", id: 1 }, "ready.payload must be a ReadyReply"],
    [{ type: "ready", id: 1, payload: {} }, "ready.payload.python is missing"],
    [
      { type: "log", id: null, payload: { lines: [{ stream: "printer", text: "" }] } },
      "log.payload.lines[0].stream must be",
    ],
  ])("a message %j", (message, sentence) => {
    expect(checkMessage(message)).toContain(sentence);
  });
});

describe("the browser's own objects", () => {
  it("a file is a File, or a reference to one", () => {
    expect(check("Payload", { __type__: "PayloadFile", value: new File(["x"], "a.zip") })).toBeNull();
    expect(check("Payload", { __type__: "PayloadFile", value: "a.zip" })).toBe(
      "Payload.value must be a File or a FileReference",
    );
  });

  it("what is null or undefined counts as absent where it may be absent", () => {
    expect(
      check("PropsUIPromptText", { __type__: "PropsUIPromptText", text: "", title: null, button: undefined }),
    ).toBeNull();
  });
});
