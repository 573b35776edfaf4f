"""A long table that was reviewed, donated as it is: named to the page that has it, against sent to it as text."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.processes import memory_of, remember_peaks
from benchmarks.stage import Stage, run_in

TITLE = "A reviewed table of 65,000 rows, donated as it is"
OTHER_WAY = "the same rows as JSON text, which the page compares with what it has shown"
_STUDY = """
import json

from sidestage import flow
from sidestage.protocol import CommandSystemDonate
from sidestage.tables import Table


def process(session):
    numbers = range({rows})
    columns = {{
        "day": [f"2024-{{1 + number % 12:02}}-{{1 + number % 28:02}}" for number in numbers],
        "sender": [f"Person {{number % 40}}" for number in numbers],
        "message": [f"This is what was said in message {{number}} of the chat" for number in numbers],
        "length": [number % 300 for number in numbers],
    }}
    table = Table("messages", "Messages", columns)
    del columns
    agreed = yield flow.review(table)
    yield flow.show_text("Ready to give.", button="Give")
    yield {donate}
    yield flow.show_text("All is given.")
"""
_BY_REFERENCE = 'flow.donate("messages", agreed)'
_AS_TEXT = 'CommandSystemDonate("messages", json.dumps(agreed))'
_LINES = (
    ("given", 'from "Give" until the server has it', "ms"),
    ("task", "longest task of the page meanwhile", "ms"),
    ("memory", "growth of the memory of page and Python, at its peak", "MB"),
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round a fresh visitor per side."""
    rows = 500 if quick else 65_000
    addresses = [stage.serve(_STUDY.format(rows=rows, donate=donate)) for donate in (_BY_REFERENCE, _AS_TEXT)]
    ours, text = interleaved(rounds, *(lambda address=address: _given(stage, address) for address in addresses))
    return Comparison(
        TITLE, OTHER_WAY, [Row(name, sample(ours, key, unit), sample(text, key, unit)) for key, name, unit in _LINES]
    )


def _given(stage: Stage, address: str) -> Round:
    """Agree to all rows, and give them."""
    with stage.visitor() as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Yes, donate").click()
        page.get_by_role("button", name="Give").wait_for()
        # What the review itself has left behind is not what is asked about here.
        page.wait_for_timeout(2_000)
        before = memory_of(stage.browser, "VmRSS")
        remember_peaks(stage.browser)
        times = _times(stage, page)
        peak = memory_of(stage.browser, "VmHWM")
        growth = "only on Linux" if before is None or peak is None else max(peak - before, 0)
        return {**times, "memory": growth}


def _times(stage: Stage, page: Page) -> Round:
    stage.browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline", "blink.user_timing"])
    run_in(page, "performance.mark('clicked')")
    page.get_by_role("button", name="Give").click()
    page.get_by_text("All is given.").wait_for()
    run_in(page, "performance.mark('given')")
    events = json.loads(stage.browser.stop_tracing())["traceEvents"]
    marks = {event["name"]: event for event in events if event["name"] in ("clicked", "given")}
    clicked, given = marks["clicked"], marks["given"]
    tasks = [
        event.get("dur", given["ts"] - event["ts"])
        for event in events
        if event["name"] == "RunTask"
        and (event["pid"], event["tid"]) == (clicked["pid"], clicked["tid"])
        and clicked["ts"] <= event["ts"] <= given["ts"]
    ]
    return {"given": (given["ts"] - clicked["ts"]) / 1000, "task": max(tasks) / 1000}
