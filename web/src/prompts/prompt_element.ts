/** What all prompts have in common: the prompt comes in as a property, the answer goes out as one event. */
import { property } from "lit/decorators.js";
import { giveAnswer } from "../elements/answer.js";
import { PageElement } from "../elements/page_element.js";
import type { Payload } from "../protocol/types.gen.js";

/** The base of every prompt's element. */
export class PromptElement<Shown> extends PageElement {
  /** What is asked. */
  @property({ attribute: false }) prompt!: Shown;

  /** Give the answer. */
  protected answer(payload: Payload): void {
    giveAnswer(this, payload);
  }
}
