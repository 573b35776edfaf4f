/** What all prompts have in common: the prompt comes in as a property, the answer goes out as one event. */
import { property } from "lit/decorators.js";
import { PageElement } from "../elements/page_element.js";
import type { Payload } from "../protocol/types.gen.js";

/** The event by which a prompt gives its answer. */
export type AnswerEvent = CustomEvent<Payload>;

/** The answers that bear no value of their own. */
export const YES: Payload = { __type__: "PayloadTrue", value: true };
export const NO: Payload = { __type__: "PayloadFalse", value: false };
export const NOTHING: Payload = { __type__: "PayloadVoid", value: null };

/** The base of every prompt's element. */
export class PromptElement<Prompt> extends PageElement {
  /** What is asked. */
  @property({ attribute: false }) prompt!: Prompt;

  /** Give the answer. */
  protected answer(payload: Payload): void {
    this.dispatchEvent(new CustomEvent("answer", { detail: payload }));
  }
}
