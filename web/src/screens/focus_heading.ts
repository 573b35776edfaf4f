/** Where the keyboard and a screen reader start on something that has just been drawn. */
import type { LitElement } from "lit";

/** Move to the heading of what was drawn, once it is there. */
export async function focusHeading(drawn: LitElement | null): Promise<void> {
  await drawn?.updateComplete;
  window.scrollTo({ top: 0 });
  // In the page of a host, whoever works there keeps the focus: the host would see it come and go.
  if (window.parent !== window && !document.hasFocus()) return;
  drawn?.renderRoot.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}
