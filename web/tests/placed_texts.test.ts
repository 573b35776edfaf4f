import { describe, expect, it } from "vitest";
import { type PlacedText, TextInbox } from "../src/protocol/placed_texts.js";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("large texts", () => {
  it("are put together and into their places, in arrays, objects and maps", () => {
    const inbox = new TextInbox();
    inbox.take({ position: 2, piece: utf8("\ufeffسل"), isLast: false });
    inbox.take({ position: 2, piece: "\ud83d", isLast: true });
    inbox.take({ position: 0, piece: utf8("x"), isLast: true });
    const [list, object, map] = [["", 1], { ["__proto__"]: "" }, new Map([["k", ""]])];
    const places: PlacedText[] = [
      [list, 0, 2],
      [object, "__proto__", 0],
      [map, "k", 0],
    ];
    inbox.place(structuredClone(places));
    expect(list[0]).toBe("");
    inbox.take({ position: 2, piece: utf8("\ufeffسل"), isLast: false });
    inbox.take({ position: 2, piece: "\ud83d", isLast: true });
    inbox.take({ position: 0, piece: utf8("x"), isLast: true });
    inbox.place(places);
    expect(list).toEqual(["\ufeffسل\ud83d", 1]);
    expect(Object.getOwnPropertyDescriptor(object, "__proto__")?.value).toBe("x");
    expect(map.get("k")).toBe("x");
  });

  it("that cannot be read fail their message, and not the next one", () => {
    const inbox = new TextInbox();
    inbox.take({ position: 0, piece: new Uint8Array([255]), isLast: true });
    expect(() => inbox.place([])).toThrow();
    inbox.take({ position: 0, piece: utf8("x"), isLast: true });
    const list: string[] = [""];
    inbox.place([[list, 0, 0]]);
    expect(list).toEqual(["x"]);
  });
});
