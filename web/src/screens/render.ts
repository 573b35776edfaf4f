/** What the page can show, one thing at a time. */
import { html, nothing, type TemplateResult } from "lit";
import type { Page, Payload } from "../protocol/types.gen.js";
import "./asking_page.js";
import "./end_page.js";
import "./error_page.js";
import "./loading_page.js";
import type { LoadingStage } from "./loading_page.js";
import "./message_page.js";
import "./prompt_page.js";
import type { AnswerEvent } from "../prompts/prompt_element.js";
import "./save_page.js";

/** One of them, with what it needs to be drawn. */
export type View =
  | { kind: "loading"; stage: LoadingStage; value: number }
  | { kind: "page"; page: Page; answer: (payload: Payload) => void }
  | {
      kind: "message";
      heading: string;
      sentences: readonly string[];
      details?: string;
      choices: readonly string[];
      choose: (index: number) => void;
    }
  | { kind: "asking"; name: string; content: Blob; destination: string; decide: (send: boolean) => void }
  | { kind: "save"; file: File; saved: () => void }
  | { kind: "end"; complete: boolean };

/** Draw a view. ``heading`` stands above it where it has none of its own. */
export function draw(view: View, heading: string, locale: string): TemplateResult | typeof nothing {
  switch (view.kind) {
    case "loading":
      return html`<sidestage-loading-page
        .heading=${heading}
        .stage=${view.stage}
        .value=${view.value}
        .locale=${locale}
      ></sidestage-loading-page>`;
    case "page":
      return drawPage(view.page, view.answer, heading, locale);
    case "message":
      return html`<sidestage-message-page
        .heading=${view.heading}
        .sentences=${view.sentences}
        .details=${view.details ?? ""}
        .choices=${view.choices}
        .locale=${locale}
        @choose=${(event: CustomEvent<number>) => view.choose(event.detail)}
      ></sidestage-message-page>`;
    case "asking":
      return html`<sidestage-asking-page
        .name=${view.name}
        .content=${view.content}
        .destination=${view.destination}
        .locale=${locale}
        @decide=${(event: CustomEvent<boolean>) => view.decide(event.detail)}
      ></sidestage-asking-page>`;
    case "save":
      return html`<sidestage-save-page .file=${view.file} .locale=${locale} @answer=${view.saved}></sidestage-save-page>`;
    case "end":
      return html`<sidestage-end-page .complete=${view.complete} .locale=${locale}></sidestage-end-page>`;
  }
}

function drawPage(
  page: Page,
  answer: (payload: Payload) => void,
  heading: string,
  locale: string,
): TemplateResult | typeof nothing {
  const answered = (event: AnswerEvent) => answer(event.detail);
  switch (page.__type__) {
    case "PropsUIPageDataSubmission":
      return html`<sidestage-page .prompt=${page} .heading=${heading} .locale=${locale} @answer=${answered}></sidestage-page>`;
    case "PropsUIPageError":
      return html`<sidestage-error-page .prompt=${page} .locale=${locale} @answer=${answered}></sidestage-error-page>`;
    case "PropsUIPageEnd":
      return html`<sidestage-end-page .locale=${locale}></sidestage-end-page>`;
    default:
      return nothing;
  }
}
