/**
 * A page of a site that was built knows its own files by name and hash: they stand in a block of JSON in the page, which
 * is the one file that nobody else vouches for. A server's page has no such block, and asks the server.
 */
import type { NamedFile } from "../boot/assets.js";

export interface Announced {
  config: NamedFile;
  script: NamedFile;
  manifest: NamedFile;
  /** The script of the service worker that keeps the site for use without a network. */
  offline?: string;
}

/** What the page says of its own files; null on a server's page. */
export function announced(): Announced | null {
  const block = document.getElementById("site");
  return block?.textContent ? (JSON.parse(block.textContent) as Announced) : null;
}
