"""What the code prints: sent on before the reply, and opened again where the code has closed it."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

from sidestage.worker.vitals import ANYTHING, BUILTINS, open_output

globals()["__builtins__"] = BUILTINS


class StandardOutput:
    """The two outputs of this process, and each once more, for code that closes them."""

    def __init__(self) -> None:
        self._kept = {descriptor: os.dup(descriptor) for descriptor in (1, 2)}

    def flush(self) -> None:
        """Send on what was printed without a newline at the end, so that nothing printed is held back.

        Output that the code has closed is opened again: later code did nothing to deserve it.
        """
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            stream = getattr(sys, name, None)
            try:
                self._flush(stream)
            except ANYTHING:
                # The code may also have put something else in its place; there is nothing to send on then.
                if getattr(stream, "closed", False):
                    setattr(sys, name, open_output(descriptor))

    def _flush(self, stream: Any) -> None:
        try:
            stream.flush()
        except OSError as error:
            if error.errno != errno.EBADF:
                raise
            for descriptor, kept in self._kept.items():
                try:
                    os.fstat(descriptor)
                except OSError:
                    os.dup2(kept, descriptor)
            stream.flush()
