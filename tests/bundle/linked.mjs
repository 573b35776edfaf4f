// Start the Pyodide in a folder, and print all that its script has put together: what it exports, with signatures, and
// where each symbol lies.
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ indexURL: folder });
const module = pyodide._module;
const told = (value) => (typeof value === "function" ? `function ${value.sig ?? ""}` : typeof value);
const members = Object.fromEntries(Object.keys(module).map((name) => [name, told(module[name])]));
const places = Object.fromEntries(Object.entries(module.GOT).map(([name, { value }]) => [name, value]));
const sum = pyodide.runPython("import ctypes, json; sum(json.loads('[1, 2, 3]'))");
process.stdout.write(JSON.stringify({ members, places, table: module.wasmTable.length, sum }));
