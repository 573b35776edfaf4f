"""Playing a script through in a process of its own: in the browser's own Python, run by Node, where there is Node.

It then has the very packages of the page. Without Node, the Python that runs Sidestage plays it, with what is installed
there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidestage.bundle.check.finding import Finding
from sidestage.bundle.check.prompt_modules import not_drawn
from sidestage.bundle.packages import Catalogue, ServedPackage
from sidestage.bundle.packages.compiler import find_node, reason_in
from sidestage.bundle.page_assets import PACKAGE, browser_sources
from sidestage.bundle.runtime.find_runtime import Runtime
from sidestage.bundle.runtime.stdlib import compiled_stdlib
from sidestage.bundle.script import Script
from sidestage.bundle.script_archive import files_beside
from sidestage.cache import Cache, user_cache_folder
from sidestage.errors import SidestageError

_IN_NODE = Path(__file__).with_name("headless.mjs")
#: The module that plays, and its room.
_PROGRAM = "sidestage.testing.rehearsal"
_ROOM = "testing"
#: In seconds.
_PATIENCE = 180.0


class NotRun(SidestageError):
    """A script could not be played through here; that says nothing about the script."""


class TooLong(SidestageError):
    """A script was still running when the patience was over."""


@dataclass(frozen=True)
class HeadlessPlayer:
    """What a script is played with.

    Attributes:
        runtime: the Pyodide of its page.
        catalogue: what there is for it.
        packages: those that the page loads.
        tell: takes sentences for the author.
    """

    runtime: Runtime
    catalogue: Catalogue
    packages: Sequence[ServedPackage]
    tell: Callable[[str], None]

    def rehearse(self, script: Script, files: Sequence[Path] = ()) -> dict[str, Any]:
        """What ``sidestage.testing.rehearsal.rehearse`` finds, as JSON has it.

        Raises:
            NotRun: if nothing here can play it.
            TooLong: if it does not come to an end.
        """
        with tempfile.TemporaryDirectory(prefix="sidestage-") as name:
            work = Path(name).resolve()
            _lay_out(work / "script", {file: path.read_bytes() for file, path in files_beside(script.path).items()})
            node = find_node()
            if node:
                self._run(self._in_node(node, work, script, files))
            else:
                settings = {
                    "files": [str(file.absolute()) for file in files],
                    "script": str(work / "script" / script.name),
                }
                self._run(_here(work, {**settings, "platform": script.platform, "result": str(work / "result.json")}))
            result: dict[str, Any] = json.loads((work / "result.json").read_bytes())
            if not node and (missing := _lacking(result)):
                raise NotRun(
                    f"there is no Node 20 or later to run the browser's Python, and Python here has no {missing}: "
                    f"install Node, or 'sidestage[node]'"
                )
            return result

    def _in_node(self, node: str, work: Path, script: Script, files: Sequence[Path]) -> list[str | Path]:
        """Prepare everything for Node; returns the command."""
        sources = {file.relative_to(PACKAGE.parent).as_posix(): file for file in (PACKAGE / _ROOM).glob("*.py")}
        _lay_out(work / "site", {**browser_sources(), **{path: file.read_bytes() for path, file in sources.items()}})
        for package in self.packages:
            target = work / "packages" / package.address
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(package.path, target)
        mounts = {"/checked": str(work)} | {f"/given/{n}": str(file.absolute().parent) for n, file in enumerate(files)}
        settings = {
            "files": [f"/given/{number}/{file.name}" for number, file in enumerate(files)],
            "script": f"/checked/script/{script.name}",
            "platform": script.platform,
            "result": "/checked/result.json",
        }
        _write(work / "settings.json", settings)
        library = compiled_stdlib(self.runtime, Cache(user_cache_folder() / "prepared"), self.tell)
        names = [package.name for package in self.packages]
        started = {
            "runtime": str(self.runtime.folder.resolve()),
            "library": str(library) if isinstance(library, Path) else None,
            "lock": self.catalogue.lock(names),
            "packageFolder": str(work / "packages"),
            "packages": names,
            "mounts": mounts,
            "words": ["/checked/site", _PROGRAM, "/checked/settings.json"],
        }
        _write(work / "start.json", started)
        return [node, _IN_NODE, work / "start.json"]

    def _run(self, command: Sequence[str | Path]) -> None:
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PATIENCE, encoding="utf-8")
        except subprocess.TimeoutExpired:
            raise TooLong(
                f"played through without a browser, it does not come to an end within {_PATIENCE / 60:.0f} minutes: "
                f"look for a loop that waits, or work that takes long"
            ) from None
        except subprocess.CalledProcessError as error:
            raise NotRun(f"{command[0]} failed ({reason_in(error.stderr)})") from None
        except OSError as error:
            raise NotRun(f"{command[0]} could not be run ({error.strerror})") from None


def rehearsal_findings(result: Mapping[str, Any], script: Script) -> list[Finding]:
    """What a participant could run into, each at the author's own line."""
    failures = [_failure(each["traceback"].rstrip(), each["after"], script) for each in result["failures"]]
    forgotten = [Finding(_beside(each["file"], script), each["line"], each["sentence"]) for each in result["forgotten"]]
    return [*failures, *forgotten, *(not_drawn(name) for name in result["own_prompts"] if not _draws(script, name))]


def _beside(path: str, script: Script) -> str:
    """The name of a file of the script's folder, of which the player had a copy."""
    return path.rpartition("/script/")[2] or script.name


def _draws(script: Script, name: str) -> bool:
    """Whether there is a module for a prompt of the study's own."""
    return (script.path.parent / "prompts" / f"{name}.js").is_file()


def _failure(traceback: str, after: Sequence[str], script: Script) -> Finding:
    file, line = script.name, 0
    for text in traceback.splitlines():
        head, _, rest = text.strip().partition("/script/")
        if head.startswith('File "') and (place := rest.partition('", line '))[1]:
            file, line = place[0], int(place[2].partition(",")[0])
    way = f" (after: {', '.join(after)})" if after else ""
    return Finding(file, line, f"{traceback.rpartition(chr(10))[2]}{way}")


def _here(work: Path, settings: Mapping[str, Any]) -> list[str | Path]:
    _write(work / "settings.json", settings)
    return [sys.executable, "-m", _PROGRAM, work / "settings.json"]


def _lacking(result: Mapping[str, Any]) -> str:
    """The module that this machine's Python lacks, if one made the script fail."""
    mark = "ModuleNotFoundError: No module named "
    lasts = (failure["traceback"].rstrip().rpartition("\n")[2] for failure in result["failures"])
    return next((last.removeprefix(mark) for last in lasts if last.startswith(mark)), "")


def _lay_out(folder: Path, content: Mapping[str, bytes]) -> None:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
