import { describe, expect, it } from "vitest";
import { acceptedKinds, checkFile, isAccepted, offeredKinds, readableKinds } from "../src/prompts/file_check.js";

const file = (name: string, type = "", content = "x") => new File([content], name, { type });

describe("what may be chosen", () => {
  it("is read from a list with commas, and is everything when the list is empty or says so", () => {
    expect(acceptedKinds(" .zip, application/JSON ,")).toEqual([".zip", "application/json"]);
    expect(acceptedKinds("")).toEqual([]);
    expect(acceptedKinds("*/*")).toEqual([]);
    expect(acceptedKinds(undefined)).toEqual([]);
  });

  it("goes by the name's ending or by the media type", () => {
    const kinds = acceptedKinds(".zip, application/json, image/*");
    expect(isAccepted(file("Export.ZIP"), kinds)).toBe(true);
    expect(isAccepted(file("export", "application/json"), kinds)).toBe(true);
    expect(isAccepted(file("export.json"), kinds)).toBe(true);
    expect(isAccepted(file("photo.heic", "image/heic"), kinds)).toBe(true);
    expect(isAccepted(file("zip.txt", "text/plain"), kinds)).toBe(false);
    expect(isAccepted(file("anything"), [])).toBe(true);
  });

  it("is read whichever way endings and media types are written", () => {
    expect(acceptedKinds("*.zip, zip, .ZIP, *.tar.gz, text/plain; charset=utf-8")).toEqual([
      ".zip",
      ".tar.gz",
      "text/plain",
    ]);
    expect(acceptedKinds("*.*")).toEqual([]);
  });

  it("is not everything because bytes of no known kind stand beside something that is known", () => {
    expect(acceptedKinds("application/zip, application/octet-stream")).toEqual(["application/zip"]);
    expect(acceptedKinds("application/octet-stream")).toEqual([]);
  });

  it.each([
    ["text/plain", "notes.txt", "notes.plain"],
    ["application/zip", "export.zip", "export.rar"],
    ["application/x-zip-compressed", "export.zip", "export.compressed"],
    ["application/vnd.sqlite3", "chats.db", "chats.sqlite4"],
    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "list.xlsx", "list.sheet"],
    ["application/vnd.some.list+json", "list.json", "list.list"],
    ["image/*", "photo.HEIC", "photo.txt"],
    ["*.csv", "table.csv", "csv"],
  ])("goes by the endings that people have, where the browser knows no type: %s takes %s", (kind, fits, not) => {
    const kinds = acceptedKinds(kind);
    for (const type of ["", "application/octet-stream"]) {
      expect(isAccepted(file(fits, type), kinds)).toBe(true);
      expect(isAccepted(file(not, type), kinds)).toBe(false);
    }
  });

  it("goes by any of the names that a media type has", () => {
    expect(isAccepted(file("export", "application/x-zip-compressed"), ["application/zip"])).toBe(true);
    expect(isAccepted(file("table", "text/csv"), ["application/csv"])).toBe(true);
    expect(isAccepted(file("table", "text/csv"), ["application/zip"])).toBe(false);
  });

  it("cannot be judged by a type of which nothing is known, where the browser knows none either", () => {
    expect(isAccepted(file("a.thing"), ["application/x-nonesuch"])).toBe(true);
    expect(isAccepted(file("a.txt", "text/plain"), ["application/x-nonesuch"])).toBe(false);
    expect(isAccepted(file("a.thing"), ["constructor/constructor"])).toBe(true);
  });

  it("is named by the endings that people know", () => {
    expect(readableKinds([".zip", "application/zip", "application/x-zip-compressed", "application/json"])).toBe(
      ".zip, .json",
    );
    expect(readableKinds(["text/plain"])).toBe(".txt, .text, .log");
    expect(readableKinds(["application/x-nonesuch"])).toBe("application/x-nonesuch");
  });

  it("is offered by type and by ending", () => {
    expect(offeredKinds(["application/zip", ".zip", "text/csv"])).toBe("application/zip,.zip,text/csv,.csv");
  });
});

describe("a chosen file", () => {
  it("is fine, or of the wrong kind, or empty", async () => {
    expect(await checkFile(file("a.zip"), [".zip"])).toBe(null);
    expect(await checkFile(file("a.png"), [".zip"])).toBe("wrongKind");
    expect(await checkFile(file("a.zip", "", ""), [".zip"])).toBe("emptyFile");
  });

  it("is told apart when it is listed but cannot be read", async () => {
    const gone = {
      name: "a.zip",
      type: "",
      size: 5,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error()) }),
    };
    expect(await checkFile(gone as unknown as File, [".zip"])).toBe("unreadableFile");
  });
});
