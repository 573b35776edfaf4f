"""The ASGI app: the page of each study, its configuration and script, and the ways in for what participants send."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sidestage.cache import user_cache_folder
from sidestage.errors import SidestageError
from sidestage.protocol import Text
from sidestage.protocol.limits import LARGEST_DONATION_BYTES, MOST_SESSION_BYTES
from sidestage.server.asset_route import AssetRoute
from sidestage.server.assets import Assets
from sidestage.server.compression import Compressor
from sidestage.server.development import Changes, ScriptErrorCallback, development_routes, unsealed_route
from sidestage.server.error_responses import EXCEPTION_HANDLERS
from sidestage.server.errors import ServerError
from sidestage.server.gallery import Card, ExamplePage, Gallery, gallery_routes, page_routes, slash_route
from sidestage.server.guard import LOOPBACK_HOSTS, Guard
from sidestage.server.html_pages import preferred_languages, study_page, template_text
from sidestage.server.intake import COOKIE, Intake, Limits
from sidestage.server.negotiation import bytes_response
from sidestage.server.policy import policy
from sidestage.server.preloads import page_modules, page_scripts, preloads
from sidestage.server.replies import refusal
from sidestage.server.sealed_frame import frame_element
from sidestage.server.store import Store

_log = logging.getLogger("sidestage.server")


class ServedStudy(Protocol):
    """One study to serve, as far as the server needs to know it. Any object with these will do."""

    @property
    def name(self) -> str:
        """Stands in the address where a gallery is served (``/<name>/``), and with each donation as its study."""

    @property
    def title(self) -> Text:
        """Shown in the browser's tab and in the gallery."""

    @property
    def description(self) -> Text:
        """A sentence for the gallery; may be empty."""

    def config(self) -> Mapping[str, Any]:
        """What the page needs to know to start, as JSON values (AppConfig)."""

    def archive(self) -> bytes:
        """The zip of the script and the modules and data beside it.

        Called for every request; raises SidestageError when the script cannot be read.
        """

    def prompt_module(self, name: str) -> bytes | None:
        """The module in JavaScript that draws the study's own prompt of this name, if there is one."""


def create_app(
    apps: Sequence[ServedStudy],
    assets: Assets,
    store: Store,
    *,
    dev: bool = False,
    max_donation_bytes: int = LARGEST_DONATION_BYTES,
    gallery: Gallery | None = None,
    pages: Sequence[ExamplePage] = (),
    allowed_hosts: Sequence[str] = LOOPBACK_HOSTS,
    on_script_error: ScriptErrorCallback | None = None,
    on_unsealed: Callable[[str], None] | None = None,
    compress: bool = True,
    cache_folder: Path | None = None,
) -> Starlette:
    """Put a server together.

    Without a ``gallery`` there is one app, at ``/``; with one, each app and each of the ``pages``, which need no app,
    is at ``/<name>/``. ``allowed_hosts`` are the names the server answers to (``"*"``: any). With ``dev``, pages listen
    for changes, of which the app's ``state.changes`` is notified, and report errors in the script to
    ``on_script_error(app name, traceback)``; ``on_unsealed`` is told a sentence when a page switches the seal off. With
    ``compress``, files are compressed while the server runs and kept in ``cache_folder``, by default in the user's: not
    worth it for visitors on this machine, to whom nothing is far.
    """
    _check_names([app.name for app in apps], [page.name for page in pages], gallery)
    changes = Changes()
    compressor = Compressor(assets, cache_folder or user_cache_folder() / "compressed") if compress else None
    routes = [Route("/sidestage/{path:path}", AssetRoute(assets, compressor).__call__, methods=["GET"])]
    if on_unsealed:
        routes.insert(0, unsealed_route(on_unsealed))
    intakes: list[Intake] = []
    for app in apps:
        prefix = f"/{app.name}" if gallery else ""
        if prefix:
            routes.append(slash_route(prefix))
        routes += _Study(app, prefix, store, assets, dev=dev).routes()
        intakes.append(Intake(app.name, store, Limits(max_donation_bytes, max(MOST_SESSION_BYTES, max_donation_bytes))))
        routes += intakes[-1].routes(prefix)
        if dev:
            routes += development_routes(prefix, app.name, changes, on_script_error)
    if gallery:
        # Before the pages, which answer for everything below their names.
        routes += gallery_routes(gallery, lambda: _cards(gallery, apps))
    for page in pages:
        routes += page_routes(page, assets, compress=compress)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if compressor:
            compressor.start()
        yield
        if compressor:
            compressor.stop()
        for intake in intakes:
            intake.close()

    application = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, allowed_hosts=tuple(allowed_hosts))],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    # Starlette's own redirects name the host that the request named, whatever that is.
    application.router.redirect_slashes = False
    application.state.changes = changes
    return application


