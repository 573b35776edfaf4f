/** In which language the page speaks; every element is told by context. */
import { createContext } from "@lit/context";
import { type Words, words } from "../words/texts.js";

/** A locale, and the page's own words in it. */
export interface Language {
  readonly locale: string;
  readonly words: Words;
}

/** Given by the app. */
export const languageContext = createContext<Language>("sidestage-language");

/** What is said in a locale. */
export function spokenIn(locale: string): Language {
  return { locale, words: words(locale) };
}
