/** Compiles WebAssembly code, once for all workers of a host. */
import { PackageArchive } from "./package_archive.js";

/** The code of shared libraries, by the paths that Python loads them from. */
export type Libraries = Map<string, WebAssembly.Module>;

export class Compiled {
  #interpreter: Promise<WebAssembly.Module> | null = null;
  readonly #libraries = new Map<string, Promise<WebAssembly.Module>>();

  interpreter(wasm: Blob): Promise<WebAssembly.Module> {
    if (!this.#interpreter) {
      this.#interpreter = wasm.arrayBuffer().then((code) => WebAssembly.compile(code));
      this.#interpreter.catch(() => {
        this.#interpreter = null;
      });
    }
    return this.#interpreter;
  }

  /** Compile shared libraries, all at the same time. `archives` are those of their packages. */
  async libraries(paths: string[], archives: Blob[]): Promise<Libraries> {
    const unknown = paths.some((path) => !this.#libraries.has(path));
    const opened = unknown ? await Promise.all(archives.map((archive) => PackageArchive.open(archive))) : [];
    const compiled = async (path: string) => [path, await this.#library(path, opened)] as const;
    return new Map(await Promise.all(paths.map(compiled)));
  }

  #library(path: string, archives: PackageArchive[]): Promise<WebAssembly.Module> {
    const known = this.#libraries.get(path) ?? compileLibrary(path, archives);
    this.#libraries.set(path, known);
    known.catch(() => this.#libraries.delete(path));
    return known;
  }
}

async function compileLibrary(path: string, archives: PackageArchive[]): Promise<WebAssembly.Module> {
  // The library is in a package's folder, or it lies in the folder of shared libraries.
  const name = path.replace(/^\/lib\/python[\d.]+\/site-packages\/|^.*\/(?=[^/]*$)/, "");
  const archive = archives.find((each) => each.has(name));
  if (!archive) throw new Error(`the library ${path} is in none of the packages`);
  return WebAssembly.compile((await archive.read(name)) as Uint8Array<ArrayBuffer>);
}
