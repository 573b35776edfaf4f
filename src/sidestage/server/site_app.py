"""The server of a built site, for participants: its files, the ways in for donations, and a health check.

Unlike the development server it reads no script, and it can be made anew in each of several processes: everything that
it needs to know is in its settings.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sidestage.protocol.limits import LARGEST_DONATION_BYTES, MOST_REQUESTS_PER_MINUTE, MOST_SESSION_BYTES
from sidestage.server.access_log import AccessLog
from sidestage.server.error_responses import EXCEPTION_HANDLERS
from sidestage.server.guard import STRICT_TRANSPORT, Guard
from sidestage.server.health import Health
from sidestage.server.intake import COOKIE, Intake, Limits
from sidestage.server.policy import frame_ancestors
from sidestage.server.quiet_log import quieten
from sidestage.server.site_files import SiteFiles
from sidestage.server.site_manifest import PAGE_FILE, SITE_FILE, SiteManifest, read_site
from sidestage.server.store import Store

#: Where the settings are for processes that uvicorn starts.
SETTINGS_VARIABLE = "SIDESTAGE_SERVE"


@dataclass(frozen=True)
class ServingSettings:
    """How a site is served.

    Attributes:
        site: its folder.
        data: the folder for donations.
        allowed_hosts: the names that browsers may reach it by.
        allowed_origins: other sites whose pages may send donations.
        prefix: the path that a proxy has it at, like ``/study``; empty at the root.
        max_donation_bytes: the largest donation.
        max_session_bytes: of all donations and log lines of one session.
        max_requests: that send something, from one address in a minute.
        secure: whether it is served over HTTPS without a proxy.
        access_log: whether requests are written to standard output.
    """

    site: str
    data: str
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...] = ()
    prefix: str = ""
    max_donation_bytes: int = LARGEST_DONATION_BYTES
    max_session_bytes: int = MOST_SESSION_BYTES
    max_requests: int = MOST_REQUESTS_PER_MINUTE
    secure: bool = False
    access_log: bool = True

    def export(self) -> None:
        """Leave them for processes that are started from now on."""
        os.environ[SETTINGS_VARIABLE] = json.dumps(asdict(self))


def exported_settings() -> ServingSettings:
    """The settings that the process that started this one has left."""
    known = json.loads(os.environ[SETTINGS_VARIABLE])
    lists = {name: tuple(known[name]) for name in ("allowed_hosts", "allowed_origins")}
    return ServingSettings(**{**known, **lists})


def create_site_app(settings: ServingSettings) -> Starlette:
    """Put the server together. The site must have been checked.

    Raises:
        SiteError: if the folder is no site.
        StoreError: if donations cannot be kept.
    """
    folder = Path(settings.site)
    manifest = read_site(folder)
    store = Store.at(Path(settings.data))
    limits = Limits(settings.max_donation_bytes, settings.max_session_bytes, settings.max_requests)
    intake = Intake(manifest.study, store, limits)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        quieten(asyncio.get_running_loop())
        yield
        intake.close()
        store.close()

    application = Starlette(
        routes=_routes(settings, folder, manifest, store, intake),
        middleware=_middleware(settings, manifest),
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    application.router.redirect_slashes = False
    return application


def _routes(
    settings: ServingSettings, folder: Path, manifest: SiteManifest, store: Store, intake: Intake
) -> list[Route]:
    page = _Page(SiteFiles(folder, manifest), manifest, store, settings.prefix)
    return [
        Route("/", page.show, methods=["GET"]),
        Route(f"/{PAGE_FILE}", page.show, methods=["GET"]),
        Route("/health", Health(store).tell, methods=["GET"]),
        *intake.routes(""),
        Route("/{path:path}", page.files.send, methods=["GET"]),
    ]


def _middleware(settings: ServingSettings, manifest: SiteManifest) -> list[Middleware]:
    layers = [Middleware(PathPrefix, prefix=settings.prefix)] if settings.prefix else []
    if settings.access_log:
        known = {"/", "/health", "/api/session", "/api/donations", "/api/logs", "/data-submission", f"/{SITE_FILE}"}
        layers.append(Middleware(AccessLog, known=known | {f"/{path}" for path in manifest.files}))
    origins = list(settings.allowed_origins)
    strict = STRICT_TRANSPORT if settings.secure else {}
    layers.append(
        Middleware(Guard, allowed_hosts=settings.allowed_hosts, allowed_origins=origins, further_headers=strict)
    )
    if origins:
        headers = ["Authorization", "Content-Type"]
        layers.append(Middleware(CORSMiddleware, allow_origins=origins, allow_methods=["POST"], allow_headers=headers))
    return layers


class PathPrefix:
    """Middleware: takes the path prefix away that a proxy has the site at. Proxies that did it already may do so."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["path"] == self.prefix:
            # Without the slash at its end, the page's addresses would start from the folder above.
            # The answer names a path, and no host: it leads to this server, whatever name the request was sent to.
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"{self.prefix}/" + (f"?{query}" if query else ""), 308)(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"].startswith(f"{self.prefix}/"):
            path = scope["path"].removeprefix(self.prefix)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)


class _Page:
    """The page, with what lets the original pages' form of a donation in."""

    def __init__(self, files: SiteFiles, manifest: SiteManifest, store: Store, prefix: str) -> None:
        self.files = files
        self._policy = f"{manifest.policy}; {frame_ancestors(manifest.bridge)}"
        self._embedded = manifest.bridge["kind"] == "host"
        self._study = manifest.study
        self._store = store
        self._prefix = prefix

    async def show(self, request: Request) -> Response:
        response = await self.files.respond(request, PAGE_FILE)
        response.headers["Content-Security-Policy"] = self._policy
        if self._embedded:
            # A host that is isolated itself can frame nothing else; the page holds nothing that is worth reading.
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.set_cookie(
            COOKIE,
            self._store.new_pass(self._study),
            path=f"{self._prefix}/data-submission",
            httponly=True,
            samesite="strict",
            secure=request.scope["scheme"] == "https",
        )
        return response
