"""See that there is a Chromium for the tests; on Debian, as root or with sudo, install it from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of an installed Chromium or Chrome; the variable ``CHROMIUM`` goes first."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Find a browser or install it; the exit code says whether there is one now."""
    if find():
        return 0
    if not shutil.which("apt-get"):
        print("No Chromium was found; install it, or say where it is: CHROMIUM=/path/to/chromium make test")
        return 1
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    print("No Chromium was found; installing Debian's.")
    subprocess.run([*as_root, "apt-get", "update", "-q"], check=False)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    subprocess.run([*as_root, *command], check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    return 0 if find() else 1


if __name__ == "__main__":
    sys.exit(main())
