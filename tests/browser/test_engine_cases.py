"""The cases that the engine in Python is held against too; ``engine_cases.json`` says how to read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from .in_page import in_page

CASES = json.loads((Path(__file__).parents[1] / "engine_cases.json").read_text(encoding="utf-8"))["cases"]
RUNNER = Path(__file__).with_name("engine_cases.js").read_text(encoding="utf-8")


def check_outcome(step: dict[str, Any], outcome: dict[str, Any]) -> None:
    wanted = step.get("error")
    if step.get("outcome") == "any":
        return
    if wanted is None:
        assert "error" not in outcome, outcome["error"]
    else:
        assert outcome["error"]["name"] == wanted["name"], outcome
        assert wanted["message"] in outcome["error"]["message"]
        for text in wanted.get("traceback", ()):
            assert text in outcome["error"]["traceback"]
        for key in ("failedIndex", "partialResults"):
            assert outcome["error"].get(key) == wanted.get(key)
        return
    if "expect" in step:
        assert (outcome["value"], outcome["buffers"]) == (step["expect"], step.get("buffers", [])), step
    for text in step.get("contains", ()):
        assert text in json.dumps(outcome["value"]), step


def check_output(step: dict[str, Any], printed: list[list[str]]) -> None:
    if "logLines" in step:
        assert (len(printed), printed[-1][1]) == (step["logLines"]["count"], step["logLines"]["last"])
    elif step.get("logs") != "any":
        assert printed == step.get("logs", [])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(engine_page: Page, case: dict[str, Any]) -> None:
    seen = json.loads(in_page(engine_page, RUNNER, case))
    for step, came in zip(case["steps"], seen["steps"], strict=True):
        together = step.get("together", [step])
        for one, outcome in zip(together, came["outcomes"], strict=True):
            check_outcome(one, outcome)
        check_output(next((one for one in together if one.keys() & {"logs", "logLines"}), step), came["logs"])
    if case.get("crashes") != "any":
        assert seen["crashes"] == case.get("crashes", 0)
