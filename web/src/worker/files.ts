/**
 * Mounts files that the participant chose, so that Python reads them from the disk: each read slices the browser's
 * File.
 */

import type { PyodideInterface } from "pyodide";

export class Files {
  readonly #fs: PyodideInterface["FS"];
  #mounted = 0;

  constructor({ FS }: PyodideInterface) {
    this.#fs = FS;
  }

  /** Mount a file in a folder of its own; returns its path. */
  mount(file: File): { path: string; name: string; size: number } {
    this.#mounted += 1;
    const folder = `/files/${this.#mounted}`;
    const name = file.name.replaceAll("/", "_") || "file";
    this.#fs.mkdirTree(folder);
    this.#fs.mount(this.#fs.filesystems.WORKERFS, { blobs: [{ name, data: file }] }, folder);
    return { path: `${folder}/${name}`, name: file.name, size: file.size };
  }
}
