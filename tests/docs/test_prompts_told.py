"""Every prompt is told of where people look for it."""

from __future__ import annotations

import inspect
import re

import pytest
from markdown_pages import ROOT

from sidestage import flow
from sidestage.flow.prompts import prompt_types

PROMPTS = (ROOT / "docs/prompts.md").read_text(encoding="utf-8")
TESTING = (ROOT / "docs/testing-a-script.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
TYPES = {kind.__name__: kind for kind in prompt_types()}
FUNCTIONS = sorted({kind.shown_by for kind in TYPES.values() if kind.shown_by})
WAITING = sorted({kind.shown_by for kind in TYPES.values() if kind.shown_by and kind.answered_by != "itself"})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_in_the_table_and_has_a_section_that_tells_of_its_parameters(name: str) -> None:
    assert re.search(rf"^\| \[`flow\.{name}`\]\(#{name}\) \|", PROMPTS, flags=re.MULTILINE), (
        "docs/prompts.md, the table"
    )
    section = PROMPTS.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    parameters = inspect.signature(getattr(flow, name)).parameters.values()
    keywords = [item.name for item in parameters if item.kind is item.KEYWORD_ONLY and item.name != "title"]
    assert not [keyword for keyword in keywords if not re.search(rf"\b{keyword}\b", section)], section


@pytest.mark.parametrize("name", WAITING)
def test_a_function_that_waits_is_told_how_to_answer_in_a_test(name: str) -> None:
    assert re.search(rf"^\| `flow\.{name}` \| `p\.", TESTING, flags=re.MULTILINE), "docs/testing-a-script.md, the table"


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_told_of_with_the_payloads_that_answer_it(name: str) -> None:
    (row,) = re.findall(rf"^\|(?: .*)? `{name}`(?:,| .*)? .*\|.*$", PROTOCOL, flags=re.MULTILINE) or [""]
    assert "Payload" in row, "docs/protocol.md, the table of prompts"
