/** The report of a script's error, written by the page from what the participant saw when they agreed to send it. */

import type { Page, Payload } from "../../protocol/types.gen.js";
import { AgreementKind, type Offer } from "./agreement_kind.js";

/** The key of what leaves when a participant reports an error. */
const REPORT_KEY = "error-report";
/** A character may take so many in JSON; and the rest of a report so many in all. */
const LONGEST_ESCAPE = 6;
const REST = 1_000;

export class ErrorReports extends AgreementKind {
  readonly name = "error report";
  /** The traceback of the error that the participant agreed to report. */
  #shown: string | null = null;

  /** @param platform stands in the report. */
  constructor(private readonly platform: string) {
    super();
  }

  override answered(page: Page, payload: Payload): Payload | null {
    if (page.__type__ !== "PropsUIPageError") return null;
    this.#shown = payload.__type__ === "PayloadTrue" ? page.message : null;
    return this.#shown === null ? null : payload;
  }

  /** Only the traceback that was shown is in the report, and the page's own clock. */
  async bytesFor(offer: Offer): Promise<Blob | null> {
    if (offer.key !== REPORT_KEY || this.#shown === null || !("text" in offer)) return null;
    if (!isReportOf(this.#shown, offer.text)) return null;
    const written = { platform: this.platform, traceback: this.#shown, timestamp: new Date().toISOString() };
    return new Blob([JSON.stringify(written)], { type: "application/json" });
  }

  override kept(): unknown {
    return this.#shown;
  }

  override get keptCharacters(): number {
    return this.#shown?.length ?? 0;
  }

  override restore(kept: unknown): void {
    this.#shown = kept as string | null;
  }
}

function isReportOf(shown: string, text: string): boolean {
  if (text.length > LONGEST_ESCAPE * shown.length + REST) return false;
  try {
    const report = JSON.parse(text) as { traceback?: unknown } | null;
    return report?.traceback === shown;
  } catch {
    return false;
  }
}
