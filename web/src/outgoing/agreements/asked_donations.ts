/** Donations that the page shows, byte for byte, and asks about. What the participant answers counts for this one time. */

import { undeclared } from "../session_data.js";
import { AgreementKind, type Offer } from "./agreement_kind.js";

/** Show the participant what would be sent under a key, and ask. */
export type Ask = (key: string, content: Blob) => Promise<boolean>;

export class AskedDonations extends AgreementKind {
  readonly name = "asked donations";

  constructor(
    private readonly ask: Ask,
    private readonly tellAuthor?: (sentence: string) => void,
  ) {
    super();
  }

  async bytesFor(offer: Offer): Promise<Blob | null> {
    const { key } = offer;
    const content = await offer.content();
    this.tellAuthor?.(undeclared(`The donation “${key}”`, "the participant was asked about it", key));
    return (await this.ask(key, content)) ? content : null;
  }
}
