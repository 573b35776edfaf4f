"""Compile the sources in zips, with the Python that runs this, to code that needs no source beside it.

Run as a program, by the browser's Python: ``compile_zip.py FOLDER WORK``. Of each ``WORK/NAME.source.zip`` it makes
``WORK/NAME.compiled.zip`` with the ``.pyc`` of every file that compiles. FOLDER is where the files will lie: tracebacks
name it. Standard library only.
"""

from __future__ import annotations

import importlib.util
import marshal
import sys
import warnings
import zipfile
from pathlib import Path

#: No flags, no time and no size of a source: there is none to compare with.
HEADER = importlib.util.MAGIC_NUMBER + bytes(12)


def compile_zip(source: Path, target: Path, folder: str) -> None:
    """Write a zip of the compiled files of another; those that do not compile are left out."""
    with zipfile.ZipFile(source) as sources, zipfile.ZipFile(target, "w") as compiled:
        for name in sources.namelist():
            try:
                code = compile(sources.read(name), f"{folder}/{name}", "exec", dont_inherit=True, optimize=0)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                continue  # It is left as it is, and fails where it is imported, if it ever is.
            compiled.writestr(f"{name}c", HEADER + marshal.dumps(code))


def main(folder: str, work: str) -> None:
    """Compile all that lies in the folder ``work``."""
    warnings.simplefilter("ignore")
    for source in sorted(Path(work).glob("*.source.zip")):
        compile_zip(source, source.with_name(source.name.replace(".source.", ".compiled.")), folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
