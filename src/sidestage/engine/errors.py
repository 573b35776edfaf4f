"""What can become of a request besides an answer."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from sidestage.errors import SidestageError


class InitError(SidestageError):
    """Python could not be started: a package is missing, a file cannot be written, it took too long."""


class PythonError(SidestageError):
    """An exception in the worker.

    Attributes:
        name: the exception's class name there.
        message: its text.
        python_traceback: the traceback there, from the first line of the author's own code on.
        failed_index: for a batch, the position of the operation that failed.
        partial_results: for a batch, the results of those before it.
    """

    failed_index: int | None = None
    partial_results: Sequence[Any] | None = None

    def __init__(self, name: str, message: str, python_traceback: str = "") -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name
        self.message = message
        self.python_traceback = python_traceback
        if python_traceback:
            self.add_note(f"In the worker:\n{python_traceback}")


class WorkerCrashed(SidestageError):
    """The worker's process died. What was pending has failed; the next request finds a fresh one."""


class TimeoutError(SidestageError, builtins.TimeoutError):
    """A request took longer than it was given, and was stopped."""


class WorkerDestroyed(SidestageError):
    """The worker was destroyed before, or while, the request was made."""
