"""Where the donations of a site go, as it is said on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sidestage.server.site_manifest import SiteError

_WANTED = "say download, host, host=https://host.example.org, server, or server=https://study.example.org/"


def parse_bridge(text: str) -> dict[str, str]:
    """The ``bridge`` of the page's configuration.

    Raises:
        SiteError: if it is none of those that there are.
    """
    kind, equals, address = text.partition("=")
    if kind not in ("server", "host", "download") or (equals and kind == "download"):
        raise SiteError(f"--bridge {text}: there is no such way for donations; {_WANTED}.")
    if not equals:
        return {"kind": kind}
    return {"kind": kind, "url": _server_address(address)} if kind == "server" else _host(address)


def bridge_origin(bridge: Mapping[str, str]) -> str | None:
    """The origin of a server that is not the page's own; None where there is no such server."""
    if "url" not in bridge:
        return None
    parts = urlsplit(bridge["url"])
    return f"{parts.scheme}://{parts.netloc}"


def _server_address(text: str) -> str:
    if not _is_address(text):
        raise SiteError(f"--bridge server={text}: that is no address of a server; {_WANTED}.")
    return text if text.endswith("/") else f"{text}/"


def _host(text: str) -> dict[str, str]:
    """A host that is named: by its origin, which is how browsers know it."""
    origin = text.removesuffix("/").lower()
    if not _is_address(origin) or urlsplit(origin).path:
        raise SiteError(f"--bridge host={text}: that is no origin of a page, which has no path; {_WANTED}.")
    parts = urlsplit(origin)
    is_usual = parts.port == {"http": 80, "https": 443}[parts.scheme]
    return {"kind": "host", "origin": origin.rpartition(":")[0] if is_usual else origin}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    # Whatever could end the policy of the page, in which the address will stand.
    is_plain = not set(text) & set(" ;,'\"<>\\*") and "@" not in parts.netloc and not (parts.query or parts.fragment)
    return is_plain and parts.scheme in ("http", "https") and bool(parts.hostname)
