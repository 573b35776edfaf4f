/** The hash by which files are checked. */

/** The SHA-256 in hexadecimal; null where the browser cannot compute it, as on an address without TLS. */
export async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", content);
  return digest ? [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("") : null;
}
