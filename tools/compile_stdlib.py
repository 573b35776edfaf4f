"""Compile the standard library of Sidestage's own runtime, beside it: the usual one holds source only.

Usage: ``python tools/compile_stdlib.py FOLDER``, the folder of the runtime. The runtime's own Python does it, in Node.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sidestage.bundle.packages.distribution import Distribution
from sidestage.bundle.runtime.find_runtime import STDLIB_COMPILED
from sidestage.bundle.runtime.stdlib import compile_stdlib
from sidestage.whole_files import write_whole


def main(folder: Path) -> None:
    """Write the compiled library."""
    target = folder.resolve() / STDLIB_COMPILED
    with tempfile.TemporaryDirectory() as name:
        # One that is there would be started from, and may be that of another version.
        for file in target.parent.iterdir():
            if file != target:
                Path(name, file.name).symlink_to(file)
        library = compile_stdlib(Path(name), Distribution.read(folder / "pyodide-lock.json").target.python)
    write_whole(target, library, mode=0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
