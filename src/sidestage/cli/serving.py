"""What ``run`` and ``demo`` share: an address to listen at, and the server at it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import webbrowser
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from sidestage.errors import SidestageError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

#: Browsers that would take over the terminal that the address is printed in.
_TERMINAL_BROWSERS = ("lynx", "elinks", "links", "w3m", "www-browser")


class AddressError(SidestageError):
    """The server cannot listen where it was told to."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections from now on; they wait until the server takes them.

    Args:
        host: a name or an address of this machine.
        port: 0 means any free one.

    Raises:
        AddressError: if the port is in use, not allowed, or the host is none of this machine's.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
    except OSError:
        raise AddressError(f"{host!r} is no name or address of this machine: try --host 127.0.0.1") from None
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise AddressError(_cannot_listen(host, port, error)) from None
    return listener


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use, perhaps by another sidestage: stop that, or choose a port with --port N"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs rights that you do not have: choose one from 1024 upwards with --port N"
    return f"nothing can listen at {host}, port {port} ({error.strerror}): try --host 127.0.0.1"


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def open_browser(address: str) -> None:
    """Open the address in the person's browser, if there is one with a window."""
    try:
        browser = webbrowser.get()
        if getattr(browser, "basename", "") not in _TERMINAL_BROWSERS:
            browser.open(address)
    except (webbrowser.Error, OSError):
        return  # The address stands in the terminal.


def serve(
    app: ASGIApp, listener: socket.socket, *beside: Coroutine[Any, Any, None], at_stop: Callable[[], None]
) -> None:
    """Serve until Ctrl-C or a signal to end.

    Args:
        app: what to serve.
        listener: where.
        beside: coroutines that run meanwhile and are cancelled at the end.
        at_stop: called when it is to stop, before open connections are waited for.
    """
    try:
        asyncio.run(_serve(app, listener, beside, at_stop))
    except KeyboardInterrupt:
        return  # Ctrl-C is how a server is stopped; there is nothing to tell.


async def _serve(
    app: ASGIApp, listener: socket.socket, beside: tuple[Coroutine[Any, Any, None], ...], at_stop: Callable[[], None]
) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            at_stop()
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5, ws="none")
    tasks = [asyncio.create_task(coroutine) for coroutine in beside]
    try:
        await Server(config).serve(sockets=[listener])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
