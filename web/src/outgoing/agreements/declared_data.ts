/** Data about the session: the study declares it, the participant can read of it, and nobody is asked. */

import type { SessionData } from "../session_data.js";
import { AgreementKind, type Offer } from "./agreement_kind.js";

export class DeclaredData extends AgreementKind {
  readonly name = "declared data";

  constructor(private readonly sessionData: SessionData) {
    super();
  }

  async bytesFor(offer: Offer): Promise<Blob | null> {
    return this.sessionData.covers(offer.key) ? offer.content() : null;
  }
}
