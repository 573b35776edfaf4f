"""The few commands of WebDriver that these tests need, in the two ways in which browsers take them.

The standard (https://www.w3.org/TR/webdriver2/) sends them over HTTP; the drivers of Chromium and WebKit listen there.
Firefox takes the same commands over a socket of its own, Marionette
(https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html). The program that puts HTTP before that is in
no package of Debian's, and these tests do without.
"""

from __future__ import annotations

import json
import socket
from typing import Any, Protocol

import httpx

#: How long a command may take, in seconds: a script in a page waits for Python there.
PATIENCE = 180
#: Where each command goes over HTTP, below the session's address.
PATHS = {
    "SetTimeouts": "timeouts",
    "Navigate": "url",
    "ExecuteAsyncScript": "execute/async",
    "ElementClick": "element/{id}/click",
    "ElementSendKeys": "element/{id}/value",
}


class WebDriverError(RuntimeError):
    """What a browser answered instead of doing what it was told."""


class Session(Protocol):
    """A browser that takes commands."""

    capabilities: dict[str, Any]

    def command(self, name: str, **parameters: Any) -> Any:
        """Send a command by the standard's name for it; returns its value."""

    def close(self) -> None:
        """End the session; the browser ends with it."""


class HttpSession:
    """A session with a driver that listens at an address."""

    def __init__(self, address: str, capabilities: dict[str, Any]) -> None:
        self._client = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)
        started = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._path = f"/session/{started['sessionId']}"
        self.capabilities: dict[str, Any] = started["capabilities"]

    def command(self, name: str, **parameters: Any) -> Any:
        """Post the parameters to the command's address."""
        return self._ask("POST", f"{self._path}/{PATHS[name].format_map(parameters)}", parameters)

    def close(self) -> None:
        """Delete the session."""
        self._ask("DELETE", self._path)
        self._client.close()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        reply = self._client.request(method, path, json=body)
        value = reply.json()["value"]
        if reply.is_error:
            raise WebDriverError(f"{method} {path}: {value['error']}: {value['message']}")
        return value


class MarionetteSession:
    """A session with a Firefox that listens at a port."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._stream = self._socket.makefile("rb")
        self._sent = 0
        self._receive()  # says which version of the protocol it speaks
        self.capabilities: dict[str, Any] = self.command("NewSession")["capabilities"]

    def command(self, name: str, **parameters: Any) -> Any:
        """Send one message, and receive the reply to it."""
        self._send(f"WebDriver:{name}", parameters)
        _, _, error, result = self._receive()
        if error:
            raise WebDriverError(f"{name}: {error['error']}: {error['message']}")
        return result["value"] if set(result) == {"value"} else result

    def close(self) -> None:
        """Tell Firefox to quit; the session and the connection go with it."""
        with self._socket, self._stream:
            self._send("Marionette:Quit", {"flags": ["eForceQuit"]})
            self._receive()

    def _send(self, name: str, parameters: dict[str, Any]) -> None:
        self._sent += 1
        message = json.dumps([0, self._sent, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))

    def _receive(self) -> Any:
        """One message: its length in bytes, a colon, and JSON."""
        length = b""
        while (byte := self._stream.read(1)) != b":":
            if not byte:
                raise WebDriverError("Firefox has closed the connection")
            length += byte
        return json.loads(self._stream.read(int(length)))
