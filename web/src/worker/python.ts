/** Booting Pyodide: the stages in the order in which they happen. */

import type { PyodideInterface } from "pyodide";
import type { Boot } from "../engine/boot.js";
import type { ProgressReport } from "../protocol/types.gen.js";
import { Downloads } from "./download.js";
import type { Output } from "./output.js";

export type Report = (stage: ProgressReport["stage"], message: string, value: number) => void;

/** What the worker's script offers to Python: see `sidestage.worker.browser`. */
export interface Host {
  post(text: string, buffers: Uint8Array[]): void;
  install(packages: string[], requestId: number): Promise<void>;
}

/** Takes a request; returns the reply's text, or null where it comes later or has buffers. */
export type Receive = (type: string, id: number, text: string, buffers: Uint8Array[] | null) => string | null;

interface LockFile {
  packages: Record<string, { name: string; file_name: string; depends: string[] }>;
}

export interface Python {
  pyodide: PyodideInterface;
  lock: LockFile;
  connect(host: Host): Receive;
}

/** Shares of the whole, in percent, at which each stage ends. */
const DOWNLOADED = 60;
const STARTED = 85;

/** Start Python with Sidestage in it. */
export async function startPython(
  boot: Boot,
  output: Output,
  report: Report,
  onFatal: (message: string) => void,
): Promise<Python> {
  report("download", "Fetching Python", 0);
  const downloads = new Downloads((part) => report("download", "Fetching Python", part * DOWNLOADED));
  downloads.begin(boot);
  const realFetch = globalThis.fetch;
  globalThis.fetch = downloads.fetch;
  try {
    const lock = (await (await downloads.fetch(boot.lock)).json()) as LockFile;
    const pyodide = await loadRuntime(boot, lock, output);
    report("start", "Starting Python", DOWNLOADED);
    listenForFatal(pyodide, onFatal);
    if (boot.interrupt) pyodide.setInterruptBuffer(new Uint8Array(boot.interrupt));
    const archive = await (await downloads.fetch(boot.python)).arrayBuffer();
    const connect = importSidestage(pyodide, archive);
    report("start", "Starting Python", STARTED);
    return { pyodide, lock, connect };
  } finally {
    globalThis.fetch = realFetch;
  }
}

async function loadRuntime(boot: Boot, lock: LockFile, output: Output): Promise<PyodideInterface> {
  const address = `${boot.runtime}pyodide.mjs`;
  let loader: typeof import("pyodide");
  try {
    loader = await import(/* @vite-ignore */ address);
  } catch (error) {
    throw new Error(`pyodide.mjs could not be loaded from ${address}: ${(error as Error).message}`);
  }
  const pyodide = await loader.loadPyodide({
    indexURL: boot.runtime,
    lockFileContents: lock as never,
    packageBaseUrl: boot.packages,
    fullStdLib: false,
    stdout: () => undefined,
    stderr: () => undefined,
  });
  pyodide.setStdin({ stdin: () => null });
  pyodide.setStdout({ write: (bytes) => output.write("stdout", bytes), isatty: true });
  pyodide.setStderr({ write: (bytes) => output.write("stderr", bytes), isatty: true });
  return pyodide;
}

/** After a fatal error every call fails; Pyodide tells of it here, and nowhere else if it happens in a task. */
function listenForFatal(pyodide: PyodideInterface, onFatal: (message: string) => void): void {
  const internals = (pyodide as unknown as { _api: { on_fatal?: (error: Error) => void } })._api;
  internals.on_fatal = (error) => onFatal(error?.message ?? String(error));
}

function importSidestage(pyodide: PyodideInterface, archive: ArrayBuffer): (host: Host) => Receive {
  const sitePackages = pyodide.runPython("import sysconfig; sysconfig.get_path('purelib')") as string;
  pyodide.unpackArchive(archive, "zip", { extractDir: sitePackages });
  const module = pyodide.pyimport("sidestage.worker.browser");
  return (host) => module.connect(host) as Receive;
}

/** Load packages of the lock file, reporting each. */
export async function installPackages(python: Python, names: string[], report: Report): Promise<void> {
  const missing = names.filter((name) => !(normalized(name) in python.lock.packages));
  if (missing.length > 0) {
    const known = Object.keys(python.lock.packages).sort().join(", ") || "none";
    throw new Error(
      `this server has no package ${missing.map((name) => `'${name}'`).join(", ")} (it has: ${known}); ` +
        "start it with --find-links and the folder where the wheel lies",
    );
  }
  const wanted = withDependencies(python.lock, names.map(normalized));
  let loaded = 0;
  const failures: string[] = [];
  report("packages", `Loading ${names.join(", ")}`, STARTED);
  await python.pyodide.loadPackage(names.map(normalized), {
    checkIntegrity: true,
    messageCallback: (message) => {
      if (!message.startsWith("Loaded")) return;
      loaded += 1;
      const value = STARTED + (99 - STARTED) * Math.min(loaded / wanted.size, 1);
      report("packages", `Loading ${names.join(", ")}`, value);
    },
    errorCallback: (message) => failures.push(message),
  });
  const absent = [...wanted].filter((name) => !(nameInLock(python.lock, name) in python.pyodide.loadedPackages));
  if (absent.length > 0) {
    throw new Error(`${absent.join(", ")} could not be loaded: ${failures.join("; ") || "no reason was given"}`);
  }
}

function normalized(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-_.]+/g, "-");
}

function nameInLock(lock: LockFile, key: string): string {
  return lock.packages[key]?.name ?? key;
}

function withDependencies(lock: LockFile, names: string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    withDependencies(lock, (lock.packages[name]?.depends ?? []).map(normalized), found);
  }
  return found;
}
