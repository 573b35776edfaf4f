"""The access log: a line of JSON for each request, without anything that a participant sent or is known by."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class AccessLog:
    """Middleware: writes time, method, path, status, milliseconds and bytes of each answer to standard output.

    Addresses are named only if they are among the ``known``, and without what stands behind a question mark: that holds
    the keys of donations. Who asked is not written.
    """

    def __init__(self, app: ASGIApp, known: Collection[str]) -> None:
        self.app = app
        self.known = frozenset(known)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status: int | None = None
        sent = 0

        async def counted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            self._write(scope, status, time.perf_counter() - started, sent)

    def _write(self, scope: Scope, status: int | None, seconds: float, sent: int) -> None:
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": scope["method"] if scope["method"] in _METHODS else "other",
            "path": scope["path"] if scope["path"] in self.known else "other",
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes": sent,
        }
        # In one piece, so that lines of several processes do not mix.
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
