"""``PythonWorker`` in Python: the worker of the browser in a subprocess, with the same messages and life cycle.

For servers, notebooks and tests. It isolates a crash and an endless loop; it is no boundary against hostile code, which
can do what the user that runs it can do. It needs the signals of a POSIX system.
"""

from sidestage.engine.errors import (
    InitError,
    PythonError,
    TimeoutError,
    WorkerCrashed,
    WorkerDestroyed,
)
from sidestage.engine.python_worker import PythonWorker
from sidestage.protocol.messages import LogLine, ProgressReport
from sidestage.worker.conversion_error import ConversionError

__all__ = [
    "ConversionError",
    "InitError",
    "LogLine",
    "ProgressReport",
    "PythonError",
    "PythonWorker",
    "TimeoutError",
    "WorkerCrashed",
    "WorkerDestroyed",
]
