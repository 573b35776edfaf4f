import { describe, expect, it } from "vitest";
import { countUnseen, drawnParts, withMarks } from "../src/words/unseen.js";

describe("what is not seen", () => {
  it.each([
    ["a space without width", "te\u200ba", "te[U+200B]a", 1],
    ["a joiner between Latin letters", "te\u200da", "te[U+200D]a", 1],
    ["a soft hyphen", "te\u00ada", "te[U+00AD]a", 1],
    ["a turn of direction", "tea \u202egpj.exe", "tea [U+202E]gpj.exe", 1],
    ["an isolate and its end", "\u2068tea\u2069", "[U+2068]tea[U+2069]", 2],
    ["a mark of direction", "\u200eimage omitted", "[U+200E]image omitted", 1],
    ["a control", "te\u0000\u0007a", "te[U+0000 U+0007]a", 2],
    ["a line of Unicode's own", "tea\u2028jam", "tea[U+2028]jam", 1],
    ["a Korean filler", "tea\u3164", "tea[U+3164]", 1],
    ["a blank of braille", "tea\u2800", "tea[U+2800]", 1],
    ["half a character", "tea\ud83d", "tea[U+D83D]", 1],
    ["what is not assigned", "tea\u0378", "tea[U+0378]", 1],
    ["a picture that is not assigned", "tea\u{1faff}", "tea[U+1FAFF]", 1],
    ["what everybody assigns for themselves", "tea\ue000", "tea[U+E000]", 1],
    ["a noncharacter", "tea\uffff", "tea[U+FFFF]", 1],
    ["a selector behind a letter", "tea\ufe0f", "tea[U+FE0F]", 1],
    ["a selector behind a Chinese character", "葛\u{e0100}", "葛[U+E0100]", 1],
    ["a selector behind a digit", "1\ufe0f", "1[U+FE0F]", 1],
    ["a second selector behind an emoji", "❤\ufe0f\ufe0f", "❤\ufe0f[U+FE0F]", 1],
    ["a joiner behind an emoji", "👩\u200d", "👩[U+200D]", 1],
    ["two joiners between emoji", "👩\u200d\u200d👩", "👩[U+200D U+200D]👩", 2],
    ["two joiners in a Persian word", "می\u200c\u200cروم", "می[U+200C U+200C]روم", 2],
    ["letters that only flags have", "🏴\u{e0074}\u{e0065}\u{e007f}", "🏴[U+E0074 U+E0065 U+E007F]", 3],
    ["a space without width at the end of a Thai word", "ชา\u200b", "ชา[U+200B]", 1],
  ])("is drawn as a mark: %s", (_, text, marked, count) => {
    expect(withMarks(text)).toBe(marked);
    expect(countUnseen(text)).toBe(count);
  });

  it("is a whole chat in selectors behind a word", () => {
    const chat = [..."Nobody may read this"].map((letter) => String.fromCodePoint(0xe0100 + letter.charCodeAt(0)));
    expect(drawnParts(`tea${chat.join("")}`)).toEqual(["tea", { count: 20, mark: "U+E014E… ×20" }]);
  });

  it("is a long run of spaces, and none of what stands behind it", () => {
    expect(withMarks(`tea${" ".repeat(500)}and a chat`)).toBe("tea[U+0020… ×500]and a chat");
    expect(withMarks(`tea${" \t".repeat(50)}`)).toBe("tea[U+0020… ×100]");
    expect(withMarks(`tea${"\n".repeat(16)}jam`)).toBe(`tea${"\n".repeat(16)}jam`);
  });

  it("is no beginning of a line, as in a traceback, unless it holds more than that", () => {
    const traceback = `    print(1 / count)\n${" ".repeat(30)}~~^~~\nZeroDivisionError`;
    expect(drawnParts(traceback)).toEqual([traceback]);
    expect(countUnseen(`tea\n${" ".repeat(200)}and a chat`)).toBe(201);
    expect(countUnseen(`tea\n${" \t".repeat(20)}and a chat`)).toBe(41);
  });

  it("is a pile of accents on one letter", () => {
    expect(countUnseen(`tea${"\u0301\u0302".repeat(30)}`)).toBe(60);
  });
});

describe("what makes a text look right", () => {
  it.each([
    ["plain text, with tabs and line ends", "Tea\tat five.\r\nJam, too."],
    ["letters with accents", "Zoë, e\u0301te\u0301, Łódź"],
    ["spaces that phones write", "10:05\u202fPM, 10\u00a0000"],
    ["an emoji in colour", "❤\ufe0f ☕\ufe0f ™\ufe0f"],
    ["an emoji in black", "☎\ufe0e"],
    ["a skin tone", "👍🏽"],
    ["a family", "👨\u200d👩\u200d👧\u200d👦"],
    ["a heart on fire", "❤\ufe0f\u200d🔥"],
    ["a man who shrugs, as some phones write it", "🤷🏽\u200d♂\ufe0f 🤷\u200d♂"],
    ["a kiss", "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿"],
    ["a flag of two letters", "🇳🇱🇮🇷"],
    ["the rainbow's flag", "🏳\ufe0f\u200d🌈"],
    ["Scotland's flag", "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}"],
    ["a key", "1\ufe0f\u20e3 #\ufe0f\u20e3"],
    ["Persian", "می\u200cروم به خانه\u200cها"],
    ["Persian with vowels", "مِی\u200cرَوَم"],
    ["Hindi", "क्\u200dष नमस्ते"],
    ["Malayalam, at the end of a word", "അവന്\u200d"],
    ["Bengali", "র\u200d্যাম"],
    ["Sinhala", "ශ්\u200dරී"],
    ["Thai with line ends", "ชา\u200bเย็น"],
    ["Khmer with line ends", "ភាសា\u200bខ្មែរ"],
    ["Mongolian", "ᠰᠠᠢ\u180bᠨ"],
    ["the end of a verse", "\u06dd١٢"],
    ["Hebrew with vowels and accents", "בְּרֵאשִׁ֖ית"],
  ])("is left as it is: %s", (_, text) => {
    expect(drawnParts(text)).toEqual([text]);
    expect(countUnseen(text)).toBe(0);
  });
});
