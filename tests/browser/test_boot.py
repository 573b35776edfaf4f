"""What a visit fetches, and what the next one does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Route

from tests.conftest import WHEELS
from tools.serving import Server

from .conftest import PATIENCE
from .in_page import in_page

STUDY = """
# /// script
# dependencies = [{packages}]
# ///
from sidestage import flow


def process(session):
    {first}
    yield flow.show_text("Hello")
    yield flow.show_text("Again")
"""


def _study(folder: Path, packages: str = "", first: str = "pass") -> Path:
    script = folder / "study.py"
    script.write_text(STUDY.format(packages=packages, first=first))
    return script


def _paths(requests: list[Request]) -> list[str]:
    return [urlsplit(request.url).path for request in requests]


def _heard(page: Page) -> list[Request]:
    """The requests of a page, as they are made."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    return requests


def wait_until_kept(page: Page) -> None:
    """A start is kept in the background once the page is there."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate("localStorage.getItem('sidestage-kept')"):
        assert time.monotonic() < deadline, "nothing was kept for the next visit"
        page.wait_for_timeout(50)


def test_the_second_visit_fetches_nothing_of_python(serve: Callable[..., Server], page: Page, tmp_path: Path) -> None:
    server = serve(_study(tmp_path, '"numpy"', "import numpy"), "--find-links", WHEELS)
    requests = _heard(page)
    page.goto(server.url)
    page.get_by_text("Hello").wait_for()
    first = list(requests)
    fetched = _paths(first)
    assert len(fetched) == len(set(fetched)), "fetched twice"
    assert any("numpy" in path for path in fetched)
    assert {urlsplit(request.url).netloc for request in first} - {""} == {urlsplit(server.url).netloc}
    wait_until_kept(page)

    requests.clear()
    page.goto(server.url)
    page.get_by_text("Hello").wait_for()
    large = [path for path in _paths(requests) if "runtime/" in path or "packages/" in path or "python/" in path]
    assert large == []
    transferred = page.evaluate("performance.getEntriesByType('resource').map((each) => each.transferSize)")
    assert sum(transferred) < 20_000, "what may have changed is asked about, and nothing else"


def test_a_study_without_packages_fetches_none(serve: Callable[..., Server], page: Page, tmp_path: Path) -> None:
    server = serve(_study(tmp_path), "--find-links", WHEELS)
    requests = _heard(page)
    page.goto(server.url)
    page.get_by_text("Hello").wait_for()
    assert [path for path in _paths(requests) if "packages/" in path or "micropip" in path] == []


def test_a_first_visit_fetches_the_interpreter_before_it_knows_the_packages(
    serve: Callable[..., Server], page: Page
) -> None:
    page.goto(serve(command="demo").url + "sidestage/manifest.json")
    held: list[Route] = []
    page.route("**/sidestage/lock/*", lambda route: held.append(route))
    requests = _heard(page)
    with page.expect_request("**/sidestage/lock/*"):
        in_page(page, "window.worker = make(); return null")
    page.wait_for_timeout(300)
    assert not [path for path in _paths(requests) if "pyodide.asm" in path], "nobody has asked for Python yet"
    with page.expect_request("**/pyodide.asm.wasm"):
        in_page(page, "window.started = worker.init(); return null")
    held[0].continue_()
    page.evaluate("window.started.then(() => null)")


def test_the_terminal_tells_that_a_page_has_switched_the_seal_off(
    serve: Callable[..., Server], page: Page, tmp_path: Path
) -> None:
    server = serve(_study(tmp_path))
    page.goto(server.url + "sidestage/manifest.json")
    found = in_page(
        page,
        """
        const fetches = `
        from pyodide.http import pyfetch
        (await pyfetch("${location.href}")).status
        `.replaceAll("        ", "");
        const sealed = make();
        await sealed.init();
        const open = make({ sealed: false });
        await open.init();
        return [await caught(sealed.runPython(fetches)), await open.runPython(fetches)];
        """,
    )
    assert found[0]["name"] == "JsException" or "Error" in found[0]["name"]
    assert found[1] == 200
    server.wait_for("/sidestage/manifest.json runs Python unsealed")
