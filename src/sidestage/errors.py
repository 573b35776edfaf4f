"""The one base of every exception that Sidestage raises on purpose, and the traceback as an author wants to read it."""

import sys
import traceback
from importlib.util import find_spec
from pathlib import Path

_OWN_FOLDER = str(Path(__file__).parent)
#: Frames that stand before the author's own code while it is loaded.
_LOADERS = ("<frozen importlib", "<frozen runpy")


class SidestageError(Exception):
    """Something went wrong that a person can mend.

    The message says what is wrong, where, and what to do. Each room derives its own classes from this one.
    """


def author_traceback(error: BaseException) -> str:
    """The formatted traceback of an error, from the first line of the author's own code on.

    One of Sidestage's own errors ends with the author's line: what Sidestage did after that says nothing to an author.
    """
    _say_what_to_do(error)
    trace = error.__traceback__
    while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    if not isinstance(error, SidestageError) and error.__cause__ is error.__context__ is None:
        return "".join(traceback.format_exception(type(error), error, trace))
    told = traceback.TracebackException(type(error), error, trace)
    waiting: list[tuple[traceback.TracebackException, BaseException | None]] = [(told, error)]
    while waiting:
        part, whole = waiting.pop()
        _keep_the_authors(part, whole)
        for link in ("__cause__", "__context__"):
            earlier = getattr(part, link)
            if earlier is not None:
                waiting.append((earlier, getattr(whole, link, None)))
                if all(_is_ours(frame.filename) for frame in earlier.stack):
                    setattr(part, link, None)
    return "".join(told.format())


def _say_what_to_do(error: BaseException) -> None:
    """Have an error that comes of a part of Python that is not there say how to get that part."""
    unknown_zone = getattr(sys.modules.get("zoneinfo"), "ZoneInfoNotFoundError", None)
    if type(error) is unknown_zone and find_spec("tzdata") is None:
        error.args = ("time zones are a package here: run 'sidestage add study.py tzdata', or install tzdata",)
    elif type(error) is RuntimeError and "(missing) lzma" in str(error):
        error.args = ("this member of the zip is packed by LZMA: write 'import lzma' in the script to read it",)


def _keep_the_authors(told: traceback.TracebackException, error: BaseException | None) -> None:
    frames = list(told.stack)
    while frames and _is_ours(frames[0].filename):
        del frames[0]
    while frames and isinstance(error, SidestageError) and _is_ours(frames[-1].filename):
        del frames[-1]
    told.stack[:] = frames


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OWN_FOLDER) or filename.startswith(_LOADERS)
