"""Whatever the module of a study's own prompt tries, nothing gets out of its frame but its answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.frame_ways_out import MODULE, give, names_in, told, ways_in, write_study
from tests.ways_out import Listener, listening
from tools.chromium import CHROMIUM, FLAGS
from tools.serving import Server, start_server

from .participant import donations, open_study, press, wait_for_heading

#: Some of those that a page without a policy must be seen to use, for each way to watch them.
HEARD = {"fetch", "XMLHttpRequest", "beacon", "EventSource", "WebSocket", "img", "css url", "css import", "font face"}
HEARD |= {"script", "import", "iframe", "worker of a blob", "eval", "handler in markup", "object", "form"}
SEEN = HEARD | {"WebRTC", "fetch of a name", "fetch from the page's own server"}


REQUESTS = ways_in("REQUESTS", "frame")
OPEN = ways_in("REQUESTS", "open")
AWAY = ways_in("AWAY", "away")


@dataclass
class Journey:
    """What came of all ways, in the frame and on a page without one."""

    outcomes: dict[str, str]
    keys: list[str]
    title: str
    server: str
    network: str


@pytest.fixture(scope="module")
def journey(browser: Browser, engine_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """All ways, tried in a browser that writes down whatever it does on the network."""
    folder = tmp_path_factory.mktemp("ways")
    # A file beside the script is part of the study.
    log, data = (tmp_path_factory.mktemp("beside") / name for name in ("log.json", "data"))
    flags = [*FLAGS, f"--log-net-log={log}", "--net-log-capture-mode=IncludeSensitive"]
    watched = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    script = write_study(folder)
    server = start_server("run", script, data=data)
    try:
        with listening() as listener:
            give(script, listener.address, server.url, ways=REQUESTS, away=AWAY)
            page = watched.new_context(locale="en-GB").new_page()
            session = open_study(page, server)
            for way in AWAY:
                wait_for_heading(page, way.word)
                press(page, "Go on without it")
            wait_for_heading(page, "Thank you")
            title = page.title()
            try_in_the_open(watched, listener, engine_server)
            watched.close()
            given_away = donations(server.data, session)
            return Journey(
                given_away[0].data,
                [donation.key for donation in given_away],
                title,
                "\n".join(listener.heard),
                asked_of_the_network(log),
            )
    finally:
        server.stop()


def asked_of_the_network(log: Path) -> str:
    """
    What the browser asked of the network. Chromium opens a connection to where a frame is led before it finds that the
    page forbids it, and sends nothing over it; that is told in the documentation.
    """
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    told = [event.get("params", {}) for event in events]
    return "\n".join(json.dumps(each) for each in told if not each.get("is_preconnect"))


def try_in_the_open(browser: Browser, listener: Listener, server: Server) -> None:
    """The same on a page that has no policy."""
    page = browser.new_page()
    page.goto(f"{server.url}sidestage/manifest.json")
    ways = [way.given(listener.address, server.url) for way in OPEN if way.name in SEEN]
    # The last of them, a form, leads the page away.
    with page.expect_navigation():
        page.evaluate(
            TRY_ALL, [MODULE.read_text(encoding="utf-8"), sorted(ways, key=lambda way: way["name"] == "form")]
        )


TRY_ALL = """async ([text, ways]) => {
  const { REQUESTS } = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  for (const way of ways) {
    if (way.name === "form") await new Promise((resolve) => setTimeout(resolve, 2_000));
    try {
      REQUESTS[way.name](way)?.catch?.(() => undefined);
    } catch {
      // It is looked at from outside whether anything was heard.
    }
  }
}"""


def test_nothing_gets_out_of_the_frame(journey: Journey) -> None:
    assert len(REQUESTS) > 60
    assert told(REQUESTS, journey.server) == set()
    assert told(REQUESTS, journey.network) == set()


def test_on_a_page_without_a_policy_it_would_be_heard(journey: Journey) -> None:
    assert told(OPEN, journey.server) >= HEARD
    assert told(OPEN, journey.network) >= SEEN - {"WebRTC"}


def test_a_frame_that_leads_itself_away_comes_nowhere_and_the_study_goes_on(journey: Journey) -> None:
    assert told(AWAY, journey.server) == set()
    assert told(AWAY, journey.network) == set()
    sentence = "prompts/WayAway.js leaves its page for another one"
    assert {journey.outcomes[way.name] for way in AWAY} == {sentence}


def test_the_frame_gets_hold_of_nothing_of_the_page(journey: Journey) -> None:
    things = names_in("THINGS")
    assert len(things) > 15
    assert {name for name in things if journey.outcomes[name].startswith("had")} == set()
    assert "the page's port" not in journey.outcomes


def test_the_frame_donates_nothing_and_the_page_takes_no_order_from_it(journey: Journey) -> None:
    assert journey.keys == ["outcomes"]
    assert journey.title == "Study"
