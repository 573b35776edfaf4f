"""``sidestage new``: a folder with a script to start from."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sidestage.errors import SidestageError

TEMPLATES = Path(__file__).with_name("templates")

#: The title in the templates; the new study's own takes its place.
TEMPLATE_TITLE = "My study"

_NAME = re.compile(r"[^\W\d_][\w-]{0,63}")


class NewStudyError(SidestageError):
    """A study cannot be made under this name, or at this place."""


def new(
    name: Annotated[str, typer.Argument(help="The study's name, which becomes the folder's.", metavar="NAME")],
) -> None:
    """Make a folder with a script to start from, and its test.

    The script asks for a file, makes a table of it, lets the participant review the table, and donates what is left.
    Its comments explain each step. It uses nothing but Python's standard library.

    \b
    Examples:
      sidestage new listening          makes the folder listening
      cd listening
      sidestage run study.py           opens it as a page
      pytest                           plays it without a browser
    """
    folder = make_study(name, Path.cwd())
    typer.echo(f"Made {folder.name}/ with {', '.join(sorted(path.name for path in folder.iterdir()))}. Next:\n")
    typer.echo(f"  cd {folder.name}")
    typer.echo("  sidestage run study.py    opens it as a page; change it and save")
    if find_spec("pytest") is None:
        typer.echo("  pip install pytest        for its test, once")
    typer.echo("  pytest                    plays it through without a browser")


def make_study(name: str, parent: Path) -> Path:
    """Write the templates into a new folder.

    Raises:
        NewStudyError: if the name will not do, there is something in the folder already, or it cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise NewStudyError(
            f"{name!r} will not do as a name: start with a letter and use letters, digits, '-' and '_' "
            f"(at most 64), like listening-2026"
        )
    folder = parent / name
    try:
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise NewStudyError(f"{name} is there already, and it is not an empty folder: choose another name")
        folder.mkdir(exist_ok=True)
        for template in sorted(TEMPLATES.iterdir()):
            if template.is_file():
                text = template.read_text(encoding="utf-8").replace(TEMPLATE_TITLE, _title(name))
                (folder / template.name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise NewStudyError(
            f"{folder} cannot be written ({error.strerror}): go to a folder where you may write, and try again"
        ) from None
    return folder


def _title(name: str) -> str:
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[0].upper() + words[1:]
