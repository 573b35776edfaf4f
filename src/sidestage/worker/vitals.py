"""Whether the interpreter still serves, after code that may have broken it; and mending what can be mended.

What code puts in the place of a built-in, of an output or of what imports go through stays as long as Python works
with it. What Python does not work with is put back, and a line says so. Where nothing helps, the interpreter is given
up, and the worker is replaced.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

#: The built-ins as they were before any code of others ran.
BUILTINS = dict(vars(builtins))
# The functions below work with those, whatever becomes of the others.
globals()["__builtins__"] = BUILTINS

#: All that can be raised, whatever becomes of its name.
ANYTHING = BaseException
#: With less, not even a mistake can be told.
LOWEST_RECURSION_LIMIT = 100
#: What every import goes through.
_IMPORTING = ("path", "meta_path", "path_hooks")
#: Code that uses what nearly all code uses; its value is the same each time.
REHEARSAL = """
import sys as found
from importlib.util import find_spec
class Kind:
    def __init__(self):
        self.items = list(range(3))
try:
    raise ValueError("text")
except Exception as error:
    caught = isinstance(error, ValueError), issubclass(KeyError, LookupError), str(error), repr(error)
kind = Kind()
setattr(kind, "more", dict(zip("ab", map(int, "12"))))
[
    caught, len("abc"), type(1) is int, isinstance("", int), str(1.5), int("7"), float("0.5"), bool([]), bytes(2),
    tuple(kind.items), sorted({3, 1}), list(enumerate(reversed("ab"))), sum([1, 2]), min(1, 2), max(1, 2), abs(-1),
    getattr(kind, "more"), hasattr(kind, "none"), callable(len), next(iter([4])), all([1]), any([0]), ord("a"), chr(98),
    frozenset([1]) == set([1]), list(filter(None, [0, 5])), round(2.6), id(found) == id(found), hash(1),
    found.stdout.write("") or found.stderr.write(""),
    vars(kind) is kind.__dict__, found.maxsize > 0, __import__("sys") is found, find_spec("this") is not None,
]
"""


class BrokenInterpreter(Exception):
    """Nothing can be done in this interpreter any more."""


class Vitals:
    """Made before any code of others runs; looks after each request whether everything that matters is as it was.

    Args:
        rehearse: does what every request needs; returns the same each time, as long as the interpreter serves.
        say: told a sentence when something was put back.
    """

    def __init__(self, rehearse: Callable[[], Any], say: Callable[[str], None]) -> None:
        self._rehearse = rehearse
        self._say = say
        self._builtins = vars(builtins)
        self._accept_builtins()
        self._modules = sys.modules
        self._accept_modules()
        self._streams = sys.stdout, sys.stderr
        self._first_limit = self._limit = sys.getrecursionlimit()
        #: What watched the code: a debugger, a profiler. It does not watch what comes after the code.
        self.suspended: tuple[Any, Any] | None = None
        self._importing = {name: tuple(getattr(sys, name)) for name in _IMPORTING}
        self._contents = tuple(
            (vars(module), dict(vars(module))) for module in [*sys.modules.values()] if _is_ours(module)
        )
        self._expected = rehearse()

    def check(self) -> bool:
        """Look whether anything was changed that matters, and mend what Python does not work with.

        Returns whether something was mended. Takes a microsecond or two where nothing was changed.
        """
        try:
            if (
                (*self._builtins.values(),) == self._accepted_values
                and (sys.stdout, sys.stderr) == self._streams
                and sys.modules is self._modules
                and len(self._modules) == self._module_count
                and sys.getrecursionlimit() == self._limit
                and sys.gettrace() is None
                and sys.getprofile() is None
            ):
                return False
        except ANYTHING:
            # Something is not there at all, or compares in a way of its own.
            pass
        return self._mend()

    def resume(self) -> None:
        """Let the code be watched again by what watched it before."""
        if self.suspended is not None:
            (trace, profile), self.suspended = self.suspended, None
            sys.setprofile(profile)
            sys.settrace(trace)

    def prove(self) -> None:
        """Make sure, after something failed, that the interpreter serves; mend what can be mended.

        Raises:
            BrokenInterpreter: if it does not serve.
        """
        self.check()
        if not self._serves():
            self.restore()

    def restore(self) -> None:
        """Put everything back as it was at the start, as far as it is known.

        Raises:
            BrokenInterpreter: if that does not help.
        """
        self._suspend_tracing()
        self.suspended = None
        sys.setrecursionlimit(self._first_limit)
        self._builtins.update(BUILTINS)
        sys.modules = self._modules
        self._modules.update(self._known_modules)
        for name, items in self._importing.items():
            setattr(sys, name, [*items])
        for contents, before in self._contents:
            contents.update(before)
        if monitoring := getattr(sys, "monitoring", None):
            for tool in range(6):
                monitoring.free_tool_id(tool)
        self._mend_streams(thoroughly=True)
        self._accept_builtins()
        self._limit = self._first_limit
        if not self._serves():
            raise BrokenInterpreter("the code left an interpreter in which nothing works any more")
        self._say("Python did not work any more with what the code had done to it: it is again as it was at the start.")

    def _serves(self) -> bool:
        try:
            return bool(self._rehearse() == self._expected)
        except KeyboardInterrupt:
            # It was meant for the code, and came when that had just ended.
            return self._serves()
        except ANYTHING:
            return False

    def _mend(self) -> bool:
        """Accept what was changed where Python works with it; put the rest back, and say so."""
        self._suspend_tracing()
        mended = [*self._mend_limit(), *self._mend_modules(), *self._mend_builtins(), *self._mend_streams()]
        if mended:
            self._say(f"Python does not work with what the code did to {', '.join(mended)}: it was put back.")
        return bool(mended)

    def _suspend_tracing(self) -> None:
        watching = sys.gettrace(), sys.getprofile()
        sys.settrace(None)
        sys.setprofile(None)
        if watching != (None, None):
            self.suspended = watching

    def _mend_limit(self) -> list[str]:
        limit = sys.getrecursionlimit()
        unfit = limit != self._limit and (limit < LOWEST_RECURSION_LIMIT or not self._serves())
        if unfit:
            sys.setrecursionlimit(self._first_limit)
        self._limit = sys.getrecursionlimit()
        return ["the recursion limit"] if unfit else []

    def _mend_builtins(self) -> list[str]:
        found, before = dict(self._builtins), self._accepted
        # What the code has put there of its own it may take away again.
        own = [name for name in before if name in BUILTINS]
        changed = [name for name in own if name not in found or found[name] is not before[name]]
        unfit = [name for name in changed if name not in found or _is_unfit(BUILTINS[name], found[name])]
        self._builtins.update({name: before[name] for name in unfit})
        if changed != unfit and not self._serves():
            self._builtins.update({name: before[name] for name in changed})
            unfit = changed
        self._accept_builtins()
        return [f"builtins.{name}" for name in unfit]

    def _accept_builtins(self) -> None:
        self._accepted = dict(self._builtins)
        self._accepted_values = tuple(self._builtins.values())

    def _mend_modules(self) -> list[str]:
        unfit = sys.__dict__.get("modules") is not self._modules
        sys.modules = self._modules
        if any(self._modules.get(name) is not self._known_modules[name] for name in ("sys", "builtins")):
            unfit = True
            self._modules.update(self._known_modules)
        self._accept_modules()
        return ["sys.modules"] if unfit else []

    def _accept_modules(self) -> None:
        self._known_modules = dict(self._modules)
        self._module_count = len(self._modules)

    def _mend_streams(self, thoroughly: bool = False) -> list[str]:
        """Open an output again that is there no more; another one that the code has put there stays.

        Args:
            thoroughly: whether it must also be possible to write there.
        """
        mended = []
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            stream = sys.__dict__.get(name)
            if not callable(getattr(stream, "write", None)) or (thoroughly and not _takes_text(stream)):
                setattr(sys, name, open_output(descriptor))
                mended.append(f"sys.{name}")
        self._streams = sys.stdout, sys.stderr
        return mended


def open_output(descriptor: int) -> Any:
    """A text stream to an output of the process."""
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _takes_text(stream: Any) -> bool:
    try:
        stream.write("")
    except ANYTHING:
        return False
    return True


def _is_ours(module: Any) -> bool:
    """Whether a module is the standard library's or Sidestage's."""
    name = getattr(module, "__name__", "")
    root = name.partition(".")[0]
    known = root == "sidestage" or root in sys.stdlib_module_names
    return isinstance(module, ModuleType) and known and name not in ("__main__", "builtins", "sys")


def _is_unfit(before: Any, value: Any) -> bool:
    """Whether something cannot stand in the place of a built-in: what was called, or was a class, is that no more."""
    return (callable(before) and not callable(value)) or (isinstance(before, type) and not isinstance(value, type))
