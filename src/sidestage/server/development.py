"""What only a development server does: tells open pages to reload, and hears from them what broke."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sidestage.server.bodies import read_body

#: Called with the app's name and the traceback of an error in its script.
ScriptErrorCallback = Callable[[str, str], None]

MAX_TRACEBACK_BYTES = 200_000

#: Comments go out this often (in seconds), so that a page that was closed is noticed.
_HEARTBEAT = 15


class Changes:
    """A bell that open pages listen to: ``notify`` when a script or a file beside it has changed."""

    def __init__(self) -> None:
        # A page that comes back after the server was started again holds a number of another run.
        self._run = secrets.token_hex(4)
        self._count = 0
        self._closed = False
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    def notify(self) -> None:
        """Have every open page reload. May be called from any thread."""
        self._ring(closed=False)

    def close(self) -> None:
        """End every open stream, so that the server can stop."""
        self._ring(closed=True)

    def _ring(self, *, closed: bool) -> None:
        with self._lock:
            self._count += 1
            self._closed = self._closed or closed
            for loop, event in self._listeners:
                loop.call_soon_threadsafe(event.set)

    @property
    def _now(self) -> str:
        return f"{self._run}-{self._count}"

    def _since(self, last_seen: str | None) -> str:
        if last_seen is None or last_seen == self._now:
            return "listening"
        return "reload" if last_seen.startswith(f"{self._run}-") else "restarted"

    async def events(self, last_seen: str | None) -> AsyncIterator[str]:
        """Server-sent events for one page: ``reload`` for each change since it was opened or last connected.

        ``restarted`` says that the server is another one than the page was opened by, whatever changed between.
        """
        listener = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._listeners.add(listener)
        try:
            seen = self._now
            yield f"retry: 500\nid: {seen}\nevent: {self._since(last_seen)}\ndata: {{}}\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(listener[1].wait(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                listener[1].clear()
                if self._now != seen and not self._closed:
                    seen = self._now
                    yield f"id: {seen}\nevent: reload\ndata: {{}}\n\n"
        finally:
            with self._lock:
                self._listeners.discard(listener)


def development_routes(
    prefix: str, name: str, changes: Changes, on_script_error: ScriptErrorCallback | None
) -> list[Route]:
    """The routes that a study has on a development server only."""

    async def listen(request: Request) -> Response:
        events = changes.events(request.headers.get("last-event-id"))
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def script_error(request: Request) -> Response:
        body = await read_body(request, MAX_TRACEBACK_BYTES, "This traceback")
        try:
            traceback = json.loads(body)["traceback"]
        except (ValueError, KeyError, TypeError, RecursionError):
            traceback = None
        if not isinstance(traceback, str):
            raise HTTPException(400, 'A script\'s error is sent as {"traceback": "..."}.')
        if on_script_error is not None:
            await to_thread.run_sync(on_script_error, name, _printable(traceback))
        return Response(status_code=204)

    return [
        Route(f"{prefix}/api/changes", listen, methods=["GET"]),
        Route(f"{prefix}/api/script-error", script_error, methods=["POST"]),
    ]


def unsealed_route(say: Callable[[str], None]) -> Route:
    """Where the engine tells that a page has switched the seal off; each page is said once."""
    said: set[str] = set()

    async def unsealed(request: Request) -> Response:
        page = _printable(urlsplit(request.headers.get("referer", "")).path) or "A page"
        if page not in said:
            said.add(page)
            say(f"Note: {page} runs Python unsealed ({{sealed: false}}): its code can reach the network and the page.")
        return Response(status_code=204)

    return Route("/sidestage/unsealed", unsealed, methods=["POST"])


def _printable(text: str) -> str:
    """Without the characters that would steer a terminal."""
    return "".join(character for character in text if character in "\n\t" or character.isprintable())
