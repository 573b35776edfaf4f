"""What Python promises and cannot keep in a worker: it says so, instead of doing nothing or taking all memory."""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

#: The highest limit for recursion. A frame takes half a kilobyte, and in a browser Python keeps what it took.
DEEPEST = 30_000
#: What ``setlocale`` is given to ask, or for what there is anyway.
_LOCALES_THERE = (None, "", "C", "POSIX", "C.UTF-8", "C.UTF8")


def limit_recursion_limit() -> None:
    """Have ``sys.setrecursionlimit`` go no higher than Python comes back from in seconds."""
    set_limit = sys.setrecursionlimit

    def setrecursionlimit(limit: int, /) -> None:
        """Set the limit for recursion; here at most ``DEEPEST``."""
        set_limit(min(limit, DEEPEST) if isinstance(limit, int) else limit)

    sys.setrecursionlimit = setrecursionlimit


def explain_asyncio_run(loops: ModuleType, can_wait: Callable[[], bool]) -> None:
    """Have ``asyncio.run`` say what to do where it cannot wait.

    Args:
        loops: the module ``asyncio``.
        can_wait: whether the code that runs can wait for something without an ``await``.
    """
    run = vars(loops)["run"]

    def explained(main: Any, **options: Any) -> Any:
        """Run a coroutine and return what it returns, where that is possible."""
        if can_wait():
            return run(main, **options)
        if inspect.iscoroutine(main):
            main.close()
        raise RuntimeError(
            "asyncio.run cannot wait here: the browser's own loop is running. Write 'await main()' at the top level of "
            "the code; the process of a flow cannot wait for coroutines"
        )

    vars(loops)["run"] = explained


def say_setlocale() -> None:
    """Have ``locale.setlocale`` warn that there are no locales, where it would quietly do nothing."""
    import _locale

    set_locale = _locale.setlocale

    def setlocale(category: int, locale: Any = None, /) -> str:
        """Set the locale; there is only that of C here, with UTF-8."""
        if locale not in _LOCALES_THERE:
            sentence = f"setlocale({locale!r}) changes nothing: a browser's Python has no locales"
            warnings.warn(sentence, RuntimeWarning, stacklevel=3)
        return set_locale(category, locale)

    _locale.setlocale = setlocale
    # Where the module was imported before, it has the function already.
    if module := sys.modules.get("locale"):
        vars(module)["_setlocale"] = setlocale
