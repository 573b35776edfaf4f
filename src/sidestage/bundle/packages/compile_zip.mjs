// Run compile_zip.py in the runtime's own Python: node compile_zip.mjs RUNTIME FOLDER WORK.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, folder, work] = process.argv.slice(2);
const compiledLibrary = join(runtime, "python_stdlib_compiled.zip");
const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")).href);
const pyodide = await loadPyodide({
  indexURL: `${resolve(runtime)}/`,
  // No columns in tracebacks, a fifth of the size: they point into source lines, which are not there.
  env: { PYTHONNODEBUGRANGES: "1" },
  // Starts three times as fast.
  ...(existsSync(compiledLibrary) && { stdLibURL: compiledLibrary }),
});
pyodide.mountNodeFS("/work", resolve(work));
pyodide.runPython(`import sys; sys.argv = ["compile_zip.py", ${JSON.stringify(folder)}, "/work"]`);
pyodide.runPython(readFileSync(new URL("compile_zip.py", import.meta.url), "utf-8"));
