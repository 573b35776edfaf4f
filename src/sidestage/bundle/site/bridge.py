"""Where the donations of a site go, as it is said on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sidestage.server.site_manifest import SiteError

_WANTED = "say download, host, server, or server=https://study.example.org/"


def parse_bridge(text: str) -> dict[str, str]:
    """The ``bridge`` of the page's configuration.

    Raises:
        SiteError: if it is none of those that there are.
    """
    kind, equals, address = text.partition("=")
    if kind not in ("server", "host", "download") or (equals and kind != "server"):
        raise SiteError(f"--bridge {text}: there is no such way for donations; {_WANTED}.")
    return {"kind": kind, "url": _server_address(address)} if equals else {"kind": kind}


def bridge_origin(bridge: Mapping[str, str]) -> str | None:
    """The origin of a server that is not the page's own; None where there is no such server."""
    if "url" not in bridge:
        return None
    parts = urlsplit(bridge["url"])
    return f"{parts.scheme}://{parts.netloc}"


def _server_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        # Whatever could end the policy of the page, in which the address will stand.
        valid = valid and not set(text) & set(" ;,'\"<>\\")
        _ = parts.port
    except ValueError:
        valid = None
    if not valid or "@" in parts.netloc:
        raise SiteError(f"--bridge server={text}: that is no address of a server; {_WANTED}.")
    return text if text.endswith("/") else f"{text}/"
