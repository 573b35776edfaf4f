"""What a participant does on a study's page, and what the researcher then finds on disk."""

from __future__ import annotations

import contextlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from sidestage.cli.donation_export import export_all
from sidestage.server.store import Store
from tools.serving import Server

expect.set_options(timeout=30_000)


def open_study(page: Page, server: Server, query: str = "") -> str:
    """Open the page of a study; returns the id of the session that the server gave it."""
    with page.expect_response("**/api/session") as answer:
        page.goto(server.url + query)
    return str(answer.value.json()["sessionId"])


def wait_for_heading(page: Page, name: str) -> None:
    """Wait for a page with this heading."""
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def press(page: Page, name: str) -> None:
    """Click the button of this name."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    button.click()


def choose_file(page: Page, *paths: Path, button: str = "Choose a file", then: str | None = "Continue") -> None:
    """Choose files by the button, and go on."""
    with page.expect_file_chooser() as chooser:
        press(page, button)
    chooser.value.set_files(list(paths))
    for path in paths:
        expect(page.get_by_role("list").get_by_text(path.name)).to_be_visible()
    if then:
        press(page, then)


def choose(page: Page, answer: str, then: str = "Continue") -> None:
    """Choose one of several answers, and go on."""
    radio = page.get_by_role("radio", name=answer, exact=True)
    expect(radio).to_be_visible()
    radio.check()
    press(page, then)


def table(page: Page, title: str) -> Locator:
    """A table under review with all that belongs to it: its search, its buttons, its counts."""
    return page.get_by_role("region", name=title, exact=True)


def shown_rows(page: Page, title: str) -> list[list[str]]:
    """The texts of the rows of a table that are drawn, as a participant reads them."""
    rows = page.get_by_role("table", name=title, exact=True).locator("tbody tr[data-index]")
    return [[text.strip() for text in row] for row in rows.evaluate_all(_CELLS)]


_CELLS = "rows => rows.map(row => [...row.querySelectorAll('td.cell')].map(cell => cell.innerText))"


@dataclass(frozen=True)
class Donation:
    """A donation as the researcher exports it."""

    session: str
    key: str
    data: Any


def donations(data: Path, session: str | None = None) -> list[Donation]:
    """What ``sidestage donations export`` writes: all donations of a data folder, or of one session."""
    with tempfile.TemporaryDirectory() as folder:
        _export(data, folder)
        index = [json.loads(line) for line in (Path(folder) / "index.jsonl").read_text().splitlines()]
        found = [
            Donation(item["session"], item["key"], json.loads((Path(folder) / item["file"]).read_bytes()))
            for item in index
        ]
    return [donation for donation in found if session in (None, donation.session)]


def log_lines(data: Path, session: str) -> list[tuple[str, str]]:
    """The level and the text of each line that a session logged."""
    with tempfile.TemporaryDirectory() as folder:
        _export(data, folder)
        lines = [json.loads(line) for line in (Path(folder) / "logs.jsonl").read_text().splitlines()]
    return [(line["level"], line["message"]) for line in lines if line["session"] == session]


def _export(data: Path, to: str) -> None:
    # As the command does, but without the start of a process.
    with contextlib.closing(Store.existing(data)) as store:
        export_all(store, Path(to))


def console(page: Page) -> list[str]:
    """What the page has written to the console; the fixture ``page`` keeps it."""
    lines: list[str] = page.console  # type: ignore[attr-defined]
    return lines


def count_text(kept: int, deleted: int) -> str:
    """The line below a table that counts its rows."""
    return f"{kept:,} {'row' if kept == 1 else 'rows'} kept, {deleted:,} deleted"
