/** Data about the session: the study declares it, the participant can read of it, and nobody is asked. */

import type { KnownWords } from "../known_words.js";
import type { SessionData } from "../session_data.js";
import { AgreementKind, type Offer } from "./agreement_kind.js";

export class DeclaredData extends AgreementKind {
  readonly name = "declared data";

  constructor(
    private readonly sessionData: SessionData,
    private readonly words: KnownWords,
  ) {
    super();
  }

  /** What a pattern stands for is chosen by the script, so it must be made of words that the page knows. */
  async bytesFor(offer: Offer): Promise<Blob | null> {
    const { key } = offer;
    if (this.sessionData.names(key)) return offer.content();
    if (!this.sessionData.covers(key) || (await this.words.spelling(key)) === null) return null;
    return offer.content();
  }
}
