"""The page in the frame of a host at another origin, which speaks with it over a port."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tools.serving import Server, start_server

from .participant import console, donations

STUDY = """
# /// script
# [tool.sidestage.session-data]
# data = "Two numbers"
# log = "That it has begun, and how it ended"
# ///
from sidestage import flow
from sidestage.tables import Table

def process(session):
    yield flow.log("begun")
    yield flow.show_text({"en": "Welcome", "nl": "Welkom"})
    arrived = yield flow.donate("data", {"rows": [1, 2]})
    yield flow.show_text(f"Arrived: {arrived}. " + "A long text. " * 400)
    agreed = yield flow.review(Table("t", "Rows", {"n": [1.0, None]}))
    if agreed:
        yield flow.donate("table", agreed)
    yield flow.exit(3, "enough")
"""
#: What a host does: frame the study, start it, keep what it says, and answer as it is told to.
HOST = """<!doctype html><title>Host</title><iframe title="Study" width="700" height="500"></iframe><script>
const said = [], heard = [];
let answer = "none";
const channels = [new MessageChannel(), new MessageChannel()];
const frame = document.querySelector("iframe");
const init = (channel, locale) => {
  const start = { action: "live-init", locale, liveness: { attempt_id: "a1" } };
  if (!location.search.includes("silent")) frame.contentWindow.postMessage(start, "*", [channel.port2]);
};
addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  said.push(data);
  if (data.action === "app-loaded") { init(channels[0], "nl-NL"); init(channels[1], "en"); }
});
for (const [number, { port1 }] of channels.entries()) port1.onmessage = ({ data }) => {
  heard.push({ number, ...data });
  if (data.__type__ !== "CommandSystemDonate" || answer === "none") return;
  port1.postMessage({ __type__: "DonateSuccess", key: "another", status: 200 });
  const refused = answer === "DonateError" && { error: "Too odd." };
  port1.postMessage({ __type__: answer, key: data.key, status: refused ? 422 : 200, ...refused });
};
frame.src = new URLSearchParams(location.search).get("study");
</script>"""


class Host(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if "isolated" in self.path:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(HOST.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("host")
    (folder / "study.py").write_text(STUDY)
    server = start_server("run", folder / "study.py", data=folder / "data")
    yield server
    server.stop()


Open = Callable[..., FrameLocator]


@pytest.fixture
def framed(page: Page, host: str, server: Server) -> Open:
    """Open the host's page, which answers donations in one way; returns the frame with the study."""

    def open_frame(answer: str = "none", query: str = "") -> FrameLocator:
        page.goto(f"{host}?study={server.url}{query}")
        page.evaluate("(kind) => { answer = kind; }", answer)
        return page.frame_locator("iframe")

    return open_frame


def heard(page: Page) -> list[dict[str, Any]]:
    """What came over the port that the host gave first."""
    messages: list[dict[str, Any]] = page.evaluate("heard")
    assert all(message.pop("number") == 0 for message in messages), "the second live-init counts for nothing"
    return messages


def go_on(frame: FrameLocator) -> None:
    frame.get_by_role("button", name="Doorgaan").click()


def test_a_host_starts_it_takes_its_commands_and_answers(page: Page, framed: Open, server: Server) -> None:
    frame = framed("DonateSuccess")
    expect(frame.get_by_text("Welkom")).to_be_visible()
    heights = [message["height"] for message in page.evaluate("said") if message["action"] == "resize"]
    go_on(frame)
    expect(frame.get_by_text("Arrived: True.")).to_be_visible()
    page.wait_for_function("said.at(-1).height > 1000")
    assert 0 < heights[-1] < 1000
    go_on(frame)
    frame.get_by_role("button", name="Ja, doneer").click()
    expect(frame.get_by_role("heading", name="Het onderzoek is afgelopen")).to_be_visible()
    page.evaluate("channels[0].port1.postMessage({ __type__: 'LivenessPing', attempt_id: 'a1', sequence: 7 })")
    page.wait_for_function("heard.at(-1).__type__ === 'LivenessPong'")
    assert page.evaluate("said[0]") == {"action": "app-loaded"}
    assert heard(page) == [
        {"__type__": "LivenessReady", "attempt_id": "a1"},
        {"__type__": "CommandSystemEvent", "name": "initialized"},
        {
            "__type__": "CommandSystemLog",
            "level": "info",
            "message": "begun",
            "json_string": '{"level":"info","message":"begun"}',
        },
        {"__type__": "CommandSystemDonate", "key": "data", "json_string": '{"rows": [1, 2]}'},
        {
            "__type__": "CommandSystemDonate",
            "key": "table",
            "json_string": '{"t": {"data": [{"n": 1.0}, {"n": null}], "metadata": {"deletedRowCount": 0}}}',
        },
        {"__type__": "CommandSystemExit", "code": 3, "info": "enough"},
        {"__type__": "LivenessPong", "attempt_id": "a1", "sequence": 7},
    ]
    assert donations(server.data) == []
    assert console(page) == []


def test_initialized_is_said_when_python_is_ready_and_not_before(page: Page, framed: Open) -> None:
    held: list[Route] = []
    page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    with page.expect_request("**/pyodide.asm.wasm"):
        frame = framed()
    page.wait_for_function("heard.length > 0")
    page.wait_for_timeout(500)
    assert [message["__type__"] for message in heard(page)] == ["LivenessReady"]
    held[0].continue_()
    expect(frame.get_by_text("Welkom")).to_be_visible()
    assert heard(page)[1] == {"__type__": "CommandSystemEvent", "name": "initialized"}


def test_a_refusal_of_the_host_is_told(page: Page, framed: Open) -> None:
    frame = framed("DonateError")
    go_on(frame)
    expect(frame.get_by_text("Arrived: False.")).to_be_visible()
    expect(frame.get_by_role("alert")).to_contain_text("Too odd.")


def test_a_host_that_never_answers_does_not_hold_the_flow_up(page: Page, framed: Open) -> None:
    page.clock.install()
    frame = framed("none")
    go_on(frame)
    page.wait_for_function("heard.some((message) => message.__type__ === 'CommandSystemDonate')")
    expect(frame.get_by_role("status")).to_have_text("Bezig met verzenden…")
    page.clock.fast_forward(60_000)
    expect(frame.get_by_text("Arrived: None.")).to_be_visible()


def test_a_host_that_is_isolated_itself_can_frame_it_too(page: Page, framed: Open, host: str, server: Server) -> None:
    page.goto(f"{host}?isolated&study={server.url}")
    expect(page.frame_locator("iframe").get_by_text("Welkom")).to_be_visible()
    assert page.evaluate("crossOriginIsolated")


def test_a_page_that_frames_it_and_says_nothing_is_no_host(page: Page, host: str, server: Server) -> None:
    page.clock.install()
    with page.expect_response("**/api/session") as answer:
        page.goto(f"{host}?silent&study={server.url}")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("progressbar")).to_be_visible()
        page.clock.fast_forward(10_000)
    session = answer.value.json()["sessionId"]
    for _ in range(2):
        frame.get_by_role("button", name="Continue").click()
    frame.get_by_role("button", name="No, do not donate").click()
    expect(frame.get_by_role("heading", name="The study has ended")).to_be_visible()
    assert [donation.data for donation in donations(server.data, session)] == [{"rows": [1, 2]}]
