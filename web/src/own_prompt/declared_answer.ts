/** The answer of a study's own prompt: one value, as the study declares it. */
import type { Payload, PropsUIPromptCustom } from "../protocol/types.gen.js";

/** The longest answer, in characters of JSON. */
const LONGEST_ANSWER = 2_000_000;

/**
 * The payload that bears a value; null where the study declares none for it, or it is too long.
 *
 * @param json what came out of the frame; it may be anything.
 */
export function declaredPayload(json: unknown, answers: PropsUIPromptCustom["answers"]): Payload | null {
  if (typeof json !== "string" || json.length > LONGEST_ANSWER) return null;
  const value = parsed(json);
  if (value === undefined) return null;
  if (value === null && answers.includes("PayloadVoid")) return { __type__: "PayloadVoid", value };
  if (value === true && answers.includes("PayloadTrue")) return { __type__: "PayloadTrue", value };
  if (value === false && answers.includes("PayloadFalse")) return { __type__: "PayloadFalse", value };
  if (typeof value === "string" && answers.includes("PayloadString")) return { __type__: "PayloadString", value };
  return answers.includes("PayloadJSON") ? { __type__: "PayloadJSON", value: JSON.stringify(value) } : null;
}

/** The value of a text of JSON; undefined where it is none. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
