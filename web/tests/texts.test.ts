import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseLocale, firstLanguage, formatSize, localize, pageLanguage, WORDS, words } from "../src/words/texts.js";

const SRC = join(import.meta.dirname, "../src");

interface LocaleCase {
  "it takes": string;
  translations: Record<string, string>;
  locale: string;
  text: string;
}

/** The same cases are replayed by the tests in Python. */
const CASES: LocaleCase[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../tests/locale_cases.json"), "utf8"),
);

describe("the page's own words", () => {
  it("are the same ones in every language", () => {
    for (const language of Object.values(WORDS))
      expect(Object.keys(language).sort()).toEqual(Object.keys(WORDS.en ?? {}).sort());
  });

  it("say something in every language, also where they are made of parts", () => {
    for (const language of Object.values(WORDS)) {
      for (const [key, value] of Object.entries(language)) {
        const text = typeof value === "string" ? value : (value as (...parts: unknown[]) => string)(2, "x", "y");
        expect(text.trim(), key).not.toBe("");
      }
    }
  });

  it("are all said somewhere", () => {
    const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const rest = files
      .filter((file) => !/words.(english|dutch)/.test(file))
      .map((file) => readFileSync(join(SRC, file)));
    const used = new Set(rest.join("\n").match(/\w+/g));
    expect(Object.keys(WORDS.en ?? {}).filter((key) => !used.has(key))).toEqual([]);
  });

  it("count one row as one row", () => {
    expect(words("en").kept(1, "1", "0")).toBe("1 row kept, 0 deleted");
    expect(words("en").kept(2, "2", "3")).toBe("2 rows kept, 3 deleted");
    expect(words("nl-BE").kept(1, "1", "0")).toBe("1 rij behouden, 0 verwijderd");
  });

  it("are English where a language is not spoken", () => {
    expect(words("ja").continue).toBe("Continue");
    expect(pageLanguage("ja-JP")).toBe("en");
    expect(pageLanguage("nl-NL")).toBe("nl");
    for (const name of ["constructor", "__proto__", "toString-BE"]) {
      expect(words(name).continue).toBe("Continue");
      expect(pageLanguage(name)).toBe("en");
    }
  });
});

describe("localize", () => {
  const text = { translations: { fr: "bonjour", en: "hello", nl: "hallo", "pt-BR": "olá" } };

  it.each<LocaleCase>(CASES)("takes $it takes", ({ translations, locale, text: expected }) => {
    expect(localize({ translations }, locale)).toBe(expected);
  });

  it("leaves a plain string alone and makes nothing of nothing", () => {
    expect(localize("hello", "nl")).toBe("hello");
    expect(localize(undefined, "nl")).toBe("");
    expect(localize({ translations: {} }, "nl")).toBe("");
  });

  it("knows an answer by the first of its languages, whatever is shown", () => {
    expect(firstLanguage(text)).toBe("bonjour");
  });
});

describe("chooseLocale", () => {
  it("follows the address, then the study, then the browser", () => {
    expect(chooseLocale("?locale=nl", "en", ["de"])).toBe("nl");
    expect(chooseLocale("", "en", ["nl"])).toBe("en");
    expect(chooseLocale("", undefined, ["de", "nl-BE"])).toBe("nl-BE");
    expect(chooseLocale("", undefined, ["de"])).toBe("de");
    expect(chooseLocale("", undefined, [])).toBe("en");
    expect(chooseLocale("", undefined, ["constructor", "nl"])).toBe("nl");
  });
});

describe("formatSize", () => {
  it("uses the unit that people would", () => {
    expect(formatSize(121, "en")).toBe("121 bytes");
    expect(formatSize(3_140_000_000, "en")).toBe("3.1 GB");
    expect(formatSize(3_140_000_000, "nl")).toBe("3,1 GB");
  });

  it("does not fail on a locale that an address made up", () => {
    expect(formatSize(2_000_000, "not a locale!")).toBe("2 MB");
  });
});
