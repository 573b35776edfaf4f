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
    """The formatted traceback of an error, from the first line of the author's own code on.

    One of Sidestage's own errors ends with the author's line: what Sidestage did after that says nothing to an author.
    """
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


def _keep_the_authors(told: traceback.TracebackException, error: BaseException | None) -> None:
    frames = list(told.stack)
    while frames and _is_ours(frames[0].filename):
        del frames[0]
    while frames and isinstance(error, SidestageError) and _is_ours(frames[-1].filename):
        del frames[-1]
    told.stack[:] = frames


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OWN_FOLDER) or filename.startswith(_LOADERS)
