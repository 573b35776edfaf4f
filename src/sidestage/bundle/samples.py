"""Files to try an example with, made by a script of the example itself when somebody asks for them.

Only examples that come with Sidestage are read here, and only the command that stands in their ``example.toml`` is run.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidestage.bundle.script_metadata import text_from_toml
from sidestage.errors import SidestageError
from sidestage.protocol import Text

#: Stands in a command for the path of the file to write.
_OUT = "{out}"
#: How long a script may take, in seconds.
_PATIENCE = 60

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)+")


class SampleError(SidestageError):
    """A sample is described wrongly, or could not be made."""


@dataclass(frozen=True)
class Sample:
    """A file to try an example with.

    Attributes:
        name: the file's name.
        title: what it is, in a few words.
        command: a script of the example and its arguments; ``{out}`` stands for the path of the file to write.
        folder: the example's.
    """

    name: str
    title: Text
    command: tuple[str, ...]
    folder: Path

    def make(self) -> bytes:
        """Run the script, which may take seconds, and return the bytes that it wrote.

        Raises:
            SampleError: if the script fails, takes too long, or writes nothing.
        """
        with tempfile.TemporaryDirectory(prefix="sidestage-sample-") as folder:
            out = Path(folder) / self.name
            script, *arguments = self.command
            words = [str(out) if word == _OUT else word for word in arguments]
            # -B: the examples may lie where an installed package should stay as it was installed.
            command = [sys.executable, "-B", str(self.folder / script), *words]
            try:
                subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE, check=True)
                return out.read_bytes()
            except subprocess.CalledProcessError as error:
                raise self._failure((error.stderr.strip().splitlines() or ["it said nothing"])[-1]) from None
            except subprocess.TimeoutExpired:
                raise self._failure(f"it took longer than {_PATIENCE} seconds") from None
            except OSError as error:
                raise self._failure(str(error)) from None

    def _failure(self, reason: str) -> SampleError:
        return SampleError(
            f"{self.name} could not be made by {self.command[0]} ({reason}). Try again, or take an export of your own."
        )


def read_sample(table: Mapping[str, Any], folder: Path) -> Sample:
    """A sample from its ``[[samples]]`` table in an ``example.toml``.

    Raises:
        SampleError: if it cannot be understood, or its script is not in the folder.
    """
    name, title, command = table.get("name"), text_from_toml(table.get("title")), table.get("command")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or title is None:
        raise SampleError(f'a sample has a name and a title, like name = "chat.zip" and title = "A chat", not {table}')
    if not isinstance(command, list) or not all(isinstance(word, str) for word in command) or _OUT not in command[1:]:
        raise SampleError(f'the command of {name} names a script and "{_OUT}", like ["generate.py", "{_OUT}"]')
    if Path(command[0]).name != command[0] or not (folder / command[0]).is_file():
        raise SampleError(f"the command of {name} names the script {command[0]}, which is not beside it")
    return Sample(name, title, tuple(command), folder)
