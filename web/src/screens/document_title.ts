/** What the browser's tab says: the study's title, and before it what is shown. */
import type { Text } from "../protocol/types.gen.js";
import { localize } from "../words/texts.js";
import type { View } from "./render.js";

/** The title for a view of a study. */
export function documentTitle(view: View, title: Text, locale: string): string {
  const study = localize(title, locale);
  if (view.kind === "message") return `${view.heading} – ${study}`;
  if (view.kind !== "page" || view.page.__type__ !== "PropsUIPageDataSubmission") return study;
  const page = localize(view.page.header?.title, locale);
  return page && page !== study ? `${page} – ${study}` : study;
}
