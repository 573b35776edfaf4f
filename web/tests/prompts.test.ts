import { beforeAll, describe, expect, it } from "vitest";
import { allDrawings, type Drawing, drawingOf } from "../src/prompts/draws.js";
import { factsOf, isAnswered, isProgress, isWide } from "../src/prompts/page_kind.js";
import { fetchParts, promptsToDraw } from "../src/prompts/registry.js";
import { PROMPTS } from "../src/protocol/prompts.gen.js";
import type { Prompt, PropsUIPageDataSubmission } from "../src/protocol/types.gen.js";

const NAMES = Object.keys(PROMPTS) as Prompt["__type__"][];

const named = (name: Prompt["__type__"]) => ({ __type__: name }) as Prompt;

function pageOf(...names: Prompt["__type__"][]): PropsUIPageDataSubmission {
  const header = { __type__: "PropsUIHeader", title: "" } as const;
  return { __type__: "PropsUIPageDataSubmission", platform: "", header, body: names.map(named) };
}

const drawn = (page: PropsUIPageDataSubmission) => promptsToDraw(page).map((prompt) => prompt.__type__);

describe("each prompt", () => {
  it.each(NAMES)("%s has an element", (name) => {
    expect(drawingOf(name)?.tag).toMatch(/^sidestage-[a-z-]+$/);
  });

  it.each(NAMES)("%s can be answered: by itself, by its own buttons, or by those that it names", (name) => {
    const { answeredBy, ownButtons } = factsOf(named(name));
    const buttons = drawingOf(name)?.buttons;
    expect(Boolean(buttons)).toBe(answeredBy === "participant" && !ownButtons);
    if (buttons) expect(factsOf(buttons).ownButtons).toBe(true);
  });

  it("is drawn by an element of its own", () => {
    const tags = [...allDrawings()].map(({ tag }: Drawing) => tag);
    expect(new Set(tags).size).toBe(NAMES.length);
  });
});

describe("a page", () => {
  it("gets the buttons of prompts that have none, once, below the others", () => {
    expect(
      drawn(pageOf("PropsUIPromptConsentFormTable", "PropsUIPromptText", "PropsUIPromptConsentFormTable")),
    ).toEqual([
      "PropsUIPromptConsentFormTable",
      "PropsUIPromptText",
      "PropsUIPromptConsentFormTable",
      "PropsUIDataSubmissionButtons",
    ]);
  });

  it("keeps the buttons that the script gave, where it gave them", () => {
    const page = pageOf("PropsUIDataSubmissionButtons", "PropsUIPromptConsentFormTable");
    expect(drawn(page)).toEqual(["PropsUIDataSubmissionButtons", "PropsUIPromptConsentFormTable"]);
  });

  it("may hold one prompt that is in no list", () => {
    const page = { ...pageOf(), body: named("PropsUIPromptConfirm") as never };
    expect(drawn(page)).toEqual(["PropsUIPromptConfirm"]);
  });

  it("waits for the participant, answers at once, or is answered by going on", () => {
    expect(isAnswered(pageOf("PropsUIPromptText", "PropsUIPromptConfirm"))).toBe("by a prompt");
    expect(isAnswered(pageOf("PropsUIPromptProgress", "PropsUIPromptConfirm"))).toBe("by a prompt");
    expect(isAnswered(pageOf("PropsUIPromptText", "PropsUIPromptProgress"))).toBe("at once");
    expect(isAnswered(pageOf("PropsUIPromptHelloWorld"))).toBe("by going on");
    expect(isProgress(pageOf("PropsUIPromptProgress"))).toBe(true);
    expect(isProgress(pageOf("PropsUIPromptText"))).toBe(false);
  });

  it("is wide where one of its prompts wants it", () => {
    expect(isWide(pageOf("PropsUIPromptText", "PropsUIPromptConsentFormTable"))).toBe(true);
    expect(isWide(pageOf("PropsUIPromptText"))).toBe(false);
    const own = (wide?: boolean) => ({ ...pageOf(), body: [{ ...named("PropsUIPromptCustom"), wide } as Prompt] });
    expect([isWide(own(true)), isWide(own(false)), isWide(own())]).toEqual([true, false, false]);
  });
});

describe("what a page is drawn with", () => {
  beforeAll(async () => {
    expect(fetchParts(pageOf("PropsUIPromptText", "PropsUIPromptConfirm"))).toBeNull();
    const fetched = fetchParts(pageOf("PropsUIPromptConsentFormTable"));
    expect(fetched).not.toBeNull();
    await fetched;
  });

  it("is fetched once, for all prompts that need it", () => {
    expect(customElements.get("sidestage-table-review")).toBeDefined();
    expect(fetchParts(pageOf("PropsUIPromptConsentFormTable"))).toBeNull();
  });
});
