"""What every benchmark stands on: a real browser, and ``sidestage run`` as its server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tools.chromium import launch, launch_with_profile
from tools.serving import sidestage, start_server

#: Where large files may lie for as long as a benchmark needs them; git does not look there.
CACHE = Path(__file__).resolve().parents[1] / ".cache/benchmarks"
#: numpy and pandas for the browser.
WHEELS = Path(__file__).resolve().parents[1] / ".cache/wheels"
#: Gymnasium, and what it needs.
ENVIRONMENT_WHEELS = WHEELS.with_name("environments")
#: How long anything may take, in milliseconds.
PATIENCE = 300_000
#: A page that needs no script: for measuring the engine alone.
BARE_PAGE = "sidestage/manifest.json"
#: How long a page is left alone before anything is begun in it, in milliseconds: until the browser has done with the
#: page before, and with a window of its own.
REST = 1_500
#: Whether a page's start of Python is kept in the browser, as a condition in JavaScript.
KEPT = "localStorage.getItem('sidestage-kept') !== null"


class Stage:
    """A browser and a way to start servers; all of it ends with the ``with`` block that ``open_stage`` opens."""

    def __init__(self, playwright: Playwright, folder: Path, cleanup: ExitStack) -> None:
        self.browser = launch(playwright)
        cleanup.callback(self.browser.close)
        self._playwright = playwright
        self._folder = folder
        self._cleanup = cleanup
        self._count = 0

    def serve(self, script: str, *words: str | Path) -> str:
        """Start ``sidestage run`` on a script with this text, with further words; returns the page's address."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        (folder / "study.py").write_text(script, encoding="utf-8")
        server = start_server("run", "study.py", *words, data=folder / "data")
        self._cleanup.callback(server.stop)
        return server.url

    def serve_site(self, script: str) -> str:
        """Build a site of a script with this text and start ``sidestage serve`` on it; returns the page's address."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        (folder / "study.py").write_text(script, encoding="utf-8")
        built = sidestage("build", folder / "study.py", "-o", folder / "site", "--bridge", "server", "--no-compress")
        if built.returncode:
            raise RuntimeError(built.stderr)
        server = start_server("serve", folder / "site", data=folder / "data")
        self._cleanup.callback(server.stop)
        return server.url

    @contextmanager
    def visitor(self) -> Iterator[BrowserContext]:
        """A fresh visitor: nothing cached, nothing stored."""
        context = self.browser.new_context(locale="en-GB")
        context.set_default_timeout(PATIENCE)
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def person(self) -> Iterator[tuple[BrowserContext, Path]]:
        """A fresh person: a browser of their own, and the folder where it keeps what it keeps.

        A visitor's browser has it all in its memory, as in a private window.
        """
        with tempfile.TemporaryDirectory(prefix="sidestage-profile-", ignore_cleanup_errors=True) as profile:
            context = launch_with_profile(self._playwright, Path(profile))
            context.set_default_timeout(PATIENCE)
            try:
                yield context, Path(profile)
            finally:
                context.close()

    @contextmanager
    def bare_page(self, address: str) -> Iterator[Page]:
        """A fresh visitor on a page of this server that runs nothing by itself."""
        with self.visitor() as context:
            page = context.new_page()
            page.goto(address + BARE_PAGE)
            yield page


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Start the browser; stop it and every server at the end."""
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="sidestage-bench-")))
        playwright = cleanup.enter_context(sync_playwright())
        yield Stage(playwright, folder, cleanup)


def run_in(page: Page, body: str, given: Any = None) -> Any:
    """Run the body of an asynchronous function in the page; its ``given`` is the argument."""
    return page.evaluate(f"async (given) => {{ {body} }}", given)
