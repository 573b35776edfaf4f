/**
 * The page's own words in each language, and how a text of the script becomes one string.
 *
 * A script's texts may come in any language; the page's own words exist in those below. Another language is one more
 * object of the same shape.
 */
import type { Text } from "../protocol/types.gen.js";
import { dutch } from "./dutch.js";
import { english, type Words } from "./english.js";

export type { Words };

/** The page's own words by language. */
export const WORDS: Record<string, Words> = { en: english, nl: dutch };

/** The page's own words in the language of a locale; English where there are none. */
export function words(locale: string): Words {
  return forLocale(WORDS, locale) as Words;
}

/** The language whose words the page itself uses for a locale, for the attribute ``lang``. */
export function pageLanguage(locale: string): string {
  const language = languageOf(locale);
  return Object.hasOwn(WORDS, language) ? language : "en";
}

/**
 * What there is for a locale: for exactly this one, then for its language, then English, then the first given. Upper and
 * lower case are alike.
 */
export function forLocale<Value>(byLocale: Readonly<Record<string, Value>>, locale: string): Value | undefined {
  if (Object.hasOwn(byLocale, locale)) return byLocale[locale];
  const entries = Object.entries(byLocale);
  for (const wanted of [canonical(locale), languageOf(locale), "en"]) {
    const found = entries.find(([name]) => canonical(name) === wanted);
    if (found) return found[1];
  }
  return entries[0]?.[1];
}

/** A text of the script as one string. */
export function localize(text: Text | null | undefined, locale: string): string {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return forLocale(text.translations ?? {}, locale) ?? "";
}

/** A text in the first of its languages, whatever is shown: what an answer is known by. */
export function firstLanguage(text: Text): string {
  return typeof text === "string" ? text : (Object.values(text.translations)[0] ?? "");
}

/**
 * The locale of the page: what the address asks for, then the study's own, then the first of the browser's languages
 * that the page speaks.
 */
export function chooseLocale(query: string, configured: string | undefined, preferred: readonly string[]): string {
  const asked = new URLSearchParams(query).get("locale") || configured;
  if (asked) return asked;
  return preferred.find((locale) => Object.hasOwn(WORDS, languageOf(locale))) ?? preferred[0] ?? "en";
}

/** A locale with its subtags in one case, and hyphens between them. */
function canonical(locale: string): string {
  return locale.toLowerCase().replaceAll("_", "-");
}

function languageOf(locale: string): string {
  return canonical(locale).split("-")[0] as string;
}

/** A number with the digits grouped as the locale does. */
export function formatCount(count: number, locale: string): string {
  return safely(locale, (known) => new Intl.NumberFormat(known).format(count));
}

/** A file's size as people read it: 3.1 GB. */
export function formatSize(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const unitDisplay = power === 0 ? "long" : "short";
  const options = { style: "unit", unit: units[power], unitDisplay, maximumFractionDigits: power > 1 ? 1 : 0 } as const;
  return safely(locale, (known) => new Intl.NumberFormat(known, options).format(bytes / 1000 ** power));
}

/** A moment as a clock shows it, with seconds; ``time`` is in ISO 8601. */
export function formatTime(time: string, locale: string): string {
  return safely(locale, (known) => new Intl.DateTimeFormat(known, { timeStyle: "medium" }).format(new Date(time)));
}

/** An address may ask for a locale that ``Intl`` does not accept; English digits then serve. */
function safely(locale: string, format: (locale: string) => string): string {
  try {
    return format(locale);
  } catch {
    return format("en");
  }
}
