"""What leaves a page besides donations: a script that tries to spell something with it, and what others then hear."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, Request, expect

from tools.serving import Server, sidestage, start_server

from .participant import log_lines, open_study, press, wait_for_heading
from .test_flow_host import host  # noqa: F401  (a fixture)
from .test_flow_survival import kill_worker

#: Spells a secret in whatever the page does for it that nobody was asked about.
STUDY = """
import time
from sidestage import flow
from sidestage.protocol import (
    CommandSystemDonate, CommandSystemEvent, CommandSystemLog, CommandUIRender, PropsUIPageEnd
)

SECRET = b"A secret out of a file, 40 bytes of it.."

def refused(bit):
    try:
        yield CommandSystemDonate("secret", {}) if bit else CommandSystemLog("info", 5, "{}")
    except flow.PromptError:
        pass

def process(session):
    for byte in SECRET:
        for place in range(8):
            yield from refused(byte >> place & 1)
        yield flow.log(f"byte {byte}")
        yield CommandSystemEvent(f"byte {byte}")
        # Each is drawn anew, with a height and a title of its own.
        yield CommandUIRender(PropsUIPageEnd())
        yield flow.show_progress("word " * 20 * byte, title=f"byte {byte}")
        time.sleep(0.05)
    yield flow.confirm("Did you hear anything?")
    yield flow.exit(SECRET[0], SECRET.decode())
"""
ASK = "Did you hear anything?"
REFUSED = "Commands of the script that do not fit the protocol were refused."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("signals")
    (folder / "study.py").write_text(STUDY)
    server = start_server("run", folder / "study.py", data=folder / "data")
    yield server
    server.stop()


@pytest.fixture
def page(returning_page: Page) -> Page:
    """Of somebody who may have been here before."""
    return returning_page


def test_a_server_hears_two_lines_and_nothing_before_the_end(page: Page, server: Server) -> None:
    sent: list[str] = []
    fetched: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(server.url):
            (sent if request.method == "POST" else fetched).append(request.url.removeprefix(server.url))

    page.on("request", note)
    session = open_study(page, server)
    expect(page.get_by_text(ASK)).to_be_visible()
    assert sent == ["api/session"]
    fetched.clear()
    for _ in range(2):
        # A script can make its worker break down as often as it likes; the next is made of what the page has.
        kill_worker(page)
    press(page, "Yes")
    wait_for_heading(page, "The study has ended")
    assert sent == ["api/session", "api/logs"]
    assert fetched == []
    said = log_lines(server.data, session)
    assert said == [("warn", REFUSED), ("info", f"exit {ord('A')}: ")]


def test_an_embedding_page_hears_three_heights_and_sees_no_focus_come_and_go(
    page: Page,
    host: str,  # noqa: F811
    server: Server,
) -> None:
    page.goto(f"{host}?study={server.url}")
    page.evaluate("""() => {
      globalThis.moved = 0;
      for (const type of ["blur", "focus"]) addEventListener(type, () => { moved += 1; });
      document.body.insertAdjacentHTML("afterbegin", "<input>");
      document.querySelector("input").focus();
    }""")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(ASK)).to_be_visible()
    page.wait_for_timeout(700)
    heights = [message["height"] for message in page.evaluate("said") if message["action"] == "resize"]
    # Two more for the question, which waits for the participant: so that its frame fits.
    assert 1 <= len(heights) <= 5, heights
    assert all(height % 50 == 0 for height in heights)
    assert page.evaluate("[moved, document.activeElement.tagName]") == [0, "INPUT"]
    assert heard_of(page) == ["LivenessReady", "CommandSystemEvent"]
    frame.get_by_role("button", name="Ja", exact=True).click()
    expect(frame.get_by_role("heading", name="Het onderzoek is afgelopen")).to_be_visible()
    assert heard_of(page) == ["LivenessReady", "CommandSystemEvent", "CommandSystemLog", "CommandSystemExit"]
    assert [message["name"] for message in heard(page) if "name" in message] == ["initialized"]


def heard(page: Page) -> list[dict[str, Any]]:
    """What the host heard over its port."""
    messages: list[dict[str, Any]] = page.evaluate("heard")
    return messages


def heard_of(page: Page) -> list[str]:
    return [message["__type__"] for message in heard(page)]


@contextlib.contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """A web host that sends no headers of its own; yields its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Patient(http.server.ThreadingHTTPServer):
        # A page asks for a dozen files at once.
        request_queue_size = 50

    with Patient(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_site_that_was_not_built_for_a_host_refuses_to_be_shown_inside_another_page(
    page: Page,
    host: str,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("inside")
    (folder / "study.py").write_text(STUDY)
    origin = host.rstrip("/")
    for bridge, is_shown in ((f"host={origin}", True), ("host=https://host.example", False), ("download", False)):
        done = sidestage("build", folder / "study.py", "-o", folder / "site", "--no-compress", "--bridge", bridge)
        assert done.returncode == 0, done.stderr
        with plain_server(folder / "site") as address:
            page.goto(f"{host}?study={address}")
            frame: FrameLocator = page.frame_locator("iframe")
            if is_shown:
                expect(frame.get_by_text(ASK)).to_be_visible()
                assert page.evaluate("said[0]") == {"action": "app-loaded"}
            elif bridge == "download":
                expect(frame.get_by_role("heading", name="This study is not meant to be shown inside")).to_be_visible()
                assert page.evaluate("said") == []
            else:
                expect(frame.get_by_role("progressbar")).to_be_visible()
                page.wait_for_timeout(2_000)
                assert page.evaluate("[said, heard]") == [[], []]
