"""Checks large JSON texts in a process of its own, so that the one that answers everybody is never held up by it.

Run as ``python -m sidestage.server.json_process``, it reads requests from standard input and answers on standard
output, until its input ends, as it does when the server is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import subprocess
import sys
import threading
from typing import IO, BinaryIO

from sidestage.server import json_text

#: Whether it is a form, and how long it is.
_REQUEST = struct.Struct(">?Q")
#: What came of it, and the lengths of the key or sentence and of the data.
_REPLY = struct.Struct(">BIQ")

_FINE, _NOT_JSON, _NOT_FORM, _TOO_DEEP, _TOO_LARGE = range(5)

_PIECE = 1 << 20
#: Characters of a key that are handed on: more than any key may have.
_LONGEST_TOLD_KEY = 1_000
#: How deep values may lie in each other.
_DEEPEST = 3_000


class JsonProcess:
    """The server's side: starts the process when it is first needed. Safe to use from several threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def check(self, file: IO[bytes], size: int) -> None:
        """As ``json_text.check_json``, for the content of a file. Raises MemoryError where it takes too much."""
        self._ask(file, size, form=False)

    def read_form(self, file: IO[bytes], size: int) -> tuple[str, bytes]:
        """As ``json_text.read_form``, for the content of a file. Raises MemoryError where it takes too much."""
        return self._ask(file, size, form=True)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, file: IO[bytes], size: int, *, form: bool) -> tuple[str, bytes]:
        with self._lock:
            try:
                outcome, words, data = self._exchange(file, size, form)
            except (OSError, EOFError):  # It was ended, most likely for want of memory.
                self._end()
                raise MemoryError from None
        if outcome == _NOT_JSON:
            raise json_text.NotJson(words)
        if outcome != _FINE:
            raise {_NOT_FORM: json_text.NotForm, _TOO_DEEP: RecursionError, _TOO_LARGE: MemoryError}[outcome]
        return words, data

    def _exchange(self, file: IO[bytes], size: int, form: bool) -> tuple[int, str, bytes]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_REQUEST.pack(form, size))
        file.seek(0)
        while piece := file.read(_PIECE):
            process.stdin.write(piece)
        process.stdin.flush()
        outcome, length, more = _REPLY.unpack(_exactly(process.stdout, _REPLY.size))
        words = bytes(_exactly(process.stdout, length)).decode()
        return outcome, words, bytes(_exactly(process.stdout, more)) if more else b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [sys.executable, "-P", "-m", __name__]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # There was something left to write.
                    pipe.close()
        process.wait()


def _exactly(source: BinaryIO | IO[bytes], size: int) -> bytearray:
    content = bytearray(size)
    view = memoryview(content)
    while view:
        count = source.readinto(view)  # type: ignore[union-attr]
        if not count:
            raise EOFError
        view = view[count:]
    return content


def _answer(form: bool, data: bytearray) -> tuple[int, str, bytes]:
    try:
        if not form:
            json_text.check_json(data)
            return _FINE, "", b""
        key, content = json_text.read_form(data)
        return _FINE, key[:_LONGEST_TOLD_KEY], content
    except json_text.NotJson as error:
        return _NOT_JSON, str(error), b""
    except json_text.NotForm:
        return _NOT_FORM, "", b""
    except RecursionError:
        return _TOO_DEEP, "", b""
    except MemoryError:
        return _TOO_LARGE, "", b""


def main() -> None:
    """Answer until nobody asks any more."""
    sys.setrecursionlimit(_DEEPEST)
    # Ctrl-C in a terminal reaches this process too; the server ends it when it has finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)  # Whoever answers participants goes first.
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(_REQUEST.size):
        form, size = _REQUEST.unpack(header)
        outcome, words, data = _answer(form, _exactly(source, size))
        said = words.encode()
        target.write(_REPLY.pack(outcome, len(said), len(data)))
        target.write(said)
        target.write(data)
        target.flush()


if __name__ == "__main__":
    try:
        main()
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        os._exit(0)
