/** All prompts that the page can draw: every file of this folder is taken in, and those that draw one say so. */
import type { Page, Prompt, PropsUIPageDataSubmission } from "../protocol/types.gen.js";
import { allDrawings, type Drawing, drawingOf } from "./draws.js";
import { factsOf, promptsOf } from "./page_kind.js";

import.meta.glob(["./*.ts", "!./registry.ts"], { eager: true });

type FetchParts = NonNullable<Drawing["parts"]>;

/** What has been fetched. */
const present = new Set<FetchParts>();

/** How a prompt of the protocol is drawn; a test makes sure that each of them is. */
export function drawing(prompt: Prompt): Drawing {
  return drawingOf(prompt.__type__) as Drawing;
}

/** What there is to draw on a page: its prompts, and the buttons of those that have none, unless they are there. */
export function promptsToDraw(page: PropsUIPageDataSubmission): Prompt[] {
  const prompts = promptsOf(page);
  const lacking = prompts.filter(
    (prompt) => factsOf(prompt).answeredBy === "participant" && !factsOf(prompt).ownButtons,
  );
  const added = new Map(
    lacking.map((prompt) => drawing(prompt).buttons).map((buttons) => [buttons?.__type__, buttons]),
  );
  for (const { __type__ } of prompts) added.delete(__type__);
  return [...prompts, ...[...added.values()].filter((buttons) => buttons !== undefined)];
}

/** Fetch what drawing a page takes; null where everything is there. Rejects if it cannot be had now. */
export function fetchParts(page: Page): Promise<unknown> | null {
  if (page.__type__ !== "PropsUIPageDataSubmission") return null;
  return fetchAll(promptsToDraw(page).map(drawing));
}

/** Fetch what any page may take, while the page has nothing else to do; what fails is fetched when it is needed. */
export function fetchPartsAhead(): void {
  const begin = () => fetchAll([...allDrawings()])?.catch(() => undefined);
  // Safari knows no idle time.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(begin);
  else setTimeout(begin, 200);
}

function fetchAll(drawings: readonly Drawing[]): Promise<unknown> | null {
  const lacking = new Set(drawings.flatMap(({ parts }) => (parts && !present.has(parts) ? [parts] : [])));
  if (lacking.size === 0) return null;
  return Promise.all([...lacking].map((parts) => parts().then(() => present.add(parts))));
}
