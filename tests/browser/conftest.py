"""A real Chromium, and pages in it."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sidestage.bundle.packages import Catalogue
from sidestage.bundle.page_assets import fill_page_assets
from sidestage.bundle.runtime.find_runtime import own_runtime
from sidestage.server.assets import Assets
from tests.conftest import WHEELS
from tools.chromium import launch
from tools.serving import Server

#: Python takes a few seconds to start, and these machines may be busy; in milliseconds.
PATIENCE = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each gets a context of its own."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@contextlib.contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody with a browser of their own, in English, in which nothing is kept yet."""
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def open_page(context: BrowserContext) -> Page:
    """Open a page. What it writes to the console is in ``page.console``."""
    page = context.new_page()
    lines: list[str] = []
    page.on("console", lambda message: lines.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: lines.append(f"uncaught: {error}"))
    page.console = lines  # type: ignore[attr-defined]
    # From now on a file chooser is the test's: asked for only when one is about to open, that can come too late.
    page.on("filechooser", lambda _: None)
    return page


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who was never here: no cache, no storage."""
    with visitor(browser) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The first page of a visitor who was never here."""
    return open_page(context)


@pytest.fixture(scope="module")
def returning_visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Who visits for all tests of a file: from the second start on, Python starts from what their browser has kept."""
    with visitor(browser) as context:
        yield context


@pytest.fixture
def returning_page(returning_visitor: BrowserContext) -> Iterator[Page]:
    """A page of a visitor who may have been here before: a quarter of the work, where a first visit shows no more."""
    page = open_page(returning_visitor)
    yield page
    page.close()


@pytest.fixture(scope="session")
def plain_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Sidestage's files on a plain file server, which knows nothing of the headers that let a page share memory."""
    folder = tmp_path_factory.mktemp("plain")
    assets = Assets()
    fill_page_assets(assets, Catalogue(own_runtime().lock_path, [WHEELS]))
    for path in assets:
        asset = assets.get(path)
        assert asset is not None
        file = folder / "sidestage" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(asset.read())
    handler = functools.partial(_QuietHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


#: A page of a Sidestage server that has no flow: an address that holds JSON.
BARE = "sidestage/manifest.json"


@pytest.fixture
def engine_page(returning_page: Page, engine_server: Server) -> Page:
    """A page without a flow; Python may start from what the visitor's browser has kept."""
    returning_page.goto(engine_server.url + BARE)
    return returning_page


@pytest.fixture
def first_engine_page(page: Page, engine_server: Server) -> Page:
    """A page without a flow, of a visitor who was never here: everything is fetched, and starts the ordinary way."""
    page.goto(engine_server.url + BARE)
    return page
