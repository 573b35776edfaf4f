"""Asking uv which versions go together. The only module that runs uv and reads what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.utils import NormalizedName, canonicalize_name

from sidestage.bundle.packages.errors import ProvisionError
from sidestage.bundle.packages.target import Target

#: What uv is asked for where it has no name for the platform: right for wheels in pure Python, and stubs are those.
_NEAREST_PLATFORM = "wasm32-pyodide2025"
#: An ordinary computer, to find out what keeps a package from running in a browser.
COMPUTER = "x86_64-manylinux_2_28"

#: Stands for the requirements themselves among those that ask for a package.
ASKED_DIRECTLY = ""

#: How uv says that it found no versions, as its exit code, and that a server did not answer, in words.
_NO_SOLUTION = 1
_UNREACHABLE = re.compile(
    r"Failed to fetch|error sending request|Request failed|network was disabled|Could not connect"
)
_ADDRESS = re.compile(r"https?://[^\s`)]+")


@dataclass(frozen=True)
class IndexFile:
    """A wheel that an index, or a folder of uv's own settings, offers; ``sha256`` is None where it does not say."""

    url: str
    sha256: str | None

    @property
    def name(self) -> str:
        """The file's name."""
        return unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])


@dataclass(frozen=True)
class Choice:
    """A version that uv chose, with the files of it that suit."""

    name: NormalizedName
    version: str
    files: tuple[IndexFile, ...]


class NoSolution(Exception):
    """There is no set of versions that fits; the text is uv's explanation."""


class Unreachable(Exception):
    """The index did not answer; the text is a clause for a sentence."""


@dataclass(frozen=True)
class Question:
    """What is asked of uv.

    Attributes:
        target: the Python in the browser.
        requirements: as in a script's ``dependencies``.
        stubs: folders of stubs.
        prefer: versions to choose where they fit: name to version.
        index: whether to ask the package index, too.
        dependencies: whether to choose what the packages need as well.
        platform: uv's name of another platform than the browser's.
        folder: where uv looks for its settings, such as the address of another index: there and above.
    """

    target: Target
    requirements: Sequence[str]
    stubs: Sequence[Path] = ()
    prefer: Mapping[str, str] = field(default_factory=dict)
    index: bool = True
    dependencies: bool = True
    platform: str | None = None
    folder: Path | None = None


def choose(question: Question) -> list[Choice]:
    """The versions that meet the requirements, the newest where none is preferred.

    Raises:
        NoSolution: if there are none.
        Unreachable: if the index does not answer.
        ProvisionError: if uv fails in another way.
    """
    preferences = [f'[[packages]]\nname = "{name}"\nversion = "{version}"' for name, version in question.prefer.items()]
    header = 'lock-version = "1.0"\ncreated-by = "sidestage"\npackages = []'
    output = "\n".join(['lock-version = "1.0"\ncreated-by = "sidestage"', *preferences]) if preferences else header
    lock = tomllib.loads(_run(question, "pylock.toml", output))
    return [_choice(package) for package in lock.get("packages", [])]


def who_asks(question: Question) -> dict[str, list[str]]:
    """The packages that ``choose`` gives, each with the names of those that ask for it."""
    asked: dict[str, list[str]] = {}
    for line in _run(question, "requirements.txt", "", "--annotation-style", "line").splitlines():
        package, _, via = line.partition("# via ")
        names = [name.strip() for name in via.split(",")]
        asked[package.partition("==")[0].strip()] = [
            ASKED_DIRECTLY if name.startswith("-r ") else name for name in names
        ]
    return asked


def _choice(package: Mapping[str, Any]) -> Choice:
    files = [
        IndexFile(wheel.get("url") or Path(wheel["path"]).absolute().as_uri(), wheel.get("hashes", {}).get("sha256"))
        for wheel in package.get("wheels", [])
    ]
    return Choice(canonicalize_name(package["name"]), str(package["version"]), tuple(files))


def _run(question: Question, form: str, output: str, *options: str) -> str:
    """What uv writes in this form, where ``output`` holds the versions it should prefer."""
    with tempfile.TemporaryDirectory(prefix="sidestage-uv-") as temporary:
        source, target = Path(temporary, "requirements.in"), Path(temporary, form)
        source.write_text("\n".join(question.requirements), encoding="utf-8")
        target.write_text(output, encoding="utf-8")
        command = [
            _find_uv(),
            *_command(question),
            *options,
            "--format",
            form,
            "--output-file",
            str(target),
            str(source),
        ]
        environment = {"UV_HTTP_RETRIES": "1", **os.environ}
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, encoding="utf-8", cwd=question.folder, env=environment
            )
        except OSError as error:
            raise ProvisionError(
                f"uv, which finds packages, cannot be started ({error.strerror}): install it"
            ) from None
        if done.returncode:
            raise _failure(done.returncode, done.stderr)
        return target.read_text(encoding="utf-8")


def _find_uv() -> str:
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError:
        raise ProvisionError("uv, which finds packages, is not where it belongs: run 'pip install uv'") from None


def _command(question: Question) -> list[str]:
    platform = question.platform or question.target.uv_platform or _NEAREST_PLATFORM
    command = ["pip", "compile", "--python", sys.executable, "--no-python-downloads"]
    command += ["--python-platform", platform, "--python-version", question.target.python]
    command += ["--only-binary", ":all:", "--no-header", "--color", "never", "--no-progress", "--quiet"]
    command += [] if question.index else ["--no-index"]
    command += [] if question.dependencies else ["--no-deps"]
    for folder in question.stubs:
        command += ["--find-links", str(folder)]
    return command


def _failure(code: int, printed: str) -> Exception:
    text = " ".join(_without_warnings(printed).split())
    if _UNREACHABLE.search(text):
        return Unreachable(_unreachable(text))
    if code == _NO_SOLUTION:
        return NoSolution(_explanation(text))
    return ProvisionError(f"uv, which finds packages, failed ({text or 'it said nothing'}): mend that, or try again")


def _without_warnings(printed: str) -> str:
    return "\n".join(line for line in printed.splitlines() if not line.startswith("warning:"))


def _explanation(text: str) -> str:
    """uv's reasons, without the headline and the advice on its own options."""
    return text.partition("cause: ")[2].partition(" hint: ")[0] or text


def _unreachable(text: str) -> str:
    """Who did not answer and why, without passwords that an address may hold."""
    if "network was disabled" in text:
        return "uv was told to stay offline"
    address = _ADDRESS.search(text)
    host = (urlsplit(address.group()).hostname if address else None) or "the package index"
    return f"{host} does not answer: {text.rpartition('cause: ')[2]}"


def named_in(explanation: str, words: Iterable[str]) -> list[str]:
    """The packages of which uv says this, like ``has no usable wheels``, in the order it mentions them."""
    pattern = re.compile(rf"([A-Za-z0-9][\w.-]*?)(?:\[[\w,-]*\])?(?:[<>=!~][^\s]*)? (?:{'|'.join(words)})")
    return list(dict.fromkeys(canonicalize_name(match.group(1)) for match in pattern.finditer(explanation)))
