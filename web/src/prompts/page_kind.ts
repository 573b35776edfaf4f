/** What kind of page it is: who answers it, and how wide it is. Each prompt says in Python what it is like. */
import { PROMPTS, type PromptFacts } from "../protocol/prompts.gen.js";
import type { Page, Prompt, PropsUIPageDataSubmission } from "../protocol/types.gen.js";

/** The prompts of a page; existing scripts may give one instead of a list. */
export function promptsOf(page: PropsUIPageDataSubmission): Prompt[] {
  return [page.body ?? []].flat();
}

/** What the page must know of a prompt. */
export function factsOf(prompt: Prompt): PromptFacts {
  return PROMPTS[prompt.__type__];
}

/**
 * How a page is answered: by one of its prompts; at once, since it only shows how far Python is; or by going on, since it
 * holds nothing but texts.
 */
export function isAnswered(page: PropsUIPageDataSubmission): "by a prompt" | "at once" | "by going on" {
  const answerers = promptsOf(page).map((prompt) => factsOf(prompt).answeredBy);
  if (answerers.includes("participant")) return "by a prompt";
  return answerers.includes("itself") ? "at once" : "by going on";
}

/** Whether the page only shows how far Python is, so that the next one of its kind can take its place quietly. */
export function isProgress(page: Page): boolean {
  return page.__type__ === "PropsUIPageDataSubmission" && isAnswered(page) === "at once";
}

/** Whether the page has something that wants more width than text, such as a table. */
export function isWide(page: Page): boolean {
  return page.__type__ === "PropsUIPageDataSubmission" && promptsOf(page).some(wantsWidth);
}

/** A study's own prompts say it each for itself. */
function wantsWidth(prompt: Prompt): boolean {
  return factsOf(prompt).wide || ("wide" in prompt && prompt.wide === true);
}
