"""The pytest fixture."""

import subprocess
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

from sidestage import flow
from sidestage.testing import Player


def failing(session: str) -> Generator[Any, Any, Any]:
    yield flow.show_text("Hello")
    raise LookupError("the author's mistake")


def test_a_player_from_the_fixture(play_flow: Callable[..., Player]) -> None:
    p = play_flow(failing, locale="nl")
    p.expect(flow.show_text)
    assert p.text == "Hello"


def test_an_error_of_the_script_shows_at_the_end_of_the_test() -> None:
    from sidestage.testing import plugin

    fixture = plugin.play_flow.__wrapped__()  # type: ignore[attr-defined]
    next(fixture)(failing).answer()
    with pytest.raises(AssertionError, match="LookupError: the author's mistake"):
        next(fixture)


def test_the_plugin_imports_nothing_heavy_when_pytest_starts() -> None:
    seen = (
        "import sys, pytest; before = set(sys.modules); import sidestage.testing.plugin;"
        "print(*set(sys.modules) - before)"
    )
    output = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout
    assert set(output.split()) == {"sidestage", "sidestage.testing", "sidestage.testing.plugin"}
