/**
 * The first script of a page that is one single file: all other files stand in it, compressed. They are unpacked, given
 * to whoever fetches them by their addresses, and the page's own scripts are started from there.
 */

/** Where modules name others that they import at once, and others that they import when they need them. */
const IMPORT = /(\bfrom\s*|\bimport\s*)(["'])(\.{1,2}\/[^"']+)\2/g;
const IMPORT_LATER = /\bimport\(\s*(["'`])(\.{1,2}\/[^"'`]+)\1\s*\)/g;

const files = new Map<string, Blob>();
const modules = new Map<string, Promise<string>>();

async function begin(): Promise<void> {
  const blocks = [...document.querySelectorAll<HTMLScriptElement>("script[data-file]")];
  const scripts = blocks.filter((block) => block.hasAttribute("data-script")).map(addressOf);
  await Promise.all(blocks.map(unpack));
  Object.assign(globalThis, importer);
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const file = files.get(String(input instanceof Request ? input.url : input));
    return file ? Promise.resolve(new Response(file)) : fetch(input, init);
  };
  for (const script of scripts) await import(/* @vite-ignore */ await moduleAt(script));
}

/** Where a file would lie beside the page. */
function addressOf(block: HTMLScriptElement): string {
  return new URL(block.dataset.file as string, document.baseURI).href;
}

async function unpack(block: HTMLScriptElement): Promise<void> {
  const packed = await fetch(`data:application/gzip;base64,${block.textContent}`);
  const stream = (packed.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new DecompressionStream("gzip"));
  const headers = { "content-type": block.dataset.type as string };
  files.set(addressOf(block), await new Response(stream, { headers }).blob());
  block.remove();
}

/** The address of a module that can be imported: it and those that it names, each taken for what it is in the files. */
function moduleAt(address: string): Promise<string> {
  const known = modules.get(address) ?? makeModule(address);
  modules.set(address, known);
  return known;
}

/** Where modules find what they import when they need it. */
const importer = { sidestageImport: async (address: string) => import(/* @vite-ignore */ await moduleAt(address)) };

async function makeModule(address: string): Promise<string> {
  let text = await (files.get(address) as Blob).text();
  for (const [whole, before, quote, path] of text.matchAll(IMPORT)) {
    const made = await moduleAt(new URL(path as string, address).href);
    text = text.replace(whole, () => `${before}${quote}${made}${quote}`);
  }
  text = text.replace(IMPORT_LATER, (_, __, path: string) => {
    return `globalThis.sidestageImport(${JSON.stringify(new URL(path, address).href)})`;
  });
  text = text.replaceAll("import.meta.url", () => JSON.stringify(address));
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

addEventListener("DOMContentLoaded", () => {
  // The page then says that it could not be loaded.
  begin().catch(() => document.documentElement.classList.add("failed"));
});

export {};
