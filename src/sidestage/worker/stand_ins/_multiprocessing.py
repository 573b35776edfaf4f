"""In the place of a module that a browser's Python lacks, so that ``multiprocessing`` can be imported.

There are no other processes in a browser: what would need one fails when it is made.
"""

from typing import Any

flags: dict[str, int] = {}


class SemLock:
    """A semaphore between processes, of which there is one."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *_: Any) -> None:
        raise OSError("there are no other processes in a browser: use asyncio, or one environment at a time")


def sem_unlink(name: str) -> None:
    """Forget a semaphore by its name; there is none."""
    raise FileNotFoundError(name)
