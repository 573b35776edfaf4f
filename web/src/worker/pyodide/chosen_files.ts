/** Files of the browser's that were mounted, and cannot be read any more. */
import { type FileSystem, isUsable, type MountedFiles, present, type Say } from "./internals.js";

type Read = MountedFiles["stream_ops"]["read"];

/** EIO, as Pyodide's C library counts. */
const INPUT_OUTPUT_ERROR = 29;

/**
 * Have reads fail as C expects it. The browser refuses to read a file that has changed or gone since it was chosen; its
 * exception would go right through Python and break the interpreter, where this is an OSError in the script.
 */
export function failAsInC(fs: FileSystem, say: Say): void {
  isUsable(say, "chosen files", "one that changes while Python reads it ends Python, instead of an OSError", () => {
    const ErrnoError = present(fs, "ErrnoError", "function") as new (code: number) => Error;
    const operations = present(fs.filesystems.WORKERFS as MountedFiles, "stream_ops", "object");
    const read: Read = present(operations, "read", "function");
    operations.read = (...given) => {
      try {
        return read(...given);
      } catch {
        throw new ErrnoError(INPUT_OUTPUT_ERROR);
      }
    };
  });
}
