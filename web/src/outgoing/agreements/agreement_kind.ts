/**
 * What a participant has seen and agreed to, whatever it was. Each kind of agreement is one file here, which stands in
 * the list in ``kinds.ts``; the gate asks them one after another.
 */

import type { AgreedPart, CommandSystemDonateAgreed, DonationResult, Page, Payload } from "../../protocol/types.gen.js";
import { ByteWriter } from "../bytes.js";

/** What is made of it: an object with each part under its name, the one part by itself, or the rows of the one part. */
export type AgreedForm = CommandSystemDonateAgreed["form"];

/** Something that was agreed to, which a donation can consist of. */
export interface Agreement {
  /** What it is called in a donation, and in a reference to it. */
  readonly name: string;
  /** Its bytes as they leave, by itself or only its rows; to be run in pieces. */
  write(form: "part" | "rows"): Generator<unknown, Blob>;
}

/** A donation that consists of parts and nothing else. */
export interface Agreed {
  readonly parts: readonly Agreement[];
  readonly form: AgreedForm;
}

/** What a script asks to send under a key: a text, or what the page has. */
export type Offer = { readonly key: string } & ({ readonly text: string } | { readonly agreed: Agreed }) & {
    /** The bytes that it would be, to show to the participant. */
    content(): Promise<Blob>;
  };

/** What comes of an offer: the participant was asked and does not want it sent, its bytes are sent, they have arrived. */
export type Fate = "declined" | "sent" | "arrived";

/** One kind of agreement, and all that was agreed to of this kind. */
export abstract class AgreementKind {
  /** What its agreements are kept under over a reload of the page. */
  abstract readonly name: string;

  /**
   * A page was answered: from now on, what was agreed to there may leave, and what was said before about the same thing
   * does not count any more.
   *
   * @param number by which a script may refer to what it agreed to.
   * @returns the payload for the script, with the number in it; null where nothing of this kind was agreed to.
   */
  async answered(_page: Page, _payload: Payload, _number: number): Promise<Payload | null> {
    return null;
  }

  /** What a reference means; null where it means nothing of this kind that is still agreed to. */
  find(_reference: AgreedPart): Agreement | null {
    return null;
  }

  /**
   * The bytes that leave for an offer, if the participant agreed to just that and it has not left before; what came of
   * it, if it has; else null.
   */
  abstract bytesFor(offer: Offer): Promise<Blob | DonationResult | null>;

  /** Learn what comes of an offer, whichever kind its bytes are of. */
  learn(_offer: Offer, _fate: Fate): void {}

  /** Let go of what takes memory and can be made again. */
  release(): void {}

  /** All that was agreed to, in a form that outlives a reload of the page. */
  kept(): unknown {
    return null;
  }

  /** About how many characters there are in what is kept: to find out by writing it would hold up the page. */
  get keptCharacters(): number {
    return 0;
  }

  /** Take back what was kept. */
  restore(_kept: unknown): void {}
}

/** The bytes of a donation that consists of parts; to be run in pieces. */
export function* writeAgreed({ parts, form }: Agreed): Generator<unknown, Blob> {
  const [first] = parts as [Agreement];
  if (form !== "parts") return yield* first.write(form);
  const writer = new ByteWriter();
  for (const part of parts) {
    writer.write(`${part === first ? "{" : ", "}${JSON.stringify(part.name)}: `);
    writer.add(yield* part.write("part"));
  }
  writer.write("}");
  return writer.done();
}
