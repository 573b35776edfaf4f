"""The gallery: the page at ``/`` of a server with several studies, a card for each, and what cards lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sidestage.errors import SidestageError
from sidestage.protocol import Text
from sidestage.protocol.locale import in_locale
from sidestage.server.asset_route import AssetRoute
from sidestage.server.assets import Assets
from sidestage.server.compression import Compressor
from sidestage.server.errors import ServerError
from sidestage.server.html_pages import (
    error_page,
    fill_template,
    interface_language,
    preferred_languages,
    template_text,
)
from sidestage.server.negotiation import bytes_response
from sidestage.server.policy import policy

_WORDS = {
    "en": {
        "open": "Open",
        "run": "Run it yourself",
        "files": "Its files",
        "copy": "Copy",
        "copied": "Copied",
        "downloads": "Get an example export",
    },
    "nl": {
        "open": "Openen",
        "run": "Zelf starten",
        "files": "De bestanden",
        "copy": "Kopiëren",
        "copied": "Gekopieerd",
        "downloads": "Een voorbeeldexport ophalen",
    },
}


@dataclass(frozen=True)
class Download:
    """A file that a card offers, at ``/<card's name>/sample/<name>``.

    ``make`` is called once, in a thread, when somebody first asks for the file; the server keeps its bytes. It raises
    SidestageError when it cannot make them.
    """

    name: str
    title: Text
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Card:
    """What the gallery shows of one study or page.

    Attributes:
        name: the study's or the page's.
        title: a few words.
        description: a sentence; may be empty.
        command: what to type to run it oneself.
        folder: where to find its files, if there is no such command.
        downloads: files to try it with.
    """

    name: str
    title: Text
    description: Text
    command: str = ""
    folder: str = ""
    downloads: Sequence[Download] = ()


@dataclass(frozen=True)
class Gallery:
    """The page at ``/``. A study without a card among ``cards`` gets one behind them, with title and description."""

    title: Text = "Sidestage"
    introduction: Text = ""
    cards: Sequence[Card] = ()


@dataclass(frozen=True)
class ExamplePage:
    """A page of its own, with no script to run as a flow: the files of a folder, at ``/<name>/``."""

    name: str
    folder: Path
    index: str = "index.html"


def page_routes(page: ExamplePage, runtime: Assets, *, compress: bool) -> list[Route]:
    """The routes of an example page: every file in its folder but hidden ones and what describes it.

    Its policy lets it run Python, with what is among the assets of the ``runtime``.
    """
    assets = Assets()
    for file in sorted(page.folder.rglob("*")):
        path = file.relative_to(page.folder)
        hidden = any(part.startswith((".", "__")) for part in path.parts)
        if file.is_file() and not hidden and path.name != "example.toml":
            assets.add_file(path.as_posix(), file)
    if page.index not in assets:
        raise ServerError(f"There is no {page.index} in {page.folder} to show as the page {page.name}.")
    route = AssetRoute(assets, Compressor(assets, None) if compress else None)

    async def send(request: Request) -> Response:
        path = request.path_params.get("path", page.index)
        response = await route.send(request, path)
        if path.endswith(".html") and (asset := assets.get(path)):
            html = asset.read().decode("utf-8", "replace")
            response.headers["Content-Security-Policy"] = f"{policy(html, runtime)}; frame-ancestors 'none'"
        return response

    return [
        slash_route(f"/{page.name}"),
        Route(f"/{page.name}/", send, methods=["GET"]),
        Route(f"/{page.name}/{{path:path}}", send, methods=["GET"]),
    ]


def slash_route(path: str) -> Route:
    """Leads from an address to the one with a slash at its end. It names no host, so it stays on this server."""

    async def redirect(request: Request) -> Response:
        query = request.scope["query_string"].decode("latin-1")
        return RedirectResponse(f"{path}/" + (f"?{query}" if query else ""), 308)

    return Route(path, redirect, methods=["GET"])


def gallery_routes(gallery: Gallery, make_cards: Callable[[], Sequence[Card]]) -> list[Route]:
    """The routes of the gallery and of the files that its cards offer. ``make_cards`` is asked at each visit."""

    async def show(request: Request) -> Response:
        languages = preferred_languages(request.headers.get("accept-language", ""))
        html = await to_thread.run_sync(lambda: _page(gallery, make_cards(), languages))
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        headers["Content-Security-Policy"] = f"{policy(template_text('gallery.html'))}; frame-ancestors 'none'"
        return HTMLResponse(html, headers=headers)

    downloads = [
        Route(f"/{card.name}/{_address(download)}", _Sender(download).__call__, methods=["GET"])
        for card in gallery.cards
        for download in card.downloads
    ]
    return [Route("/", show, methods=["GET"]), *downloads]


class _Sender:
    """Sends a file that is made when it is first asked for."""

    def __init__(self, download: Download) -> None:
        self._download = download
        self._making = anyio.Lock()
        self._content: bytes | None = None

    async def __call__(self, request: Request) -> Response:
        try:
            async with self._making:
                if self._content is None:
                    self._content = await to_thread.run_sync(self._download.make)
        except SidestageError as error:
            return HTMLResponse(error_page("Not available", str(error)), 500, {"Cache-Control": "no-store"})
        response = bytes_response(request, self._content, "application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{self._download.name}"'
        return response


def _address(download: Download) -> str:
    return f"sample/{download.name}"


def _page(gallery: Gallery, cards: Sequence[Card], languages: Sequence[str]) -> str:
    lang = interface_language(languages)
    words = {name: escape(word) for name, word in _WORDS[lang].items()}
    texts = {
        "lang": lang,
        "title": in_locale(gallery.title, *languages),
        "introduction": in_locale(gallery.introduction, *languages),
        "copied": _WORDS[lang]["copied"],
    }
    return fill_template("gallery.html", texts, cards="\n".join(_card(card, words, languages) for card in cards))


def _card(card: Card, words: dict[str, str], languages: Sequence[str]) -> str:
    def say(text: Text) -> str:
        return escape(in_locale(text, *languages))

    own = []
    if card.downloads:
        links = [
            f'<li><a href="{escape(card.name)}/{escape(_address(download))}">{say(download.title)}</a></li>'
            for download in card.downloads
        ]
        own.append(f"<h3>{words['downloads']}</h3>\n<ul>{''.join(links)}</ul>")
    if card.command:
        own.append(_code(words["run"], card.command, words["copy"]))
    elif card.folder:
        own.append(_code(words["files"], card.folder, words["copy"]))
    return (
        f'<li>\n<div class="about">\n<h2>{say(card.title)}</h2>\n<p>{say(card.description)}</p>\n'
        f'<a href="{escape(card.name)}/">{words["open"]} <span class="unseen">{say(card.title)}</span></a>\n</div>\n'
        f'<div class="own">\n{"".join(own)}\n</div>\n</li>'
    )


def _code(heading: str, text: str, copy: str) -> str:
    # A path may break behind its slashes.
    broken = escape(text).replace("/", "/<wbr>")
    button = f'<button type="button" hidden>{copy}</button>'
    return f'<div class="line"><h3>{heading}</h3>{button}</div>\n<code>{broken}</code>'
