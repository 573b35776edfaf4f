"""Listening: the socket, uvicorn, what runs beside it, and a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette

from sidestage.server.connections import Connection
from sidestage.server.errors import ServerError
from sidestage.server.guard import LOOPBACK_HOSTS

DEFAULT_HOST = "127.0.0.1"

#: How long a stopping server waits for donations that are being sent, in seconds.
GRACE = 10

#: How every server of ours is run.
UVICORN: dict[str, Any] = {
    "http": Connection,
    # A request's line holds a donation's key: participants' data belongs in no terminal.
    "access_log": False,
    "log_level": "warning",
    "server_header": False,
    "ws": "none",
    "lifespan": "on",
    "timeout_keep_alive": 30,
    "timeout_graceful_shutdown": GRACE,
}

_EVERYWHERE = ("0.0.0.0", "::", "")

# Windows has numbers of its own for the same reasons.
_IN_USE = (errno.EADDRINUSE, 10048)
_NOT_ALLOWED = (errno.EACCES, 10013)
_NOT_HERE = (errno.EADDRNOTAVAIL, 10049)


def allowed_hosts(host: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The host names to answer to when listening on ``host`` and known by ``names`` besides.

    A server that listens on every address and was told no name answers to any.
    """
    names = [name for name in names if name not in _EVERYWHERE]
    if host in _EVERYWHERE:
        return (*LOOPBACK_HOSTS, *names) if names else ("*",)
    return (*LOOPBACK_HOSTS, f"[{host}]" if ":" in host else host, *names)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that a port in use is known before anything else is started."""
    if not 0 <= port <= 65535:
        raise ServerError(f"{port} is no port: choose one from 1024 to 65535, such as --port 8080.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ServerError(f"{host!r} is no address of this machine. Try --host {DEFAULT_HOST}.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":  # There, "reuse" would let two servers take the same port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise ServerError(_why_not(error, host, port)) from error
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno in _IN_USE:
        return (
            f"Port {port} on {host} is in use, perhaps by a server started earlier."
            f" Stop that one, or choose another port with --port {port + 1 if port < 65535 else 8000},"
            " or any free one with --port 0."
        )
    if error.errno in _NOT_ALLOWED:
        return f"This user may not listen on port {port} of {host}. Choose a port above 1023 with --port 8080."
    if error.errno in _NOT_HERE:
        return f"{host} is no address of this machine. Try --host {DEFAULT_HOST}, or --host 0.0.0.0 for every address."
    return f"The server cannot listen on port {port} of {host}: {error.strerror or error}."


def address_of(listener: socket.socket, *, secure: bool = False) -> str:
    """The address to open in a browser of this machine."""
    host, port = listener.getsockname()[:2]
    scheme = "https" if secure else "http"
    if host == "0.0.0.0":
        host = "127.0.0.1"
    elif host == "::":
        host = "::1"
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def serve_on(
    listener: socket.socket,
    app: Starlette,
    *,
    on_started: Callable[[str], None] | None = None,
    beside: Sequence[Coroutine[Any, Any, None]] = (),
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Serve on a socket from ``listen`` until Ctrl-C or SIGTERM; both are a normal end.

    Args:
        listener: where.
        app: what, from ``create_app``.
        on_started: called with the address once requests are answered, and a signal ends it cleanly.
        beside: coroutines that run meanwhile and are cancelled at the end.
        settings: further ones of uvicorn's.
    """
    config = uvicorn.Config(app, **UVICORN, **(settings or {}))
    server = _Server(config, app, on_started, address_of(listener, secure=config.is_ssl))
    # A second Ctrl-C, or one that comes before the server is ready for it, ends it at once.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, listener, beside))


async def _serve(server: _Server, listener: socket.socket, beside: Sequence[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.create_task(coroutine) for coroutine in beside]
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Server(uvicorn.Server):
    """Says when it listens, and ends what would keep it from stopping."""

    def __init__(
        self, config: uvicorn.Config, app: Starlette, on_started: Callable[[str], None] | None, address: str
    ) -> None:
        super().__init__(config)
        self._app = app
        self._on_started = on_started
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._on_started is not None:
            self._on_started(self._address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if changes := getattr(self._app.state, "changes", None):
            changes.close()
        await super().shutdown(sockets)
        # Signals were asked for a stop and have had it: uvicorn would raise them once more.
        self._captured_signals.clear()
