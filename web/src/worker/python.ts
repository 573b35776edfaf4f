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
  packageBaseUrl: string;
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
  // What Pyodide fetches while it starts; the rest it imports.
  for (const address of [`${boot.runtime}pyodide.asm.wasm`, boot.stdlib, boot.python, boot.lock]) {
    void downloads.begin(address);
  }
  return withFetch(downloads.fetch, async () => {
    const lock = (await (await downloads.fetch(boot.lock)).json()) as LockFile;
    const pyodide = await Promise.race([loadRuntime(boot, lock, output), downloads.failed]);
    report("start", "Starting Python", DOWNLOADED);
    listenForFatal(pyodide, onFatal);
    if (boot.interrupt) pyodide.setInterruptBuffer(new Uint8Array(boot.interrupt));
    const archive = await (await downloads.fetch(boot.python)).arrayBuffer();
    const connect = importSidestage(pyodide, archive);
    report("start", "Starting Python", STARTED);
    return { pyodide, lock, packageBaseUrl: boot.packages, connect };
  });
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
    stdLibURL: boot.stdlib,
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
  const wanted = withDependencies(python.lock, names.map(normalized)).filter((name) => !isLoaded(python, name));
  await loadAll(python, wanted, report);
}

/** Fetch all wheels at once, then load them one after another, dependencies first: so each can be reported. */
async function loadAll(python: Python, names: string[], report: Report): Promise<void> {
  let steps = 0;
  const step = (message: string) => {
    report("packages", message, STARTED + ((99 - STARTED) * steps) / (2 * names.length));
    steps += 1;
  };
  const downloads = new Downloads(() => undefined);
  for (const name of names) {
    const address = python.packageBaseUrl + python.lock.packages[name]?.file_name;
    void downloads.begin(address).then(
      () => step(`Fetched ${name}`),
      () => undefined,
    );
  }
  await withFetch(downloads.fetch, async () => {
    for (const name of names) {
      step(`Loading ${name}`);
      await loadOne(python, name);
    }
  });
}

async function loadOne(python: Python, name: string): Promise<void> {
  const failures: string[] = [];
  const options = {
    checkIntegrity: true,
    messageCallback: () => undefined,
    errorCallback: failures.push.bind(failures),
  };
  try {
    await python.pyodide.loadPackage(name, options as never);
  } catch (error) {
    failures.push((error as Error).message);
  }
  if (!isLoaded(python, name)) {
    throw new Error(`the package '${name}' could not be loaded: ${failures.join("; ") || "no reason was given"}`);
  }
}

function isLoaded(python: Python, name: string): boolean {
  return (python.lock.packages[name]?.name ?? name) in python.pyodide.loadedPackages;
}

/** Have everything that fetches meanwhile go through `fetch`. */
async function withFetch<T>(fetch: typeof globalThis.fetch, work: () => Promise<T>): Promise<T> {
  const realFetch = globalThis.fetch;
  globalThis.fetch = fetch;
  try {
    return await work();
  } finally {
    globalThis.fetch = realFetch;
  }
}

function normalized(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-_.]+/g, "-");
}

/** The packages and what they need, each after what it needs. */
function withDependencies(lock: LockFile, names: string[], found = new Set<string>()): string[] {
  for (const name of names) {
    if (found.has(name)) continue;
    withDependencies(lock, (lock.packages[name]?.depends ?? []).map(normalized), found);
    found.add(name);
  }
  return [...found];
}
