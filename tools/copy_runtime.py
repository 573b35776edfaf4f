"""Copy the Pyodide runtime from its npm package into the Python package, where the server and the wheel find it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "web/node_modules/pyodide"
TARGET = ROOT / "src/sidestage/static/runtime"

#: What a browser or the server needs, and the two files that say what it is and under which licence.
FILES = (
    "pyodide.mjs",
    "pyodide.js",
    "pyodide.asm.js",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
    "package.json",
    "README.md",
)
#: Made from the runtime, beside it; see ``compile_stdlib.py``.
MADE = "python_stdlib_compiled.zip"


def main() -> int:
    """Copy what changed; remove what does not belong there."""
    missing = [name for name in FILES if not (SOURCE / name).is_file()]
    if missing:
        print(f"{SOURCE} lacks {', '.join(missing)}: run 'npm ci' in web/ first", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.iterdir():
        if path.name not in (*FILES, MADE):
            path.unlink()
    for name in FILES:
        source, target = SOURCE / name, TARGET / name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
