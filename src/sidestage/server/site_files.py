"""The files of a built site over HTTP: the compressed form that lies beside, and no more often than needed."""

from __future__ import annotations

from pathlib import Path

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sidestage.server.assets import content_type_of
from sidestage.server.negotiation import IMMUTABLE, REVALIDATE, accepted_encodings, is_known
from sidestage.server.site_manifest import CHANGING, PACKED_SUFFIXES, SITE_FILE, SiteManifest


class SiteFiles:
    """Answers for the files that a site's manifest names, and for no others that may lie in the folder."""

    def __init__(self, folder: Path, manifest: SiteManifest) -> None:
        self._folder = folder
        self._files = manifest.files

    async def send(self, request: Request) -> Response:
        """The route ``/{path}``."""
        return await self.respond(request, request.path_params["path"])

    async def respond(self, request: Request, path: str) -> Response:
        """Answer a request with the file at a path."""
        try:
            return await to_thread.run_sync(self._respond, request, path)
        except OSError:  # Somebody took it away while the server ran.
            raise HTTPException(404) from None

    def _respond(self, request: Request, path: str) -> Response:
        headers = {"Cache-Control": REVALIDATE if path in CHANGING else IMMUTABLE, "Vary": "Accept-Encoding"}
        if path == SITE_FILE:
            return FileResponse(self._folder / path, headers=headers, media_type=content_type_of(path))
        if path not in self._files:
            raise HTTPException(404)
        sent = path
        for encoding in accepted_encodings(request.headers.get("accept-encoding", "")):
            if path + PACKED_SUFFIXES[encoding] in self._files:
                sent = path + PACKED_SUFFIXES[encoding]
                headers["Content-Encoding"] = encoding
                break
        headers["ETag"] = f'"{self._files[sent].sha256[:32]}"'
        if is_known(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        file = self._folder / sent
        return FileResponse(file, headers=headers, media_type=content_type_of(path), stat_result=file.stat())
