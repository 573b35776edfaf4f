"""Whatever code in the seal tries, nothing gets out: no request, no name to look up, nothing for the page to find."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.ways_out import RUN_WAYS, listening, told, ways_out
from tools.chromium import CHROMIUM, FLAGS
from tools.serving import Server

from .in_page import in_page

SEALED = ways_out("sealed")
OPEN = ways_out("open")
#: Some of those that a worker without a seal must be seen to use, for each way to watch them.
REQUESTS = {"fetch", "XMLHttpRequest that waits", "EventSource", "WebSocket", "font", "importScripts", "import", "eval"}
REQUESTS |= {"worker of a blob that fetches", "function by its constructor", "run_js", "a package by its address"}
UNHEARD = {"fetch from the page's own server", "a name to look up, by fetch", "worker from the page's own server"}


@dataclass
class Journey:
    """What came of all ways, once from a worker in the seal, and once from one without."""

    sealed: dict[str, Any]
    open: dict[str, Any]
    #: All that the listening server heard.
    server: str
    #: All that the browser has asked of the network: also names it looked up, and what is not TCP.
    network: str


@pytest.fixture(scope="module")
def journey(browser: Browser, engine_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """All ways, tried in a browser that writes down whatever it does on the network."""
    log = tmp_path_factory.mktemp("network") / "log.json"
    flags = [*FLAGS, f"--log-net-log={log}", "--net-log-capture-mode=IncludeSensitive"]
    watched = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    with listening() as listener:
        pages = []
        for ways, sealed in ((SEALED, True), (OPEN, False)):
            page = watched.new_context().new_page()
            page.goto(f"{engine_server.url}sidestage/manifest.json")
            given = listener.journey(ways, engine_server.url, sealed=sealed)
            in_page(page, f"window.journey = (async () => {{ {RUN_WAYS} }})();", given)
            pages.append(page)
        # Both at the same time.
        sealed_outcome, open_outcome = (page.evaluate("window.journey") for page in pages)
        watched.close()
        network = log.read_text(encoding="utf-8")
        yield Journey(sealed_outcome, open_outcome, "\n".join(listener.heard), network)


def test_nothing_gets_out_of_the_seal(journey: Journey) -> None:
    assert len(SEALED) > 150
    assert told(SEALED, journey.server) == set()
    assert told(SEALED, journey.network) == set()


def test_without_the_seal_it_would_be_heard(journey: Journey) -> None:
    assert told(OPEN, journey.server) >= REQUESTS
    assert told(OPEN, journey.network) >= REQUESTS | UNHEARD


def test_the_page_hears_and_finds_nothing_of_it(journey: Journey) -> None:
    assert journey.sealed["heard"] == []
    assert not any(journey.sealed["left"].values()), journey.sealed["left"]
    assert {where for where, _ in journey.open["heard"]} == {"broadcast"}
    assert all(journey.open["left"][where] for where in ("databases", "caches", "files"))


def test_messages_that_code_made_up_are_refused_and_settle_nothing(journey: Journey) -> None:
    outcomes = journey.sealed["outcomes"]
    forged = {name: came for name, came in outcomes.items() if name.startswith("forged: ")}
    assert len(forged) > 10
    for name, came in forged.items():
        assert came["error"] is None, name
        assert any(line.startswith("A message from Python was refused. ") for line in came["said"]), name
    for name in ("ports on their way", "ports on the stack"):
        assert outcomes[name]["error"] is None, outcomes[name]["message"]


def test_workers_after_it_start_from_the_snapshot_and_are_sound(journey: Journey) -> None:
    said = [line for came in journey.sealed["outcomes"].values() for line in came["said"]]
    assert not [line for line in said if "starts the ordinary way" in line]
    assert journey.sealed["alive"] == 2


STUDY = """
import js
from sidestage import flow

def process(session):
    request = js.XMLHttpRequest.new()
    request.open("GET", "HEARD/by-a-study", False)
    try:
        request.send()
        outcome = "answered"
    except Exception:
        outcome = "refused"
    yield flow.show_text(outcome)
"""


def test_a_study_runs_in_the_frame_that_its_page_came_with_and_is_sealed_there(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    frames: list[dict[str, Any]] = []
    with listening() as listener:
        (tmp_path / "study.py").write_text(STUDY.replace("HEARD", listener.address), encoding="utf-8")
        server = serve(tmp_path / "study.py")
        keep = "window.first ??= document.querySelector('iframe');"
        page.add_init_script(f"document.addEventListener('readystatechange', () => {{ {keep} }});")
        page.goto(server.url)
        page.get_by_text("refused").wait_for()
        frames = page.evaluate(
            "[...document.querySelectorAll('iframe')].map((each) => ({ first: each === window.first, "
            "sandbox: each.sandbox.value, document: each.contentDocument, text: each.srcdoc }))"
        )
        assert listener.heard == []
    manifest = json.loads(fetched(server, "manifest.json"))
    text = fetched(server, manifest["frame"])
    assert frames == [{"first": True, "sandbox": "allow-scripts", "document": None, "text": text}]


def fetched(server: Server, path: str) -> str:
    with urllib.request.urlopen(f"{server.url}sidestage/{path}") as answer:
        return str(answer.read().decode())
