"""A built site on a plain file server: under a path, without headers of its own, offline, altered, and rebuilt."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tools.serving import Server, sidestage

from .participant import choose_file, console, donations, press, wait_for_heading

STUDY = """
from sidestage import flow
from sidestage.tables import Table

def process(session):
    words = yield flow.ask_file("Your words", accept=[".txt"])
    table = Table.from_rows("words", "Words", [{"word": word} for word in words.read().decode().split()])
    agreed = yield flow.review([table])
    yield flow.donate("words", agreed)
"""
PATH = "/some/where/"


@dataclass
class FileServer:
    """A plain file server below a path, and what was asked of it."""

    folder: Path
    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def file_server(tmp_path: Path) -> Iterator[FileServer]:
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        def translate_path(self, path: str) -> str:
            return super().translate_path("/" + path.removeprefix(PATH) if path.startswith(PATH) else "/nowhere")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Patient(http.server.ThreadingHTTPServer):
        # A page asks for a dozen files at once.
        request_queue_size = 50

    folder = tmp_path / "public"
    with Patient(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield FileServer(folder, f"http://127.0.0.1:{server.server_port}{PATH}", asked)
        server.shutdown()


def build(script: Path, to: Path, *words: str) -> None:
    done = sidestage("build", script, "-o", to, "--no-compress", *words)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, built once."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "study.py").write_text(STUDY)
    build(folder / "study.py", folder / "site")
    return folder / "site"


@pytest.fixture
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mine") / "words.txt"
    path.write_text("tea coffee")
    return path


def go_through(page: Page, words: Path) -> object:
    """Give the file, agree, and save the donation; returns what was saved."""
    wait_for_heading(page, "Study")
    choose_file(page, words)
    press(page, "Yes, donate")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save words.json").click()
    press(page, "Continue")
    wait_for_heading(page, "Thank you")
    return json.loads(Path(download.value.path()).read_text())


def wait_until_kept(page: Page) -> None:
    """Wait until the service worker has everything."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def wait_until(page: Page, expression: str) -> None:
    """Wait until a promise in the page comes to true. The page's policy forbids Playwright's own way of waiting."""
    deadline = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"{expression} does not become true"
        page.wait_for_timeout(50)


def test_what_is_cleared_while_the_page_starts_is_not_kept_afterwards(
    page: Page, file_server: FileServer, site: Path
) -> None:
    shutil.copytree(site, file_server.folder)
    held: list[Route] = []
    page.route("**/*.wasm*", lambda route: held.append(route))
    page.goto(file_server.url)
    press(page, "What leaves this page")
    press(page, "Clear it")
    expect(page.get_by_text("It is cleared.")).to_be_visible()
    page.keyboard.press("Escape")
    while not held:
        page.wait_for_timeout(50)
    # What is held goes on by that.
    page.unroute("**/*.wasm*")
    wait_for_heading(page, "Study")
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    page.wait_for_timeout(1_000)
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    assert page.evaluate("caches.keys()") == []


def test_the_whole_way_without_headers_and_then_without_a_network(
    page: Page, context: BrowserContext, file_server: FileServer, site: Path, words: Path
) -> None:
    shutil.copytree(site, file_server.folder)
    addresses: list[str] = []
    context.on("request", lambda request: addresses.append(request.url))
    page.goto(file_server.url)
    assert go_through(page, words)
    assert not [url for url in addresses if not url.startswith((file_server.url, "blob:", "data:"))]
    wait_until_kept(page)
    page.close()
    file_server.asked.clear()
    context.set_offline(True)
    later = context.new_page()
    later.goto(file_server.url)
    assert go_through(later, words)
    later.reload()
    wait_for_heading(later, "Study")
    assert [path for path in file_server.asked if not path.endswith("sw.js")] == []
    assert [line for line in console(page) if "isolated" not in line] == []
    assert later.evaluate("caches.keys()") != []
    press(later, "What leaves this page")
    press(later, "Clear it")
    expect(later.get_by_text("It is cleared.")).to_be_visible()
    assert later.evaluate("caches.keys()") == []
    wait_until(later, "navigator.serviceWorker.getRegistrations().then((left) => left.length === 0)")


@pytest.mark.parametrize("kind", ["pyodide.asm.wasm", "script-*.zip", "config-*.json", "start-*.js", "page-*.js"])
def test_an_altered_file_is_refused_in_a_sentence(page: Page, file_server: FileServer, site: Path, kind: str) -> None:
    shutil.copytree(site, file_server.folder)
    (file,) = file_server.folder.rglob(kind)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    page.goto(file_server.url)
    sentence = {
        "pyodide.asm.wasm": "pyodide.asm.wasm could not be loaded",
        "script-*.zip": "script could not be read",
        "config-*.json": "configuration could not be read",
        "start-*.js": "This page could not be loaded",
        "page-*.js": "This page could not be loaded",
    }[kind]
    expect(page.get_by_text(sentence)).to_be_attached()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert page.get_by_role("button", name="Choose a file").count() == 0


def test_a_new_build_is_seen_at_the_next_visit_and_the_old_one_is_forgotten(
    page: Page, context: BrowserContext, file_server: FileServer, site: Path, tmp_path: Path
) -> None:
    shutil.copytree(site, file_server.folder)
    page.goto(file_server.url)
    wait_for_heading(page, "Study")
    wait_until_kept(page)
    (old,) = page.evaluate("caches.keys()")
    (tmp_path / "study.py").write_text(STUDY.replace("Your words", "All your words"))
    build(tmp_path / "study.py", file_server.folder)
    file_server.asked.clear()
    page.reload()
    expect(page.get_by_text("All your words")).to_be_visible()
    assert not [path for path in file_server.asked if path.endswith((".wasm", "stdlib_compiled.zip"))]
    # The new service worker takes over when no page of the old build is open.
    wait_until(page, "navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting !== null)")
    page.close()
    later = context.new_page()
    later.goto(file_server.url)
    expect(later.get_by_text("All your words")).to_be_visible()
    wait_until(later, f"caches.keys().then((names) => names.length === 1 && names[0] !== {json.dumps(old)})")


def test_donations_go_to_a_server_elsewhere(
    page: Page, file_server: FileServer, serve: Callable[..., Server], site: Path, words: Path, tmp_path: Path
) -> None:
    origin = file_server.url.removesuffix(PATH)
    server = serve(site, "--allow-origin", origin, command="serve")
    (tmp_path / "study.py").write_text(STUDY)
    build(tmp_path / "study.py", file_server.folder, "--bridge", f"server={server.url}")
    page.goto(file_server.url)
    wait_for_heading(page, "Study")
    choose_file(page, words)
    press(page, "Yes, donate")
    wait_for_heading(page, "Thank you")
    (donation,) = donations(server.data)
    assert donation.key == "words"
    assert donation.data["words"]["data"] == [{"word": "tea"}, {"word": "coffee"}]


def test_one_file_is_the_whole_study_and_asks_nobody_for_anything(
    page: Page, context: BrowserContext, words: Path, tmp_path: Path
) -> None:
    (tmp_path / "study.py").write_text(STUDY)
    done = sidestage("build", tmp_path / "study.py", "--single", "-o", tmp_path / "single.html")
    assert done.returncode == 0, done.stderr
    addresses: list[str] = []
    context.on("request", lambda request: addresses.append(request.url))
    page.goto((tmp_path / "single.html").as_uri())
    assert go_through(page, words)
    assert [url for url in addresses if not url.startswith(("blob:", "data:"))] == [page.url]
    assert console(page) == []