class _Study:
    """What a participant's browser fetches of one study."""

    def __init__(self, app: ServedStudy, prefix: str, store: Store, assets: Assets, *, dev: bool) -> None:
        self.app = app
        self.assets = assets
        self.prefix = prefix
        self.store = store
        self.dev = dev

    def routes(self) -> list[Route]:
        return [
            Route(f"{self.prefix}/", self.page, methods=["GET"]),
            Route(f"{self.prefix}/config.json", self.config, methods=["GET"]),
            Route(f"{self.prefix}/script.zip", self.archive, methods=["GET"]),
            Route(f"{self.prefix}/prompts/{{name}}.js", self.prompt_module, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        languages = preferred_languages(request.headers.get("accept-language", ""))
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
        # A study may read its script for its title; that is not for the thread that answers everyone.
        config = await to_thread.run_sync(self.config_if_any)
        html = await to_thread.run_sync(self.html, languages, config)
        headers["Content-Security-Policy"] = policy(
            template_text("page.html"), self.assets, own_prompts="prompts" in config
        )
        # A host that is isolated itself can frame nothing else; the page holds nothing that is worth reading.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response = HTMLResponse(html, headers=headers)
        response.set_cookie(
            COOKIE,
            self.store.new_pass(self.app.name),
            path=f"{self.prefix}/data-submission",
            httponly=True,
            samesite="strict",
            secure=request.scope["scheme"] == "https",
        )
        return response

    def html(self, languages: Sequence[str], config: Mapping[str, Any]) -> str:
        """The page; where it comes no further than its configuration, without what Python starts from."""
        starts = "error" not in config
        return study_page(
            self.app.title,
            languages,
            ahead=["config.json", *(["script.zip", *preloads(self.assets)] if starts else [])],
            head=_lines('<link rel="modulepreload" href="/sidestage/{}">', page_modules(self.assets)),
            scripts=_lines('<script type="module" src="/sidestage/{}"></script>', page_scripts(self.assets)),
            frame=self.frame() if starts else "",
        )

    def config_if_any(self) -> Mapping[str, Any]:
        try:
            return self.app.config()
        except Exception:
            return {"error": ""}  # Whatever it is, it is told when the page asks for its configuration.

    def frame(self) -> str:
        """The sealed frame, as HTML; nothing where the assets hold no runtime."""
        manifest = self.assets.get("manifest.json")
        frame = self.assets.get(json.loads(manifest.read()).get("frame", "")) if manifest else None
        return frame_element(frame.read().decode()) if frame else ""

    async def config(self, request: Request) -> Response:
        return await self._made(request, lambda: _json(self.app.config()), "application/json")

    async def archive(self, request: Request) -> Response:
        return await self._made(request, self.app.archive, "application/zip")

    async def prompt_module(self, request: Request) -> Response:
        return await self._made(request, lambda: self._module(request.path_params["name"]), "text/javascript")

    def _module(self, name: str) -> bytes:
        module = self.app.prompt_module(name)
        if module is None:
            raise HTTPException(404, f"There is no prompts/{name}.js beside this study's script.")
        return module

    async def _made(self, request: Request, make: Any, media_type: str) -> Response:
        try:
            content = await to_thread.run_sync(make)
        except SidestageError as error:
            _log.error("%s", error)
            sentence = str(error) if self.dev else "This study cannot be started now. Please tell the researcher."
            return refusal(500, sentence)
        return bytes_response(request, content, media_type)


def _lines(element: str, paths: Iterable[str]) -> str:
    return "\n".join(element.format(path) for path in paths)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _cards(gallery: Gallery, apps: Sequence[ServedStudy]) -> list[Card]:
    known = {card.name for card in gallery.cards}
    others = (app for app in apps if app.name not in known)
    return [*gallery.cards, *(Card(app.name, app.title, app.description) for app in others)]


def _check_names(apps: Sequence[str], pages: Sequence[str], gallery: Gallery | None) -> None:
    if gallery is None and (len(apps) != 1 or pages):
        raise ServerError(
            f"{len(apps)} apps and {len(pages)} pages were given; without a gallery there must be exactly one app."
        )
    names = [*apps, *pages]
    for name in names:
        if names.count(name) > 1:
            raise ServerError(f"Two apps are called {name!r}. Give each a name of its own.")
        if gallery and (not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) or name == "sidestage"):
            raise ServerError(
                f"{name!r} cannot stand in an address. Use letters, digits, dots, underscores and hyphens for an app's"
                " name, and not the name sidestage."
            )
