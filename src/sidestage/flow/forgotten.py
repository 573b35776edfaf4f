"""Steps that a script makes and never yields: nothing comes of them, and without a word their data is lost.

A step remembers where it was made. One that is dropped and was never yielded is looked up in the source: only where it
cannot have been meant to be left out, it is told.
"""

from __future__ import annotations

import linecache
import sys
from collections import deque
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import ast

    from sidestage.flow.fates import SourceTree

#: A line that is being run: the code, and how far it is.
Place: TypeAlias = tuple[CodeType, int]

#: Stands before the sentence where Python in the browser says it.
FORGOTTEN_YIELD = "Forgotten yield: "

_OWN_FOLDER = str(Path(__file__).parent.parent)
#: So many calls within calls are looked at.
_DEEPEST = 8
#: So many are remembered.
_MOST = 100


@dataclass(frozen=True)
class Forgotten:
    """A step that nothing came of.

    Attributes:
        file: the path of the file that it was made in.
        line: from 1.
        sentence: what is wrong, and what to write.
    """

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{Path(self.file).name}, line {self.line}: {self.sentence}"


class Remembered:
    """The base of what is made to be yielded.

    Attributes:
        made_at: the lines of the author's own files that made it, the innermost first.
        was_yielded: whether a flow has yielded it.
    """

    made_at: tuple[Place, ...] = ()
    was_yielded = False
    #: What it is called in a sentence.
    asks: str

    def __post_init__(self) -> None:
        # Past the dataclass, which is frozen.
        self.__dict__["made_at"] = _authors_lines(sys._getframe(1))

    def yielded(self) -> None:
        """A flow has yielded it."""
        self.__dict__["was_yielded"] = True

    def __del__(self) -> None:
        if not self.was_yielded and self.made_at:
            _dropped.append((self.asks, self.made_at))


#: Those that were dropped since somebody looked.
_dropped: deque[tuple[str, tuple[Place, ...]]] = deque(maxlen=_MOST)


def forget_dropped() -> None:
    """Begin anew: what was dropped so far is of no flow."""
    _dropped.clear()


def forgotten_steps() -> list[Forgotten]:
    """Those that were dropped since, and should have been yielded."""
    dropped = list(_dropped)
    _dropped.clear()
    found = [told for asks, places in dropped if (told := _judged(asks, places))]
    return list(dict.fromkeys(found))


def never_yielded(call: str, name: str = "") -> str:
    """What is wrong, and what to write; ``name`` holds what the call makes, where one does."""
    written = f"{name} = yield {call}(...)" if name else f"yield {call}(...)"
    return f"{call}(...) was made and never yielded, so nothing comes of it: write '{written}'"


def _authors_lines(frame: FrameType | None) -> tuple[Place, ...]:
    places: list[Place] = []
    while frame is not None and len(places) < _DEEPEST:
        own = frame.f_code.co_filename.startswith(_OWN_FOLDER) or _is_generated(frame.f_code)
        if own and places:
            break
        if not own:
            places.append((frame.f_code, frame.f_lasti))
        frame = frame.f_back
    return tuple(places)


def _is_generated(code: CodeType) -> bool:
    """Whether this is the ``__init__`` that a dataclass is given."""
    return code.co_filename == "<string>" and code.co_name == "__init__"


def _judged(asks: str, places: tuple[Place, ...]) -> Forgotten | None:
    """Whether a step was forgotten, and where: if its function returned it, where that was called."""
    for code, instruction in places:
        position = next(islice(code.co_positions(), instruction // 2, None), (None,) * 4)
        source = _source_of(code.co_filename)
        call = source.call_at(position) if source else None
        line = position[0] or code.co_firstlineno
        if source is None or call is None:
            return Forgotten(code.co_filename, line, never_yielded(f"flow.{asks}"))
        fated = source.fate(call)
        if fated.forgotten:
            return Forgotten(code.co_filename, line, never_yielded(_words_of(call) or f"flow.{asks}", fated.name))
        if fated.fate != "returned":
            return None
    return None


def _words_of(call: ast.Call) -> str:
    """What is called, where it has a name."""
    import ast  # here, since only who has forgotten something waits for it

    return ast.unparse(call.func) if isinstance(call.func, (ast.Name, ast.Attribute)) else ""


def _source_of(file: str) -> SourceTree | None:
    """A file as it is read for this; None where it cannot be."""
    import ast

    from sidestage.flow.fates import SourceTree

    try:
        return SourceTree(ast.parse("".join(linecache.getlines(file)), file))
    except (SyntaxError, ValueError):
        return None
