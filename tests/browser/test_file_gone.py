"""A file that is taken away, or written to, after the participant chose it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tools.serving import Server

from .participant import choose_file, console, open_study, press

STUDY = """
from sidestage import flow


def process(session):
    export = yield flow.ask_file("Your export")
    yield flow.show_text("Thank you")
    try:
        export.read()
    except OSError as error:
        yield flow.show_text(f"Sorry: {error.strerror}")
"""


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("other content")])
def test_the_script_is_told_and_python_goes_on(
    page: Page, serve: Callable[..., Server], tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    # Not beside the script: what changes there makes the page reload.
    export = tmp_path / "downloads/export.txt"
    export.parent.mkdir()
    export.write_text("content")
    open_study(page, serve(script))
    choose_file(page, export)
    expect(page.get_by_text("Thank you")).to_be_visible()
    spoil(export)
    press(page, "Continue")
    expect(
        page.get_by_text("Sorry: the file cannot be read: it has changed or gone since it was chosen")
    ).to_be_visible()
    assert console(page) == []
