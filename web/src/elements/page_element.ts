/** What all elements of the page have in common: by context they know the locale, and the page's own words in it. */
import { consume } from "@lit/context";
import { LitElement, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { Text } from "../protocol/types.gen.js";
import { shared } from "../style/shared.js";
import { localize, type Words } from "../words/texts.js";
import { drawn } from "./drawn_text.js";
import { type Language, languageContext } from "./language.js";

/** The base of every element of the page. */
export class PageElement extends LitElement {
  static override styles = [shared];

  @consume({ context: languageContext, subscribe: true })
  @state()
  private language!: Language;

  /** In which locale. */
  protected get locale(): string {
    return this.language.locale;
  }

  /** The page's own words in this locale. */
  protected get words(): Words {
    return this.language.words;
  }

  /** A text of the script in this locale. */
  protected text(text: Text | null | undefined): string {
    return localize(text, this.locale);
  }

  /** A text of the script as it is drawn in this locale. */
  protected drawn(text: Text | null | undefined): TemplateResult[] | string {
    return drawn(this.text(text));
  }
}
