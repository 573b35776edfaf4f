/** How texts of others are drawn, those of a script, a table or a file's name: with marks for what is not seen. */
import { html, type TemplateResult } from "lit";
import { drawnParts } from "../words/unseen.js";

/** A text as it is drawn. What it stands in says ``dir="auto"``, so that it reads in its own direction. */
export function drawn(text: string): TemplateResult[] | string {
  const parts = drawnParts(text);
  if (parts.length === 1 && typeof parts[0] === "string") return text;
  return parts.map((part) => (typeof part === "string" ? html`${part}` : html`<span class="mark">${part.mark}</span>`));
}
