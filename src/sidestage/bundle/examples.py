"""The examples that come with Sidestage: each a folder with a script, or a page, named in its ``example.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidestage.bundle.page_assets import PACKAGE
from sidestage.bundle.samples import Sample, SampleError, read_sample
from sidestage.bundle.script_metadata import text_from_toml
from sidestage.errors import SidestageError
from sidestage.protocol import Text

_WANTED = (
    'it should hold three lines: title = "...", description = "..." and script = "study.py" (or page = "index.html")'
)


class ExamplesMissing(SidestageError):
    """The examples are not where they belong, or one of them is broken."""


@dataclass(frozen=True)
class Example:
    """One example.

    Attributes:
        name: its folder's name; stands in its address in the gallery.
        title: a few words.
        description: a sentence.
        file: the script to run or, where ``is_page``, the page to open.
        is_page: whether it is a page of its own, made of the files in its folder, rather than a script.
        samples: files to try it with.
        order: its place among the examples.
    """

    name: str
    title: Text
    description: Text
    file: Path
    is_page: bool = False
    samples: tuple[Sample, ...] = ()
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
    """Every example, in the ``order`` that their ``example.toml`` says, then by name.

    Raises:
        ExamplesMissing: if there is none, or an ``example.toml`` cannot be understood.
    """
    folder = folder or examples_folder()
    read = [_read_example(path) for path in sorted(folder.glob("*/example.toml"))]
    if not read:
        raise ExamplesMissing(f"there is no example in {folder}: each is a folder with a script and an example.toml")
    return sorted(read, key=lambda example: example.order)


def _read_example(path: Path) -> Example:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        samples = tuple(read_sample(sample, path.parent) for sample in table.get("samples", []))
        order = int(table.get("order", 100))
    except SampleError as error:
        raise ExamplesMissing(f"{path}: {error}") from None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ExamplesMissing(f"{path} cannot be read ({error}): {_WANTED}") from None
    is_page = "page" in table
    return Example(
        name=path.parent.name,
        title=_text(path, table, "title"),
        description=_text(path, table, "description"),
        file=_file(path, table, "page" if is_page else "script"),
        is_page=is_page,
        samples=samples,
        order=order,
    )


def _text(path: Path, table: dict[str, Any], key: str) -> Text:
    text = text_from_toml(table.get(key))
    if text is None:
        raise ExamplesMissing(f"{path} has no {key}: {_WANTED}")
    return text


def _file(path: Path, table: dict[str, Any], key: str) -> Path:
    if key not in table:
        raise ExamplesMissing(f"{path} has no {key}: {_WANTED}")
    file = path.parent / str(table[key])
    if not file.is_file():
        raise ExamplesMissing(f"{path} names the {key} {table[key]}, which is not beside it: correct the name")
    return file
