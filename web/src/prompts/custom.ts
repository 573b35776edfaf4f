/** A prompt of the study's own, which a module of the study draws, in a frame of its own. */
import { html } from "lit";
import type { AnswerEvent } from "../elements/answer.js";
import type { PropsUIPromptCustom } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptCustom", { parts: () => import("../own_prompt/own_prompt.js") })
export class SidestageCustom extends PromptElement<PropsUIPromptCustom> {
  protected override render() {
    return html`<sidestage-own-prompt
      .prompt=${this.prompt}
      @answer=${(event: AnswerEvent) => this.answer(event.detail)}
    ></sidestage-own-prompt>`;
  }
}
