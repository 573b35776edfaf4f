"""A script's ``process`` for the length of one test."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sidestage.flow import load_process


@contextlib.contextmanager
def loaded(path: Path) -> Iterator[Callable[..., Any]]:
    """A script's ``process``. Afterwards its folder and its modules are forgotten, for the next script's sake."""
    folder = path.parent.resolve()
    before, known_folder = dict(sys.modules), str(folder) in sys.path
    try:
        yield load_process(path)
    finally:
        if not known_folder and str(folder) in sys.path:
            sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if module is not before.get(name) and _lies_in(folder, getattr(module, "__file__", None)):
                _put_back(name, before)


def _lies_in(folder: Path, file: str | None) -> bool:
    return file is not None and Path(file).resolve().is_relative_to(folder)


def _put_back(name: str, before: dict[str, Any]) -> None:
    if name in before:
        sys.modules[name] = before[name]
    else:
        del sys.modules[name]
