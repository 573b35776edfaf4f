import { describe, expect, it } from "vitest";
import { acceptedKinds, checkFile, isAccepted, readableKinds } from "../src/prompts/file_check.js";

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

  it("is named as people know it", () => {
    expect(readableKinds([".zip", "application/zip", "application/x-zip-compressed", "application/json"])).toBe(
      ".zip, .json",
    );
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
