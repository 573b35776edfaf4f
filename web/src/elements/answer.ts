/** How an element gives an answer: as one event, which bears the payload. */
import type { Payload } from "../protocol/types.gen.js";

/** The event by which an answer is given. */
export type AnswerEvent = CustomEvent<Payload>;

/** The answers that bear no value of their own. */
export const YES: Payload = { __type__: "PayloadTrue", value: true };
export const NO: Payload = { __type__: "PayloadFalse", value: false };
export const NOTHING: Payload = { __type__: "PayloadVoid", value: null };

/** Have an element give an answer. */
export function giveAnswer(element: EventTarget, payload: Payload): void {
  element.dispatchEvent(new CustomEvent("answer", { detail: payload }));
}
