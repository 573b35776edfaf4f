/** The kinds of agreement there are: one entry each, in the order in which they are asked. */

import type { SessionData } from "../session_data.js";
import type { UnseenNames } from "../unseen_names.js";
import type { AgreementKind } from "./agreement_kind.js";
import { type Ask, AskedDonations } from "./asked_donations.js";
import { DeclaredData } from "./declared_data.js";
import { ErrorReports } from "./error_reports.js";
import { ReviewedTables } from "./reviewed_tables.js";

/** What the kinds go by. */
export interface ConsentRules {
  sessionData: SessionData;
  /** The names that have left in this session without having been seen, and the words that they may consist of. */
  names: UnseenNames;
  /** Stands in error reports. */
  platform: string | null;
  /** Show the participant what would be sent under a key, and ask. */
  ask: Ask;
  /** Tell the author, while they write, of what stayed on the page and why. */
  tellAuthor?(sentence: string): void;
}

/** The first that agrees counts, so the one that asks the participant comes last. */
export function agreementKinds({ sessionData, names, platform, ask, tellAuthor }: ConsentRules): AgreementKind[] {
  return [
    new DeclaredData(sessionData, names.words),
    new ErrorReports(platform ?? ""),
    new ReviewedTables(names, tellAuthor),
    new AskedDonations(ask, tellAuthor),
  ];
}
