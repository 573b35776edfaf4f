import { describe, expect, it } from "vitest";
import { SearchKeys, searchKey } from "../src/table/search_key.js";

const finds = (needle: string, text: string) => searchKey(text).includes(searchKey(needle).trim());

/** What makes any text take the long way, and is itself left out. */
const UNSEEN = "\u200b";

describe("what a search takes for the same", () => {
  it.each([
    ["10:05 PM", "10:05\u202fPM", "a narrow space, as phones write it"],
    ["10 000", "10\u00a0000", "a space that does not break"],
    ["see you", "see\n  you", "a line end"],
    ["see you", "see  you", "two spaces, which are drawn as one"],
    ["istanbul", "\u0130STANBUL", "the dotted capital I"],
    ["\u0130stanbul", "istanbul", "the dotted capital I, typed"],
    ["ISPARTA", "\u0131sparta", "the dotless i"],
    ["strasse", "STRA\u1e9eE", "a sharp s"],
    ["stra\u00dfe", "STRASSE", "a sharp s, typed"],
    ["\u03bf\u03b4\u03bf\u03c3", "\u039f\u0394\u039f\u03a3", "a sigma at the end"],
    ["\u00e9t\u00e9", "e\u0301te\u0301", "a letter and its accent apart"],
    ["e\u0301", "\u00c9", "a letter and its accent apart, typed"],
    ["ABC", "\uff21\uff22\uff23", "full width"],
    ["office", "o\ufb03ce", "a ligature"],
    ["anna", "\u{1d400}nn\u{1d41a}", "mathematical letters"],
    ["\uac00", "\u1100\u1161", "Korean in parts"],
    ["anna", "an\u00adna", "a soft hyphen"],
    ["anna", "\u200ean\u200dn\ufe0fa", "characters that cannot be seen"],
    ["mi-ravam", "mi\u2011ravam", "a hyphen that does not break"],
    ["\u0645\u06cc\u0631\u0648\u0645", "\u0645\u06cc\u200c\u0631\u0648\u0645", "Persian, typed without its joiner"],
    ["don't", "don\u2019t", "the apostrophe of a phone"],
    ["'tea'", "\u2018tea\u2019", "curly quotes"],
  ])("%j finds %j: %s", (needle, text) => {
    expect(finds(needle, text)).toBe(true);
  });

  it.each([
    ["e", "\u00e9"],
    ["resume", "r\u00e9sum\u00e9"],
    ["ab", "a b"],
    [".*", "tea"],
  ])("%j does not find %j", (needle, text) => {
    expect(finds(needle, text)).toBe(false);
  });

  it("gives the same keys again for many texts, plain or not", () => {
    const texts = ["Tea", "10:05\u202fPM", "", "\u0130stanbul", "jam"];
    const keys = new SearchKeys((position) => texts[position] as string, texts.length);
    for (let search = 0; search < 3; search++) {
      expect(texts.map((_, position) => keys.at(position))).toEqual(texts.map(searchKey));
    }
  });

  it("gives one key whichever way it takes, for every character, between others and at the end", () => {
    const ways: number[] = [];
    for (let code = 1; code <= 0xffff; code++) {
      for (const text of [`a${String.fromCharCode(code)}`, `a${String.fromCharCode(code)}b 😀`]) {
        if (searchKey(text) !== searchKey(text + UNSEEN)) ways.push(code);
      }
    }
    expect(ways.map((code) => code.toString(16))).toEqual([]);
  });
});
