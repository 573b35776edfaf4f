// Compile the runtime's standard library, in the runtime's own Python: the usual one holds source only, and
// compiling what a start imports takes most of the start. What is compiled is stored, not deflated, so that the
// server's compression works on it. Usage: node tools/compile_stdlib.mjs FOLDER, the folder of the runtime.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const COMPILE = `
import importlib.util, marshal, struct, zipfile

#: "Unchecked": the code is used without looking for its source.
FLAGS = struct.pack("<I", 0b01)

def compiled(name, source):
    code = compile(source, f"/lib/python313.zip/{name}", "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + FLAGS + importlib.util.source_hash(source) + marshal.dumps(code)

with zipfile.ZipFile("/source.zip") as source, zipfile.ZipFile("/compiled.zip", "w") as target:
    for name in sorted(source.namelist()):
        content = source.read(name)
        if name.endswith(".py"):
            content, name = compiled(name, content), name + "c"
        # A fixed date: the same source gives the same bytes.
        target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
`;

const folder = resolve(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: `${folder}/` });
pyodide.FS.writeFile("/source.zip", readFileSync(join(folder, "python_stdlib.zip")));
pyodide.runPython(COMPILE);
const target = join(folder, "python_stdlib_compiled.zip");
// Written beside and renamed, so that a build that is stopped leaves no half of it.
writeFileSync(`${target}.part`, pyodide.FS.readFile("/compiled.zip"));
renameSync(`${target}.part`, target);
