"""The core on another line of Pyodide than Sidestage's own: engine, flow, recovery, snapshot."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import OTHER_PYODIDE, REPOSITORY
from tools.serving import Server, start_server

from .in_page import in_page
from .participant import choose_file, donations, press
from .test_boot import wait_until_kept
from .test_engine_cases import CASES, RUNNER, check_outcome, check_output
from .test_flow_survival import kill_worker

SCRIPT = f"""
# /// script
# [tool.sidestage]
# pyodide = "{OTHER_PYODIDE}"
# ///
import sys

from sidestage import flow
from sidestage.tables import Table


def process(session):
    yield flow.show_text(f"Python {{sys.version_info.major}}.{{sys.version_info.minor}}")
    file = yield flow.ask_file("A file")
    agreed = yield flow.review(Table("lines", "Lines", {{"line": file.read().decode().split()}}))
    yield flow.donate("lines", agreed)
    yield flow.show_text("Goodbye")
"""

#: The cases of the engine in which the line of Pyodide may tell.
CORE = (
    "results of every kind",
    "errors of the code, with the lines that led to them",
    "await at the top level, and tasks that are left behind",
    "what is printed comes before the result, line by line",
    "a time limit ends code, and keeps the state",
    "a time limit ends code that will not be interrupted, with a fresh worker",
    "an interrupt stops a request that waits for a fresh worker, and the next one finds it",
    "a crash fails what runs, and the next request finds a fresh worker",
    "globals and files are there from the start, in every kind",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose pages run the other Pyodide."""
    subprocess.run([sys.executable, REPOSITORY / "tools/fetch_pyodide.py"], check=True)
    folder = tmp_path_factory.mktemp("other")
    script = folder / "study.py"
    script.write_text(SCRIPT)
    server = start_server("run", script, data=folder / "data")
    yield server
    server.stop()


@pytest.fixture
def other_page(page: Page, server: Server) -> Page:
    """A page of that server that has no flow."""
    page.goto(server.url + "sidestage/manifest.json")
    return page


#: What its logs have beside the cases: each start tells once what is not as it is known.
DIFFERENCE = "This Pyodide is not as Sidestage knows it (recursion: "


def test_the_cases_of_the_engine(other_page: Page) -> None:
    cases = {case["name"]: case for case in CASES}
    for case in map(cases.__getitem__, CORE):
        seen: dict[str, Any] = json.loads(in_page(other_page, RUNNER, case))
        for step, came in zip(case["steps"], seen["steps"], strict=True):
            together = step.get("together", [step])
            for one, outcome in zip(together, came["outcomes"], strict=True):
                check_outcome(one, outcome)
            printed = [[stream, text] for stream, text in came["logs"] if not text.startswith(DIFFERENCE)]
            check_output(next((one for one in together if one.keys() & {"logs", "logLines"}), step), printed)
        assert seen["crashes"] == case.get("crashes", 0), case["name"]


def test_the_next_visit_starts_from_a_snapshot(other_page: Page) -> None:
    look = """
        const worker = make();
        await worker.init();
        const found = await worker.runPython("import random, sys; [*sys.version_info[:2], random.random()]");
        return [found, logs.map(({ text }) => text)];
    """
    first, said = in_page(other_page, look)
    wait_until_kept(other_page)
    other_page.reload()
    # Without these there is no other way to start.
    other_page.route("**/runtime/**", lambda route: route.abort())
    second, said_again = in_page(other_page, look)
    assert [text.startswith(DIFFERENCE) for text in (*said, *said_again)] == [True, True]
    assert first[:2] == second[:2] == [3, 14]
    assert first[2] != second[2]


def test_a_flow_survives_its_worker(page: Page, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("a\nb\n")
    page.goto(server.url)
    expect(page.get_by_text("Python 3.14")).to_be_visible()
    press(page, "Continue")
    choose_file(page, file, then=None)
    kill_worker(page)
    press(page, "Continue")
    press(page, "Yes, donate")
    expect(page.get_by_text("Goodbye")).to_be_visible()
    (donation,) = donations(server.data)
    assert donation.data["lines"]["data"] == [{"line": "a"}, {"line": "b"}]
