"""Log lines that anybody can cause are written once a minute, however often they are caused."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

_EVERY = 60
#: Different lines that are told apart in one minute.
_MOST = 200

_log = logging.getLogger("sidestage.server")


class OncePerMinute(logging.Filter):
    """Lets a line pass if it has not passed within a minute; then it says how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it."""
        line = (record.name, record.getMessage())
        now = time.monotonic()
        written, left_out = self._passed.pop(line, (-_EVERY, 0))
        if now - written < _EVERY:
            self._passed[line] = (written, left_out + 1)
            return False
        self._passed[line] = (now, 0)
        if len(self._passed) > _MOST:
            del self._passed[next(iter(self._passed))]
        if left_out:
            record.msg, record.args = f"{line[1]} ({left_out} more like this since)", None
        return True


def quieten(loop: asyncio.AbstractEventLoop) -> None:
    """Have what goes wrong in a server that anybody can reach written no more than once a minute."""
    for name in ("sidestage.server", "uvicorn.error"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, OncePerMinute) for each in logger.filters):
            logger.addFilter(OncePerMinute())
    loop.set_exception_handler(_tell)


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What the event loop has to say: connections that cannot be taken, and what broke in one. Without a traceback."""
    error = context.get("exception")
    reason = f" ({type(error).__name__}: {error})" if error else ""
    _log.error("%s%s", context.get("message", "Something went wrong in a connection"), reason)
