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
import type { AnswerEvent } from "../elements/answer.js";
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
export function draw(view: View, heading: string): TemplateResult | typeof nothing {
  switch (view.kind) {
    case "loading":
      return html`<sidestage-loading-page
        .heading=${heading}
        .stage=${view.stage}
        .value=${view.value}
      ></sidestage-loading-page>`;
    case "page":
      return drawPage(view.page, view.answer, heading);
    case "message":
      return html`<sidestage-message-page
        .heading=${view.heading}
        .sentences=${view.sentences}
        .details=${view.details ?? ""}
        .choices=${view.choices}
        @choose=${(event: CustomEvent<number>) => view.choose(event.detail)}
      ></sidestage-message-page>`;
    case "asking":
      return html`<sidestage-asking-page
        .name=${view.name}
        .content=${view.content}
        .destination=${view.destination}
        @decide=${(event: CustomEvent<boolean>) => view.decide(event.detail)}
      ></sidestage-asking-page>`;
    case "save":
      return html`<sidestage-save-page .file=${view.file} @saved=${view.saved}></sidestage-save-page>`;
    case "end":
      return html`<sidestage-end-page .complete=${view.complete}></sidestage-end-page>`;
  }
}

function drawPage(page: Page, answer: (payload: Payload) => void, heading: string): TemplateResult | typeof nothing {
  const answered = (event: AnswerEvent) => answer(event.detail);
  switch (page.__type__) {
    case "PropsUIPageDataSubmission":
      return html`<sidestage-page .page=${page} .heading=${heading} @answer=${answered}></sidestage-page>`;
    case "PropsUIPageError":
      return html`<sidestage-error-page .page=${page} @answer=${answered}></sidestage-error-page>`;
    case "PropsUIPageEnd":
      return html`<sidestage-end-page></sidestage-end-page>`;
    default:
      return nothing;
  }
}
