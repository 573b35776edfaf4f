/** The Python code of a study as its author wrote it, out of the archive that the page hands to Python. */
import { contentOf, rangeOf, type ZipEntry, zipEntries } from "../boot/zip_entries.js";

/** Reads the code. */
export type SourceTexts = () => Promise<string[]>;

/** Hold on to the archive, for its code to be read when it is first asked for. */
export function sourceTexts(archive: Uint8Array<ArrayBuffer>): SourceTexts {
  const blob = new Blob([archive]);
  return async () => {
    const entries = await zipEntries(blob);
    return Promise.all(entries.filter(({ name }) => name.endsWith(".py")).map((entry) => textOf(blob, entry)));
  };
}

async function textOf(archive: Blob, entry: ZipEntry): Promise<string> {
  const piece = new Uint8Array(await archive.slice(...rangeOf(entry)).arrayBuffer());
  const content = new Blob([contentOf(entry, piece) as Uint8Array<ArrayBuffer>]);
  if (entry.isStored) return content.text();
  return new Response(content.stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
