"""The examples that come with Sidestage: each a folder with a script, named in its ``example.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sidestage.bundle.runtime import PACKAGE
from sidestage.errors import SidestageError


class ExamplesMissing(SidestageError):
    """The examples are not where they belong, or one of them is broken."""


@dataclass(frozen=True)
class Example:
    """One example.

    Attributes:
        name: its folder's name; stands in its address in the gallery.
        title: a few words.
        description: a sentence.
        script: the script to run.
        order: its place among the examples.
    """

    name: str
    title: str
    description: str
    script: Path
    order: int = 100


def examples_folder(package: Path = PACKAGE) -> Path:
    """The folder of examples: in the package when it was installed, at the top of a checkout.

    Raises:
        ExamplesMissing: if there is neither.
    """
    for folder in (package / "examples", package.parents[1] / "examples"):
        if folder.is_dir():
            return folder
    raise ExamplesMissing(f"there are no examples at {package / 'examples'}: install the wheel of Sidestage again")


def find_examples(folder: Path | None = None) -> list[Example]:
    """Every example with a script, in the ``order`` that their ``example.toml`` says, then by name.

    One that is a page of its own (``page = "index.html"``) has no script and is left out.

    Raises:
        ExamplesMissing: if there is none, or an ``example.toml`` cannot be understood.
    """
    folder = folder or examples_folder()
    read = [_read_example(path) for path in sorted(folder.glob("*/example.toml"))]
    found = sorted((example for example in read if example is not None), key=lambda example: example.order)
    if not found:
        raise ExamplesMissing(f"there is no example in {folder}: each is a folder with a script and an example.toml")
    return found


def _read_example(path: Path) -> Example | None:
    wanted = 'it should hold three lines: title = "...", description = "..." and script = "study.py"'
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if "page" in table:
            return None
        title, description, script = (table[key] for key in ("title", "description", "script"))
        order = int(table.get("order", 100))
    except (OSError, ValueError) as error:
        raise ExamplesMissing(f"{path} cannot be read ({error}): {wanted}") from None
    except KeyError as error:
        raise ExamplesMissing(f"{path} has no {error.args[0]}: {wanted}") from None
    if not (path.parent / str(script)).is_file():
        raise ExamplesMissing(f"{path} names the script {script}, which is not beside it: correct the name")
    return Example(path.parent.name, str(title), str(description), path.parent / str(script), order)
