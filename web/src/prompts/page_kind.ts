/** What kind of page it is: who answers it, and how wide it is. */
import { PROMPTS } from "../protocol/prompts.gen.js";
import type { Page, Prompt, PropsUIPageDataSubmission, PropsUIPromptConsentFormTable } from "../protocol/types.gen.js";

/** The prompts of a page; existing scripts may give one instead of a list. */
export function promptsOf(page: PropsUIPageDataSubmission): Prompt[] {
  return [page.body ?? []].flat();
}

/** Whether a prompt is a table that the page's buttons are about. */
export function isTable(prompt: Prompt): prompt is PropsUIPromptConsentFormTable {
  return prompt.__type__ === "PropsUIPromptConsentFormTable";
}

/**
 * How a page is answered: by one of its prompts; at once, since it only shows how far Python is; or by going on, since it
 * holds nothing but texts.
 */
export function isAnswered(page: PropsUIPageDataSubmission): "by a prompt" | "at once" | "by going on" {
  const answering = promptsOf(page).map((prompt) => PROMPTS[prompt.__type__].answeredBy);
  if (answering.includes("participant")) return "by a prompt";
  return answering.includes("itself") ? "at once" : "by going on";
}

/** Whether the page only shows how far Python is, so that the next one of its kind can take its place quietly. */
export function isProgress(page: Page): boolean {
  return page.__type__ === "PropsUIPageDataSubmission" && isAnswered(page) === "at once";
}

/** Whether the page has tables, which want more width than text. */
export function isWide(page: Page): boolean {
  if (page.__type__ !== "PropsUIPageDataSubmission") return false;
  return promptsOf(page).some((prompt) => PROMPTS[prompt.__type__].wide);
}
