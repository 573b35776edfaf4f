/** The report of a script's error, written by the page when the participant agrees to send it, from what they saw. */

import type { DonationResult, Page, Payload } from "../../protocol/types.gen.js";
import { JSON_TYPE } from "../bytes.js";
import { AgreementKind, type Fate, type Offer } from "./agreement_kind.js";
import { type Departing, depart, departed } from "./departure.js";

/** The key of what leaves when a participant reports an error. */
const REPORT_KEY = "error-report";
/** A character may take so many in JSON; and the rest of a report so many in all. */
const LONGEST_ESCAPE = 6;
const REST = 1_000;

/** A report as it was agreed to. */
interface Report extends Departing {
  /** The traceback that was shown. */
  shown: string;
  /** What leaves. */
  written: string;
}

export class ErrorReports extends AgreementKind {
  readonly name = "error report";
  #report: Report | null = null;

  /** @param platform stands in the report. */
  constructor(private readonly platform: string) {
    super();
  }

  /** Only the traceback that was shown is in the report, and the page's own clock. */
  override async answered(page: Page, payload: Payload): Promise<Payload | null> {
    if (page.__type__ !== "PropsUIPageError") return null;
    this.#report = null;
    if (payload.__type__ !== "PayloadTrue") return null;
    const { message: shown } = page;
    const written = { platform: this.platform, traceback: shown, timestamp: new Date().toISOString() };
    this.#report = { shown, written: JSON.stringify(written), departure: null };
    return payload;
  }

  async bytesFor(offer: Offer): Promise<Blob | DonationResult | null> {
    const report = this.#reportIn(offer);
    if (report === null || offer.key !== REPORT_KEY) return null;
    const may = depart([report], REPORT_KEY, "report");
    return may === true ? new Blob([report.written], JSON_TYPE) : may;
  }

  /** After "Do not send", under whatever key, the report is not agreed to any more. */
  override learn(offer: Offer, fate: Fate): void {
    const report = this.#reportIn(offer);
    if (report === null) return;
    if (fate === "declined") this.#report = null;
    else departed([report], offer.key, fate === "arrived");
  }

  #reportIn(offer: Offer): Report | null {
    return this.#report && "text" in offer && isReportOf(this.#report.shown, offer.text) ? this.#report : null;
  }

  override kept(): unknown {
    return this.#report;
  }

  override get keptCharacters(): number {
    return 2 * (this.#report?.written.length ?? 0);
  }

  override restore(kept: unknown): void {
    this.#report = kept as Report | null;
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
