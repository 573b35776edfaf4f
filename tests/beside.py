"""What runs beside what when several processes share the tests: all do, but for a test that is marked ``alone``."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def admitted(folder: Path, *, alone: bool) -> Iterator[None]:
    """Wait until a test may run, and keep others from what it may not have beside it.

    The locks are files, which a process loses when it dies.

    Args:
        folder: known to all processes of a run, and to no other.
        alone: whether nothing else may run meanwhile.
    """
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        # Who waits to be alone stands in the door: the others cannot go on slipping in before.
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(room, fcntl.LOCK_UN)


def processes(cores: int | None = None) -> int:
    """How many processes run the tests, each with a browser: one more than cores, because a test waits, too."""
    return min((cores or os.cpu_count() or 1) + 1, 8)
