"""Sending files and bytes: the form the browser prefers, and nothing at all when it already has it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sidestage.server.assets import Asset, Assets
from sidestage.server.compression import ENCODINGS, Compressor

#: Kept by the browser for a year without asking again: the address contains a hash of the content.
IMMUTABLE = "public, max-age=31536000, immutable"
#: Kept, but asked about each time.
REVALIDATE = "no-cache"


class Delivery:
    """The route ``/sidestage/{path}``, or another ``{path}`` below which assets are served."""

    def __init__(self, assets: Assets, compressor: Compressor) -> None:
        self._assets = assets
        self._compressor = compressor

    async def __call__(self, request: Request) -> Response:
        """Answer a request for the asset that the address names."""
        return await self.send(request, request.path_params["path"])

    async def send(self, request: Request, path: str) -> Response:
        """Answer a request with the asset at a path."""
        asset = self._assets.get(path)
        if asset is None:
            raise HTTPException(404)
        try:
            return await to_thread.run_sync(self._respond, request, path, asset)
        except FileNotFoundError:
            raise HTTPException(404) from None

    def _respond(self, request: Request, path: str, asset: Asset) -> Response:
        digest = self._assets.digest(path)
        packed = self._compressor.find(path, digest, accepted_encodings(request.headers.get("accept-encoding", "")))
        headers = {"Cache-Control": IMMUTABLE if asset.immutable else REVALIDATE, "Vary": "Accept-Encoding"}
        source: bytes | Path = asset.source
        headers["ETag"] = f'"{digest[:32]}"'
        if packed is not None:
            source = packed.source
            headers |= {"Content-Encoding": packed.encoding, "ETag": f'"{digest[:32]}-{packed.encoding}"'}
        if is_known(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if isinstance(source, bytes):
            return Response(source, headers=headers, media_type=asset.content_type)
        return FileResponse(source, headers=headers, media_type=asset.content_type, stat_result=source.stat())


def bytes_response(request: Request, content: bytes, media_type: str) -> Response:
    """Bytes made for this request; 304 when the browser has the same already."""
    headers = {"Cache-Control": REVALIDATE, "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
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
