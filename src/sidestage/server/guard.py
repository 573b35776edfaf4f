"""What is checked before any request reaches a route, and the headers that go on every response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sidestage.server.replies import refusal

#: The names a browser on this machine reaches a loopback server by.
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")

#: Every response has these. The first two make pages cross-origin isolated, which SharedArrayBuffer needs and with it
#: the interrupting of Python. Of the two forms of the second, WebKit starts no worker in the sealed frame under the
#: stricter one, and goes without isolation under this one. The third keeps other sites from embedding or reading what
#: is served. A study's page alone says otherwise: a host of another site may show it in a frame.
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "credentialless",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Nobody here needs these. What is not named stays as it is, also inside the sealed frame: isolation, which a word
    # about it would take from there without saying so, gamepads, the full screen.
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
}

#: A page that says nothing else may load nothing and be shown in no frame; its own style stands in it.
_HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_HTML_POLICY += "; frame-ancestors 'none'"

#: Of a server that speaks HTTPS itself: browsers come back that way, for a year.
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def host_name(host: str) -> str:
    """A Host header without its port: ``LOCALHOST:8000`` is ``localhost``, ``[::1]:8000`` is ``[::1]``."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower().rstrip(".")


def is_cross_site(headers: Headers) -> bool:
    """Whether a browser sent this on behalf of a page of another site. What is no browser says nothing about sites."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and _place(origin) != headers.get("host", "").lower()


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


class Guard:
    """Middleware: refuses unknown host names and writes from other sites, and adds ``HEADERS`` to every response.

    Sites at the ``allowed_origins`` may write. A page of HTML gets a policy if it has none, and what sets a cookie
    is kept by nobody.

    A header that a response has already stays as it is.

    A page of another site can give a name of its own the address of this machine, and then read a server that listens
    on loopback only as if it were that site's own. It cannot choose the name that the browser sends.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed_hosts: Sequence[str],
        allowed_origins: Sequence[str] = (),
        further_headers: Mapping[str, str] | None = None,
    ) -> None:
        self.app = app
        self.headers = {**HEADERS, **(further_headers or {})}
        self.allowed_origins = frozenset(allowed_origins)
        self.allowed_hosts = {host.lower() for host in allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", _HTML_POLICY)
                if "set-cookie" in headers:
                    headers["Cache-Control"] = "private, no-store"
            await send(message)

        headers = Headers(scope=scope)
        name = host_name(headers.get("host", ""))
        if "*" not in self.allowed_hosts and name not in self.allowed_hosts:
            sentence = (
                f"This server does not answer to the name {name!r}. Open it by the address it printed when started."
            )
            await refusal(400, sentence)(scope, receive, send_with_headers)
        elif scope["method"] not in _READING and is_cross_site(headers) and not self._is_welcome(headers):
            sentence = "This request came from a page of another site; only this server's own pages may send."
            await refusal(403, sentence)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)

    def _is_welcome(self, headers: Headers) -> bool:
        return headers.get("origin", "") in self.allowed_origins
