/**
 * What all prompts have in common: the prompt and the locale come in as properties, the answer goes out as one event.
 */
import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Payload, Text } from "../protocol/types.gen.js";
import { shared } from "../style.js";
import { localize, type Words, words } from "../texts.js";

/** The event by which a prompt gives its answer. */
export type AnswerEvent = CustomEvent<Payload>;

/** The answers that bear no value of their own. */
export const YES: Payload = { __type__: "PayloadTrue", value: true };
export const NO: Payload = { __type__: "PayloadFalse", value: false };
export const NOTHING: Payload = { __type__: "PayloadVoid", value: null };

/** The base of every prompt's element. */
export class PromptElement<Prompt> extends LitElement {
  static override styles = [shared];

  /** What is asked. */
  @property({ attribute: false }) prompt!: Prompt;
  /** In which locale. */
  @property() locale = "en";

  /** The page's own words in this locale. */
  protected get words(): Words {
    return words(this.locale);
  }

  /** A text of the script in this locale. */
  protected text(text: Text | null | undefined): string {
    return localize(text, this.locale);
  }

  /** Give the answer. */
  protected answer(payload: Payload): void {
    this.dispatchEvent(new CustomEvent("answer", { detail: payload }));
  }
}
