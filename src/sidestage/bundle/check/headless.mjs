// Run a module of Sidestage's in the runtime's own Python: node headless.mjs SETTINGS, a JSON file that says what.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const given = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { loadPyodide } = await import(pathToFileURL(join(given.runtime, "pyodide.mjs")).href);
const pyodide = await loadPyodide({
  indexURL: `${given.runtime}/`,
  lockFileContents: JSON.stringify(given.lock),
  packageBaseUrl: `${given.packageFolder}/`,
  packageCacheDir: `${given.packageFolder}/`,
  // Starts three times as fast.
  ...(given.library && { stdLibURL: given.library }),
});
await pyodide.loadPackage(given.packages, { messageCallback() {} });
for (const [inside, folder] of Object.entries(given.mounts)) pyodide.mountNodeFS(inside, folder);
pyodide.globals.set("words", pyodide.toPy(given.words));
pyodide.runPython(`
import runpy, sys
sys.path.insert(0, words[0])
sys.argv = words[1:]
runpy.run_module(words[1], run_name="__main__")
`);
