"""What a browser accepts and what it has already: the same for files, for bytes made for a request, and for sites."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from sidestage.hashing import sha256_of
from sidestage.server.compression import ENCODINGS

#: Kept by the browser for a year without asking again: the address contains a hash of the content.
IMMUTABLE = "public, max-age=31536000, immutable"
#: Kept, but asked about each time.
REVALIDATE = "no-cache"


def bytes_response(request: Request, content: bytes, media_type: str) -> Response:
    """Bytes made for this request; 304 when the browser has the same already."""
    headers = {"Cache-Control": REVALIDATE, "ETag": f'"{sha256_of(content)[:32]}"'}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def is_known(request: Request, etag: str) -> bool:
    """Whether the browser says that it has this version."""
    known = re.findall(r'"[^"]*"|\*', request.headers.get("if-none-match", ""))
    return etag in known or "*" in known


def accepted_encodings(header: str) -> list[str]:
    """Which of our encodings an Accept-Encoding header allows, by name or by ``*``; the preferred ones first."""
    qualities: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        quality = re.search(r"q\s*=\s*([\d.]+)", parameters)
        try:
            qualities[name.strip()] = float(quality[1]) if quality else 1.0
        except ValueError:
            qualities[name.strip()] = 0.0
    allowed = {name: qualities.get(name, qualities.get("*", 0.0)) for name in ENCODINGS}
    # Sorting is stable: among equals, ours is the order.
    return sorted((name for name in ENCODINGS if allowed[name] > 0), key=lambda name: -allowed[name])
