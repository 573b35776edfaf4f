/** Which element draws which prompt: each says so of itself, with ``@draws``. */
import type { Prompt } from "../protocol/types.gen.js";
import type { PromptElement } from "./prompt_element.js";

/** The names of all prompts. */
export type PromptName = Prompt["__type__"];

type PromptNamed<Name extends PromptName> = Extract<Prompt, { __type__: Name }>;

/** What an element says of itself besides. */
export interface DrawingNeeds {
  /** Fetches what is fetched only where it is needed; the page is drawn when it is there. */
  parts?: () => Promise<unknown>;
  /** The prompt that answers this one, which has no buttons of its own; the page adds it where the script did not. */
  buttons?: Prompt;
}

/** How a prompt is drawn. */
export interface Drawing extends DrawingNeeds {
  /** The name of its element. */
  tag: string;
}

const drawings = new Map<string, Drawing>();

/** Make a class the element of the prompt of this name; it must take that prompt. */
export function draws<Name extends PromptName>(name: Name, needs: DrawingNeeds = {}) {
  return <Element extends new () => PromptElement<unknown>>(
    element: Element & (PromptNamed<Name> extends InstanceType<Element>["prompt"] ? unknown : never),
  ): void => {
    const tag = tagOf(name);
    customElements.define(tag, element);
    drawings.set(name, { ...needs, tag });
  };
}

/** How a prompt is drawn; undefined where no element draws it. */
export function drawingOf(name: string): Drawing | undefined {
  return drawings.get(name);
}

/** How all prompts are drawn. */
export function allDrawings(): Iterable<Drawing> {
  return drawings.values();
}

/** The element's name: ``PropsUIPromptFileInput`` is drawn by ``sidestage-file-input``. */
function tagOf(name: PromptName): string {
  const words = name.replace(/^PropsUI(Prompt)?/, "").split(/(?=[A-Z])/);
  return ["sidestage", ...words].join("-").toLowerCase();
}
