/** The house in TypeScript: imports point down, go in no circle, and an exported name means one thing. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** The floor of each room; a file that stands in no room is one of its own. An import goes to the same room or a lower floor. */
const FLOORS: Record<string, number> = {
  "errors.ts": 0,
  "short_tasks.ts": 0,
  protocol: 0,
  style: 0,
  words: 1,
  boot: 1,
  elements: 2,
  seal: 2,
  site: 2,
  table: 3,
  engine: 3,
  own_prompt: 3,
  worker: 3,
  outgoing: 4,
  prompts: 4,
  study: 5,
  bridge: 6,
  flow: 7,
  screens: 8,
  "development.ts": 8,
  "app.ts": 9,
  "start.ts": 6,
};
/** Scripts that are built by themselves: what names one takes its address, and nothing of what is in it. */
const BY_ADDRESS = /\?worker&url$/;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;"']*?["'](\.{1,2}\/[^"']+)["']|\bimport\(\s*["'](\.{1,2}\/[^"']+)["']/g;
const EXPORT = /^export (?:abstract )?(?:async )?(?:class|interface|type|function\*?|const|let|enum) (\w+)/gm;

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(SRC, file), "utf8")]));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const named = [...(texts.get(file) as string).matchAll(IMPORT)].map((match) => (match[1] ?? match[2]) as string);
  return named
    .filter((path) => !BY_ADDRESS.test(path))
    .map((path) => relative(SRC, normalize(join(SRC, dirname(file), path))).replace(/\.js$/, ".ts"))
    .flatMap((path) => (path.endsWith("/*.ts") ? filesBeside(file, path) : [path]));
}

/** The files that a pattern names, such as all prompts. */
function filesBeside(file: string, pattern: string): string[] {
  return files.filter((other) => other !== file && dirname(other) === dirname(pattern));
}

function roomOf(file: string): string {
  return file.split("/")[0] as string;
}

describe("the house", () => {
  it("has a floor for each room, and no floor for a room that is not there", () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(FLOORS).sort());
  });

  it("is read as a whole: every import is a file of it", () => {
    const unknown = files.flatMap((file) => importsOf(file).filter((path) => !texts.has(path)));
    expect(unknown).toEqual([]);
    expect([...imports.values()].flat().length).toBeGreaterThan(files.length);
  });

  it("has imports that point down", () => {
    const up = files.flatMap((file) =>
      (imports.get(file) as string[])
        .filter((other) => roomOf(other) !== roomOf(file))
        .filter((other) => (FLOORS[roomOf(other)] as number) >= (FLOORS[roomOf(file)] as number))
        .map((other) => `${file} imports ${other}`),
    );
    expect(up).toEqual([]);
  });

  it("has no circle of imports, those of types included", () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      else if (!done.has(file)) for (const other of imports.get(file) ?? []) visit(other, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("has no two exported things of one name", () => {
    const places = new Map<string, string[]>();
    for (const [file, text] of texts) {
      for (const [, name] of text.matchAll(EXPORT)) {
        places.set(name as string, [...(places.get(name as string) ?? []), file]);
      }
    }
    const shared = [...places].filter(([, found]) => found.length > 1).map(([name, found]) => `${name}: ${found}`);
    expect(shared).toEqual([]);
  });
});
