/** Files that the participant chose, and that the browser refuses to read when they have changed or gone. */
import { type FileSystem, isUsable, type MountedFiles, present, type Say } from "./internals.js";

type Read = MountedFiles["stream_ops"]["read"];

/** EIO, as Pyodide's C library counts. */
const INPUT_OUTPUT_ERROR = 29;

/**
 * Turn the browser's exception into an error number of C, which Python raises as an OSError. The exception itself would
 * unwind the interpreter's stack and break it.
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
