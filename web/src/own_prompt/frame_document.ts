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
  // Two policies, both of which must allow a script: one lets scripts in that others have made and no document brings,
  // and so none in a frame inside of the frame; the other lets them come from nowhere but a text at hand.
  const policies = [[...CLOSED, `script-src ${own} 'strict-dynamic'`].join("; "), `script-src ${own} blob:`];
  const metas = policies.map((policy) => `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  const head = `<meta charset="utf-8"><meta name="color-scheme" content="light dark">${metas.join("")}`;
  return `<!doctype html><html><head>${head}<style>${LAYOUT}</style><script${nonce && ` nonce="${nonce}"`}>${script}</script></head><body></body></html>`;
}

/** A hash in hexadecimal as a policy has it. */
function base64Of(hexadecimal: string): string {
  return btoa(hexadecimal.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))));
}
