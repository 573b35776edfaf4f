/** What all elements of the page have in common: the locale comes in as a property, and with it the page's own words. */
import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Text } from "../protocol/types.gen.js";
import { shared } from "../style/shared.js";
import { localize, type Words, words } from "../words/texts.js";

/** The base of every element of the page. */
export class PageElement extends LitElement {
  static override styles = [shared];

  /** In which locale. */
  @property() locale = "en";

  /** The page's own words in this locale. */
  protected get words(): Words {
    return words(this.locale);
  }

  /** A text of the script in this locale. */
  protected text(text: Text | null | undefined): string {
    return localize(text, this.locale);
  }
}
