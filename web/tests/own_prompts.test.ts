import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { brokenSentence } from "../src/own_prompt/broken.js";
import { declaredPayload } from "../src/own_prompt/declared_answer.js";
import { frameDocument } from "../src/own_prompt/frame_document.js";
import type { PropsUIPromptCustom } from "../src/protocol/types.gen.js";

const EVERY: PropsUIPromptCustom["answers"] = [
  "PayloadVoid",
  "PayloadTrue",
  "PayloadFalse",
  "PayloadString",
  "PayloadJSON",
];

describe("the answer of a study's own prompt", () => {
  it.each([
    ["null", { __type__: "PayloadVoid", value: null }],
    ["true", { __type__: "PayloadTrue", value: true }],
    ["false", { __type__: "PayloadFalse", value: false }],
    ['"red"', { __type__: "PayloadString", value: "red" }],
    ["3", { __type__: "PayloadJSON", value: "3" }],
    [' { "a" : [1, null] } ', { __type__: "PayloadJSON", value: '{"a":[1,null]}' }],
  ])("%s is the payload that bears it", (json, payload) => {
    expect(declaredPayload(json, EVERY)).toEqual(payload);
  });

  it("is JSON where the study declares that alone", () => {
    for (const json of ["null", "true", '"red"', "[]"]) {
      expect(declaredPayload(json, ["PayloadJSON"])).toEqual({ __type__: "PayloadJSON", value: json });
    }
  });

  it.each([
    ["3", ["PayloadString", "PayloadVoid"]],
    ["null", ["PayloadString"]],
    ["false", ["PayloadTrue"]],
    ['"red"', ["PayloadTrue", "PayloadFalse", "PayloadVoid"]],
  ] satisfies [string, PropsUIPromptCustom["answers"]][])("%s is none where %j are declared", (json, answers) => {
    expect(declaredPayload(json, answers)).toBeNull();
  });

  it.each([[undefined], [null], [3], [{ toString: () => "3" }], ["{"], ["undefined"], [""]])(
    "%j is none, since it is no JSON",
    (json) => {
      expect(declaredPayload(json, EVERY)).toBeNull();
    },
  );

  it("is never a review, a file or anything else that a prompt of the page's own answers with", () => {
    const review = JSON.stringify({ __type__: "PayloadReview", value: { deleted: {} } });
    expect(declaredPayload(review, EVERY)?.__type__).toBe("PayloadJSON");
  });

  it("has an end", () => {
    const text = (length: number) => JSON.stringify("x".repeat(length - 2));
    expect(declaredPayload(text(2_000_000), EVERY)).not.toBeNull();
    expect(declaredPayload(text(2_000_001), EVERY)).toBeNull();
  });
});

describe("the document of its frame", () => {
  it("runs one script, by its hash, and lets nothing in or out", async () => {
    const made = await frameDocument("inside();");
    const policies = [...made.matchAll(/http-equiv="Content-Security-Policy" content="([^"]+)"/g)].map(
      ([, text]) => text,
    );
    const hash = `'sha256-${createHash("sha256").update("inside();").digest("base64")}'`;
    expect(policies).toHaveLength(1);
    expect(policies[0]).toContain("default-src 'none'");
    expect(policies[0]).toContain(`; script-src ${hash} blob:`);
    expect(policies[0]).not.toMatch(/https?:|'self'|\*|unsafe-eval|connect-src/);
    expect(made.indexOf("Content-Security-Policy")).toBeLessThan(made.indexOf("<script"));
  });
});

describe("what is wrong with it", () => {
  it("is told without a word of what it said itself", () => {
    const broken = { failure: "threw", message: "secret of the participant", line: 7 } as const;
    expect(brokenSentence("Wheel", "prompt-wheel", broken)).toBe("prompts/Wheel.js throws an error in line 7");
  });
});
