/** The document of the frame that a study's own prompt runs in, and the policy that closes it off. */
import { sha256 } from "../boot/sha256.js";

/** What the frame may do besides running scripts: show pictures that it has made itself or was given as data. */
const CLOSED = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "worker-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
];
const SPACE = "5px";
const LAYOUT = `html { background: transparent; }
body { display: flow-root; margin: 0; padding: ${SPACE}; color: var(--ink); font-family: var(--font); }`;

/** A document whose only script is this one. */
export async function frameDocument(script: string): Promise<string> {
  const hash = await sha256(new TextEncoder().encode(script));
  const nonce = hash ? "" : crypto.getRandomValues(new Uint32Array(4)).join("-");
  const own = hash ? `'sha256-${base64Of(hash)}'` : `'nonce-${nonce}'`;
  // The study's module comes as a Blob. One that is made in the frame can be read there only: a frame inside of it has an
  // origin of its own, and so no script but this one.
  const policy = [...CLOSED, `script-src ${own} blob:`].join("; ");
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const head = `<meta charset="utf-8"><meta name="color-scheme" content="light dark">${meta}`;
  return `<!doctype html><html><head>${head}<style>${LAYOUT}</style><script${nonce && ` nonce="${nonce}"`}>${script}</script></head><body></body></html>`;
}

/** A hash in hexadecimal as a policy has it. */
function base64Of(hexadecimal: string): string {
  return btoa(hexadecimal.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))));
}
