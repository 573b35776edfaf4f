/** Small pieces of page that several prompts draw: paragraphs, icons, a sentence about a problem. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { countUnseen } from "../words/unseen.js";
import { drawn } from "./drawn_text.js";
import { unseenLine } from "./unseen_line.js";

/** A text as paragraphs: an empty line divides them, a single line end is kept. What is not seen is marked and counted. */
export function paragraphs(text: string, kind = ""): TemplateResult[] {
  const drawings = text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((each) => html`<p class=${kind} dir="auto" style="white-space: pre-line">${drawn(each.trim())}</p>`);
  const count = countUnseen(text);
  return count ? [...drawings, html`${unseenLine(count)}`] : drawings;
}

/** A sentence that says what is wrong and what to do; read out as soon as it appears. */
export function problem(sentence: string, id = "problem"): TemplateResult {
  const shown = html`<div class="problem">${icon("warning")}<span dir="auto">${drawn(sentence)}</span></div>`;
  return html`<div role="alert" class="alert" id=${id}>${sentence ? shown : nothing}</div>`;
}

const SHAPES = {
  warning: svg`<path d="M12 3.5 22 20.5H2z"/><path d="M12 10v4.5"/><path d="M12 17.4v.1"/>`,
  file: svg`<path d="M14 3H6.5A1.5 1.5 0 0 0 5 4.5v15A1.5 1.5 0 0 0 6.5 21h11a1.5 1.5 0 0 0 1.5-1.5V8z"/><path d="M14 3v5h5"/>`,
  upload: svg`<path d="M12 15.5V4.5"/><path d="m7 9 5-5 5 5"/><path d="M4 15.5v3A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5v-3"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  cross: svg`<path d="m6 6 12 12"/><path d="M18 6 6 18"/>`,
  bin: svg`<path d="M4 7h16"/><path d="M9.5 7V4.5h5V7"/><path d="m6.5 7 .8 12.5h9.4L17.5 7"/>`,
  undo: svg`<path d="M8 5 4 9l4 4"/><path d="M4.5 9H14a5 5 0 0 1 0 10H9"/>`,
  leave: svg`<path d="M13 5H6.5A1.5 1.5 0 0 0 5 6.5v11A1.5 1.5 0 0 0 6.5 19H13"/><path d="M10 12h10"/><path d="m16.5 8 4 4-4 4"/>`,
  search: svg`<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4.5 4.5"/>`,
  back: svg`<path d="m14.5 5-7 7 7 7"/>`,
  forward: svg`<path d="m9.5 5 7 7-7 7"/>`,
};

/** A line drawing beside a word; a screen reader passes it by. */
export function icon(name: keyof typeof SHAPES, size = 20): TemplateResult {
  return html`<svg
    aria-hidden="true"
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${SHAPES[name]}
  </svg>`;
}
