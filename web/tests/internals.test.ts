/** What is private to Pyodide: named in one folder, and tried before it is relied on, against a real Pyodide. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadPyodide, type PyodideInterface } from "pyodide";
import { beforeAll, describe, expect, it } from "vitest";
import { failAsInC } from "../src/worker/pyodide/chosen_files.js";
import { watchForFatalErrors } from "../src/worker/pyodide/fatal.js";
import type { FileSystem, Say } from "../src/worker/pyodide/internals.js";
import { LIBRARY_FOLDER } from "../src/worker/pyodide/interpreter.js";
import { PackageFiles } from "../src/worker/pyodide/lazy_files.js";
import { findLinker } from "../src/worker/pyodide/linker.js";
import { limitRecursion } from "../src/worker/pyodide/recursion.js";
import { canTakeSnapshots } from "../src/worker/pyodide/snapshot.js";

const SRC = join(import.meta.dirname, "../src");
const ROOM = "worker/pyodide/";
const FRONT = "worker/pyodide/interpreter.ts";

const texts = new Map(
  readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, readFileSync(join(SRC, file), "utf8")]),
);
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

/** The names that are listed, but for those that are words of every day. */
const listed = [...code(texts.get(`${ROOM}internals.ts`) as string).matchAll(/interface [^{]+\{([\s\S]*?)\n\}/g)]
  .flatMap(([, members]) => [...(members as string).matchAll(/(\w+)\??[:(]/g)].map(([, name]) => name as string))
  .filter((name) => /[A-Z_]/.test(name));
/** And what is done to the worker itself, so that Pyodide's loader finds it. */
const PATCHED = ["instantiateStreaming", "importScripts", "_loadSnapshot"];

describe("what is private to Pyodide", () => {
  it("is used in one folder only", () => {
    expect(listed).toEqual(expect.arrayContaining(["_module", "_api", "node_ops", "stream_ops", "LDSO", "wasmTable"]));
    const found = [...texts]
      .filter(([file]) => !file.startsWith(ROOM))
      .flatMap(([file, text]) => {
        const words = new Set(code(text).match(/\w+/g));
        return [...listed, ...PATCHED].filter((name) => words.has(name)).map((name) => `${file} uses ${name}`);
      });
    expect(found).toEqual([]);
  });

  it("is reached through the folder's front", () => {
    const inside = [...texts.keys()].filter((file) => file.startsWith(ROOM)).map((file) => file.slice(ROOM.length, -3));
    expect(inside).toContain("interpreter");
    const importing = [...texts].filter(([file]) => !file.startsWith(ROOM));
    const asides = importing.flatMap(([file, text]) =>
      [...text.matchAll(/from "[^"]*\/pyodide\/(\w+)\.js"/g)]
        .filter(([, name]) => `${ROOM}${name}.ts` !== FRONT)
        .map(([, name]) => `${file} imports ${name}`),
    );
    expect(asides).toEqual([]);
  });
});

/** Names that are not there before something is done with them, or are only set. */
const NOT_TRIED = ["_makeSnapshot", "on_fatal", "pyodide_fatal_error", "INITIAL_MEMORY", "noInitialRun", "memoryBase"];
/** Tried while an interpreter is made; see the tests in the browser. */
const TRIED_BEFORE = ["_createPyodideModule"];

type Tried = (pyodide: PyodideInterface, say: Say) => unknown;

/** Each group, and the names that it needs, by the way to them. */
const GROUPS: [group: string, tried: Tried, names: string[]][] = [
  [
    "linker",
    findLinker,
    [
      "_module",
      "_module.LDSO",
      "_module.LDSO.loadedLibsByName",
      "_module.LDSO.loadedLibsByHandle",
      "_module.GOT",
      "_module.GOTHandler",
      "_module.wasmTable",
      "_module.freeTableIndexes",
      "_module.HEAPU8",
      "_module.HEAPU32",
      "_module.newDSO",
      "_module.relocateExports",
      "_module.mergeLibSymbols",
      "_module.updateTableMap",
      "_module.addFunction",
      "_module.setWasmTableEntry",
      "_module.getFunctionAddress",
    ],
  ],
  [
    "memory",
    canTakeSnapshots,
    ["_module", "_module.HEAPU8", "_module.growMemory", "_api", "_api.makeSnapshot", "_api.config"],
  ],
  [
    "recursion",
    limitRecursion,
    ["_module", "_module.HEAPU32", "_module._PyThreadState_Get", "_module._Py_GetRecursionLimit"],
  ],
  ["fatal errors", (pyodide, say) => watchForFatalErrors(pyodide, () => {}, say), ["_api", "_api.fatal_error"]],
  [
    "chosen files",
    ({ FS }, say) => failAsInC(FS as FileSystem, say),
    ["FS.ErrnoError", "FS.filesystems.WORKERFS.stream_ops", "FS.filesystems.WORKERFS.stream_ops.read"],
  ],
  ["lazy files", ({ FS }, say) => new PackageFiles(FS as FileSystem, say), ["FS.lookupNode", ...ofNodes()]],
];

function ofNodes(): string[] {
  return ["contents", "usedBytes", "node_ops", "node_ops.mknod"].map((name) => `FS.lookupPath().node.${name}`);
}

/** The same object, where there is nothing at the end of this way. */
function without(whole: object, [step, ...rest]: string[]): object {
  const name = (step as string).replace("()", "");
  return new Proxy(whole, {
    get(target, asked) {
      const found = Reflect.get(target, asked);
      if (asked !== name) return typeof found === "function" && !/^[A-Z]/.test(name) ? found.bind(target) : found;
      if (rest.length === 0) return undefined;
      return step === name ? without(found, rest) : (...given: unknown[]) => without(found.apply(target, given), rest);
    },
  });
}

describe("what is relied on", () => {
  let pyodide: PyodideInterface;

  beforeAll(async () => {
    pyodide = await loadPyodide();
  }, 60_000);

  it("is all that is listed", () => {
    const steps = GROUPS.flatMap(([, , names]) => names.flatMap((name) => name.split(".")));
    expect(listed.filter((name) => ![...steps, ...NOT_TRIED, ...TRIED_BEFORE].includes(name))).toEqual([]);
  });

  for (const [group, tried, names] of GROUPS) {
    it(`is there in the Pyodide that is Sidestage's own: ${group}`, () => {
      const said: string[] = [];
      tried(pyodide, (sentence) => said.push(sentence));
      expect(said).toEqual([]);
    });

    it.each(names)(`is told in a sentence where it is missing: ${group}, %s`, (name) => {
      const said: string[] = [];
      tried(without(pyodide, name.split(".")) as PyodideInterface, (sentence) => said.push(sentence));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(RegExp(`^This Pyodide is not as Sidestage knows it \\(${group}: .+\\): .+\\.$`));
    });
  }

  it("is the folder of shared libraries, as Pyodide itself has it", () => {
    const { dsodir } = (pyodide as unknown as { _api: { dsodir: string } })._api;
    expect(pyodide.runPython(LIBRARY_FOLDER)).toBe(dsodir);
  });

  it("is a file of a package that is read when it is opened; else, one that is written at once", async () => {
    const archive = (opened: string[]) => ({
      names: ["package/__init__.py", "package/data/table.csv", "top.py"],
      sizeOf: (name: string) => name.length,
      readWhole: async () => undefined,
      readNow: (name: string) => {
        opened.push(name);
        return new TextEncoder().encode(name);
      },
    });
    const look = (folder: string) =>
      pyodide
        .runPython(`
import os
at = "${folder}"
[sorted(os.listdir(at + "/package")), open(at + "/package/data/table.csv").read(), os.path.getsize(at + "/top.py")]
`)
        .toJs();
    const found = [["__init__.py", "data"], "package/data/table.csv", "top.py".length];
    const read: string[] = [];
    const written: string[] = [];
    pyodide.FS.mkdirTree("/lazy/package");
    pyodide.FS.writeFile("/lazy/top.py", "gives way");
    await new PackageFiles(pyodide.FS as FileSystem, () => undefined).layOut("/lazy", archive(read));
    const other = without(pyodide.FS, ["lookupNode"]) as FileSystem;
    await new PackageFiles(other, () => undefined).layOut("/written", archive(written));
    expect(read).toEqual([]);
    expect(look("/lazy")).toEqual(found);
    expect(read).toEqual(["package/data/table.csv"]);
    expect(written).toEqual(archive([]).names);
    expect(look("/written")).toEqual(found);
  });
});
