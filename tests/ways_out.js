// Tries ways out of the seal, one after the other, and tells what came of each, and what the page has heard and found.
// `given` holds the ways, the module that they find, and whether to seal; `make`, `caught` and `logs` come from the prelude.

const NAME = "ways-out";
const heard = [];
const hear = (where) => ({ data, key, newValue }) => heard.push([where, String(data ?? `${key}: ${newValue}`)]);
const broadcast = new BroadcastChannel(NAME);
broadcast.onmessage = hear("broadcast");
window.addEventListener("message", hear("message"));
window.addEventListener("storage", hear("storage"));

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function start() {
  const worker = make({ sealed: given.sealed });
  await worker.init({ files: { "ways.py": given.module } });
  return worker;
}

let worker = await start();
const outcomes = {};
for (const { name, code, spoils } of given.ways) {
  const began = logs.length;
  const { name: error, message } = await caught(worker.runPython(code, { timeout: 1500 }));
  if (spoils) {
    await pause(100);
    worker.destroy();
    worker = await start();
  }
  outcomes[name] = { error, message, said: logs.slice(began).map(({ text }) => text) };
}
// What was begun may still be on its way.
await pause(500);
const alive = await worker.runPython("1 + 1");
worker.destroy();

async function left() {
  const files = [];
  for await (const file of (await navigator.storage?.getDirectory?.())?.keys() ?? []) files.push(file);
  const databases = (await indexedDB.databases?.()) ?? [];
  const locks = (await navigator.locks?.query())?.held ?? [];
  const kept = [...Object.entries(localStorage), ...Object.entries(sessionStorage), ...document.cookie.split(";")];
  const found = {
    databases: databases.map(({ name }) => name),
    caches: (await globalThis.caches?.keys()) ?? [],
    storage: kept.map(String),
    locks: locks.map(({ name }) => name),
    files,
  };
  const isOurs = (text) => text.includes(NAME) || given.ways.some(({ word }) => text.includes(word));
  return Object.fromEntries(Object.entries(found).map(([where, texts]) => [where, texts.filter(isOurs)]));
}

return { outcomes, heard, alive, left: await left() };
