/** The name of a donation's file. */

/** What Windows takes for a device, whatever its ending. */
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)/i;
/** File systems take 255 bytes; the ending and what a browser adds to a name that is taken need some of them. */
const LONGEST = 200;

/** A name that every file system accepts, made of the donation's key. */
export function fileName(key: string): string {
  const safe = key
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "_")
    .replace(/^[._-]+/, "")
    .replace(DEVICES, "_$1");
  return `${shortened(safe) || "donation"}.json`;
}

function shortened(name: string): string {
  const bytes = new TextEncoder().encode(name);
  // A character that was cut through decodes as U+FFFD.
  return bytes.length <= LONGEST ? name : new TextDecoder().decode(bytes.slice(0, LONGEST)).replace(/\ufffd+$/, "");
}
