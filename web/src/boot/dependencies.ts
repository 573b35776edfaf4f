/**
 * Finds the packages that a request needs in the lock file. Used by the page, which fetches them, and by the worker.
 */
import type { LockFile } from "./types.js";

/**
 * The packages and their dependencies, each after its dependencies, by their names in the lock file.
 *
 * Throws a sentence where the server lacks one.
 */
export function withDependencies(lock: LockFile, names: string[]): string[] {
  const missing = names.filter((name) => !(normalized(name) in lock.packages));
  if (missing.length > 0) {
    const known = Object.keys(lock.packages).sort().join(", ") || "none";
    throw new Error(
      `this server has no package ${missing.map((name) => `'${name}'`).join(", ")} (it has: ${known}); ` +
        "start it with --find-links and the folder where the wheel lies",
    );
  }
  const found = new Set<string>();
  collect(lock, names.map(normalized), found);
  return [...found];
}

function collect(lock: LockFile, names: string[], found: Set<string>, above: string[] = []): void {
  for (const name of names) {
    if (found.has(name) || above.includes(name)) continue;
    collect(lock, (lock.packages[name]?.depends ?? []).map(normalized), found, [...above, name]);
    found.add(name);
  }
}

function normalized(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-_.]+/g, "-");
}
