/** Where a worker finds what it starts from. */

import { InitError } from "./errors.js";

/** What the server says of its own files; paths are relative to `/sidestage/`. */
interface Manifest {
  runtime: string;
  stdlib: string;
  python: string;
  lock: string;
}

/** Absolute addresses, and the memory through which a run can be interrupted where the page may share memory. */
export interface Boot {
  runtime: string;
  stdlib: string;
  python: string;
  lock: string;
  packages: string;
  interrupt: SharedArrayBuffer | null;
}

/** The folder that this module was served from: `/sidestage/`, whichever of its files the bundler put this into. */
export function ownFolder(): string {
  return new URL("./", import.meta.url.replace(/assets\/[^/]*$/, "")).href;
}

/** Ask the server where the runtime, Sidestage's own Python and the packages are. */
export async function findBoot(baseUrl: string, signal: AbortSignal): Promise<Boot> {
  const address = new URL("manifest.json", baseUrl).href;
  const manifest = await fetchManifest(address, signal);
  const absolute = (path: string) => new URL(path, baseUrl).href;
  return {
    runtime: absolute(manifest.runtime),
    stdlib: absolute(manifest.stdlib),
    python: absolute(manifest.python),
    lock: absolute(manifest.lock),
    packages: absolute("packages/"),
    interrupt: globalThis.crossOriginIsolated ? new SharedArrayBuffer(1) : null,
  };
}

async function fetchManifest(address: string, signal: AbortSignal): Promise<Manifest> {
  let response: globalThis.Response;
  try {
    response = await fetch(address, { signal });
  } catch {
    throw new InitError(`${address} could not be reached; check the connection and try again`);
  }
  if (!response.ok) {
    throw new InitError(`${address} was answered with status ${response.status}; is this a Sidestage server?`);
  }
  try {
    return (await response.json()) as Manifest;
  } catch {
    throw new InitError(`${address} is not JSON; is this a Sidestage server?`);
  }
}
