/** The name of a donation's file. */

/** A name that every file system accepts, made of the donation's key. */
export function fileName(key: string): string {
  const safe = key.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[._]+/, "");
  return `${safe || "donation"}.json`;
}
