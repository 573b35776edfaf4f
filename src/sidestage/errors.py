"""The one base of every exception that Sidestage raises on purpose, and the traceback as an author wants to read it."""

import traceback
from pathlib import Path

_OWN_FOLDER = str(Path(__file__).parent)
#: Frames that stand before the author's own code while it is loaded.
_LOADERS = ("<frozen importlib", "<frozen runpy")


class SidestageError(Exception):
    """Something went wrong that a person can mend.

    The message says what is wrong, where, and what to do. Each room derives its own classes from this one.
    """


def author_traceback(error: BaseException) -> str:
    """The formatted traceback of an error, from the first line of the author's own code on."""
    trace = error.__traceback__
    while trace is not None and _before_the_author(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def _before_the_author(filename: str) -> bool:
    return filename.startswith(_OWN_FOLDER) or filename.startswith(_LOADERS)
