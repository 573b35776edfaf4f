/** A prompt of the study's own. Nothing draws it here, and the script is told so: its `yield` raises a PromptError. */
import { html } from "lit";
import type { PropsUIPromptCustom } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptCustom")
export class SidestageCustom extends PromptElement<PropsUIPromptCustom> {
  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("prompt")) return;
    const value = `This version of the page does not draw a study's own prompts, such as ${this.prompt.name}.`;
    this.answer({ __type__: "PayloadError", value });
  }

  protected override render() {
    return html``;
  }
}
