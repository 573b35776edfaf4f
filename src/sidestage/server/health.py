"""``/health``: tells whoever watches the server whether it could keep a donation now."""

from __future__ import annotations

import asyncio
import logging

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sidestage.server.errors import StoreError
from sidestage.server.replies import refusal
from sidestage.server.store import Store

#: When the answer is that it takes too long, in seconds.
_PATIENCE = 0.8

_REASONS = {
    "full": "the disk is full",
    "moved": "the data folder was moved, deleted or replaced",
    "busy": "the database is busy",
    "failed": "the server's log says why",
}

_log = logging.getLogger("sidestage.server")


class Health:
    """One trial at a time: all who ask meanwhile hear how it ended."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trial: asyncio.Task[None] | None = None
        # A thread of its own: those for donations may all be waiting.
        self._thread = anyio.CapacityLimiter(1)

    async def tell(self, _request: Request) -> Response:
        """The route."""
        if self._trial is None or self._trial.done():
            self._trial = asyncio.create_task(to_thread.run_sync(self._store.check, limiter=self._thread))
        trial = self._trial
        await asyncio.wait({trial}, timeout=_PATIENCE)
        try:
            if trial.done():
                trial.result()
                return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
        except StoreError as error:
            _log.error("%s", error)
            return _unwell(_REASONS[error.reason])
        return _unwell("writing takes too long")


def _unwell(reason: str) -> Response:
    return refusal(503, f"Donations cannot be kept now: {reason}.", headers={"Retry-After": "5"})
