"""A real Chromium, and Sidestage's own commands as servers for it."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sidestage.bundle.packages import Catalogue
from sidestage.bundle.runtime import fill, lock_path
from sidestage.server.assets import Assets

REPOSITORY = Path(__file__).resolve().parents[2]
WHEELS = REPOSITORY / ".cache/wheels"
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
#: A browser that talks to nobody but the page, and that root may start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
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
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor: no cache, no storage; English."""
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A fresh page. What it writes to the console is in ``page.console``."""
    page = context.new_page()
    lines: list[str] = []
    page.on("console", lambda message: lines.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: lines.append(f"uncaught: {error}"))
    page.console = lines  # type: ignore[attr-defined]
    # From now on a file chooser is the test's: asked for only when one is about to open, that can come too late.
    page.on("filechooser", lambda _: None)
    return page


@dataclass
class Server:
    """A running command of Sidestage's: its address, its data folder, and what it has printed."""

    process: subprocess.Popen[str]
    data: Path
    printed: list[str] = field(default_factory=list)
    url: str = ""
    reader: threading.Thread | None = None

    @property
    def output(self) -> str:
        return "".join(self.printed)

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    def wait_for(self, pattern: str, seconds: float = 30) -> re.Match[str]:
        """Wait until a regular expression matches what was printed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.output):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{pattern!r} is not in what the command printed:\n{self.output}")

    def stop(self, signal_number: int = signal.SIGTERM) -> None:
        """Stop the command that this object started, and no other."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.reader:
            self.reader.join(10)


def sidestage(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of Sidestage's to its end."""
    command = [sys.executable, "-m", "sidestage", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start ``sidestage run SCRIPT`` (or another command) on a free port; stopped at the end of the test."""
    servers: list[Server] = []

    def start(*words: str | Path, command: str = "run", data: Path | None = None) -> Server:
        server = start_server(command, *words, data=data or tmp_path / "data")
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


def start_server(command: str, *words: str | Path, data: Path, port: int = 0) -> Server:
    """Start a command that serves, at any free port unless one is given, and wait for its address."""
    line = [sys.executable, "-u", "-m", "sidestage", command, *map(str, words), "--port", str(port)]
    line += ["--data", str(data)]
    if command == "run":
        line += ["--no-open"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=data.parent)
    server = Server(process, data)
    assert process.stdout is not None
    server.reader = threading.Thread(target=_read, args=(process.stdout, server.printed), daemon=True)
    server.reader.start()
    server.url = server.wait_for(r"http://[^\s]+")[0]
    return server


def _read(stream: IO[str], lines: list[str]) -> None:
    with stream:
        for line in stream:
            lines.append(line)


@pytest.fixture(scope="session")
def engine_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with numpy and pandas, for pages that use the engine alone."""
    folder = tmp_path_factory.mktemp("engine")
    script = folder / "study.py"
    script.write_text("from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    server = start_server("run", script, "--find-links", WHEELS, data=folder / "data")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def plain_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Sidestage's files on a plain file server, which knows nothing of the headers that let a page share memory."""
    folder = tmp_path_factory.mktemp("plain")
    assets = Assets()
    fill(assets, Catalogue(lock_path(), [WHEELS]))
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


@pytest.fixture
def engine_page(page: Page, engine_server: Server) -> Page:
    """A page of a Sidestage server that has no flow: an address that holds JSON."""
    page.goto(engine_server.url + "sidestage/manifest.json")
    return page
