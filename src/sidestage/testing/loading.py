"""A script's ``process`` for the length of one test."""

from __future__ import annotations

import contextlib
import inspect
import linecache
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sidestage.flow import load_process
from sidestage.flow.forgotten import Forgotten
from sidestage.flow.source_check import check_sources


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


def never_begun(process: Callable[..., Any]) -> list[Forgotten]:
    """The sub-flows that a ``process`` calls without ``yield from``, in its own file; none where it cannot be read."""
    code = getattr(inspect.unwrap(process), "__code__", None)
    if code is None or not (source := "".join(linecache.getlines(code.co_filename))):
        return []
    file = Path(code.co_filename).name
    return check_sources({file: source}, only="sub-flow", entry=code.co_name)


def _lies_in(folder: Path, file: str | None) -> bool:
    return file is not None and Path(file).resolve().is_relative_to(folder)


def _put_back(name: str, before: dict[str, Any]) -> None:
    if name in before:
        sys.modules[name] = before[name]
    else:
        del sys.modules[name]
