"""The route to what pages fetch: in the form the browser prefers, and nothing at all when it already has it."""

from __future__ import annotations

from pathlib import Path

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sidestage.server.assets import Asset, Assets
from sidestage.server.compression import Compressor
from sidestage.server.negotiation import IMMUTABLE, REVALIDATE, accepted_encodings, is_known


class AssetRoute:
    """The route ``/sidestage/{path}``, or another ``{path}`` below which assets are served.

    Without a ``compressor`` everything is sent as it is.
    """

    def __init__(self, assets: Assets, compressor: Compressor | None) -> None:
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
        accepted = accepted_encodings(request.headers.get("accept-encoding", ""))
        packed = self._compressor.find(path, digest, accepted) if self._compressor else None
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
