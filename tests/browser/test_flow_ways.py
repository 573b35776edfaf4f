"""The same study in other ways: dropped files, another language, a phone, the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tools.serving import Server, start_server

from .chat_study import DAYS, EXAMPLE, SENDERS, ChatTruth, agree, days_of, senders_of, write_whatsapp
from .conftest import PATIENCE
from .participant import choose, choose_file, console, count_text, donations, open_study, press, table, wait_for_heading


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server("run", EXAMPLE / "study.py", data=tmp_path_factory.mktemp("ways") / "data")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "chat.zip"


@pytest.fixture(scope="module")
def truth(export: Path) -> ChatTruth:
    return write_whatsapp(export, messages=300, senders=4)


def drop(page: Page, *paths: Path, at: Locator) -> None:
    """Drag files from outside the browser onto a place in the page, and let go."""
    box = at.bounding_box()
    assert box is not None
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    held = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for step in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": step, **place, "data": held})


def test_a_file_can_be_dropped_anywhere(page: Page, server: Server, export: Path, truth: ChatTruth) -> None:
    session = open_study(page, server)
    press(page, "Continue")
    choose(page, "WhatsApp")
    folder, photo = export.parent / "unpacked", export.parent / "photo.jpg"
    folder.mkdir()
    photo.write_bytes(b"\xff\xd8\xff\xe0")
    heading = page.get_by_role("heading", level=1)
    drop(page, photo, at=page.get_by_text("or drop it here"))
    expect(page.get_by_role("alert")).to_have_text("“photo.jpg” is not the kind of file that is asked for. " + ENDS)
    drop(page, folder, at=heading)
    expect(page.get_by_role("alert")).to_contain_text("“unpacked” is a folder. Choose the file itself")
    drop(page, export, photo, at=heading)
    expect(page.get_by_role("alert")).to_have_text("Choose one file only.")
    drop(page, export, at=heading)
    expect(page.get_by_role("list").get_by_text("chat.zip")).to_be_visible()
    expect(page.get_by_text("Choose one file only.")).to_have_count(0)
    press(page, "Continue")
    choose(page, "None of these")
    agree(page)
    [donation] = donations(server.data, session)
    assert donation.data["per_sender"]["data"] == senders_of(truth, "nobody")
    assert console(page) == []


ENDS = "Choose a file that ends in .zip."


def test_in_dutch(browser: Browser, server: Server, export: Path, truth: ChatTruth) -> None:
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    session = open_study(page, server)
    wait_for_heading(page, "Je chats en video's in cijfers")
    assert page.locator("html").get_attribute("lang") == "nl"
    press(page, "Doorgaan")
    choose(page, "WhatsApp", then="Doorgaan")
    choose_file(page, export, button="Kies een bestand", then="Doorgaan")
    choose(page, "Anna", then="Doorgaan")
    senders = page.get_by_role("region", name="Berichten per afzender", exact=True)
    expect(senders.get_by_role("columnheader", name="Afzender")).to_be_visible()
    senders.get_by_role("checkbox", name="Rij 2 selecteren").check()
    senders.get_by_role("button", name="Selectie verwijderen").click()
    expect(senders.get_by_text("3 rijen behouden, 1 verwijderd")).to_be_visible()
    press(page, "Ja, doneer")
    expect(page.get_by_text("Je gegevens zijn gedoneerd.")).to_be_visible()
    press(page, "Doorgaan")
    wait_for_heading(page, "Dank u wel")
    context.close()
    [donation] = donations(server.data, session)
    rows = senders_of(truth, "Anna")
    assert donation.data["per_sender"] == {"data": [rows[0], *rows[2:]], "metadata": {"deletedRowCount": 1}}


def test_on_a_phone(browser: Browser, server: Server, export: Path, truth: ChatTruth) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()

    def tap(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out to the side"
        button = page.get_by_role("button", name=name, exact=True).last
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44, "large enough for a thumb"
        button.tap()

    session = open_study(page, server)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    tap("Continue")
    page.get_by_text("WhatsApp", exact=True).tap()
    tap("Continue")
    with page.expect_file_chooser() as chooser:
        tap("Choose a file")
    chooser.value.set_files(export)
    expect(page.get_by_text("chat.zip")).to_be_visible()
    tap("Continue")
    page.get_by_text("Anna", exact=True).tap()
    tap("Continue")
    senders = table(page, SENDERS)
    senders.get_by_role("cell", name="Person 2", exact=True).tap()
    expect(page.get_by_role("dialog", name="Row 3")).to_contain_text(senders_of(truth, "Anna")[2]["last"])
    tap("Close")
    senders.get_by_role("checkbox", name="Select row 1", exact=True).tap()
    tap("Delete selected")
    expect(senders.get_by_text(count_text(3, 1))).to_be_visible()
    tap("Yes, donate")
    expect(page.get_by_text("Your data have been donated.")).to_be_visible()
    tap("Continue")
    wait_for_heading(page, "Thank you")
    context.close()
    [donation] = donations(server.data, session)
    assert donation.data["per_sender"]["data"] == senders_of(truth, "Anna")[1:]


def test_by_the_keyboard_alone(page: Page, server: Server, export: Path, truth: ChatTruth) -> None:
    keyboard = page.keyboard

    def arrive(text: str) -> None:
        """A new prompt starts at its heading."""
        expect(page.get_by_text(text)).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_focused()

    def reach(target: Locator, key: str = "Tab") -> None:
        """Press a key until the focus is there."""
        for _ in range(30):
            keyboard.press(key)
            if target.evaluate("element => element.matches(':focus')"):
                return
        raise AssertionError(f"{key} does not lead to {target}")

    def button(name: str) -> Locator:
        return page.get_by_role("button", name=name, exact=True)

    session = open_study(page, server)
    arrive("Thank you for your interest")
    reach(button("Continue"))
    keyboard.press("Enter")
    arrive("Which data would you like to donate?")
    reach(page.get_by_role("radio", name="WhatsApp"))
    keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="YouTube")).to_be_checked()
    keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="WhatsApp")).to_be_checked()
    keyboard.press("Enter")
    arrive("Choose the zip file of a WhatsApp chat.")
    reach(button("Continue"))
    keyboard.press("Space")
    expect(page.get_by_role("alert")).to_have_text("Choose a file first, or skip this step.")
    reach(button("Choose a file"), "Shift+Tab")
    with page.expect_file_chooser() as chooser:
        keyboard.press("Space")
    chooser.value.set_files(export)
    expect(button("Remove chat.zip")).to_be_visible()
    reach(button("Continue"))
    keyboard.press("Enter")
    arrive("Which of these is you?")
    reach(page.get_by_role("radio").first)
    keyboard.press("Space")
    keyboard.press("Enter")
    arrive("This is what would be sent.")
    days = table(page, DAYS)
    reach(days.get_by_role("checkbox", name="Select row 1", exact=True))
    keyboard.press("ArrowDown")
    expect(days.get_by_role("checkbox", name="Select row 2", exact=True)).to_be_focused()
    keyboard.press("Space")
    keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Row 2")).to_be_visible()
    keyboard.press("Escape")
    expect(days.get_by_role("checkbox", name="Select row 2", exact=True)).to_be_focused()
    keyboard.press("End")
    last = len(truth.days)
    expect(days.get_by_role("checkbox", name=f"Select row {last}", exact=True)).to_be_focused()
    keyboard.press("Space")
    reach(days.get_by_role("button", name="Delete selected"), "Shift+Tab")
    keyboard.press("Enter")
    expect(days.get_by_text(count_text(last - 2, 2))).to_be_visible()
    expect(days.get_by_role("button", name="Delete selected")).to_be_focused()
    reach(button("Yes, donate"))
    expect(button("Yes, donate")).to_be_enabled()
    keyboard.press("Enter")
    arrive("Your data have been donated.")
    reach(button("Continue"))
    keyboard.press("Enter")
    wait_for_heading(page, "Thank you")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    rows = days_of(truth)
    assert donations(server.data, session)[0].data["per_day"]["data"] == [rows[0], *rows[2:-1]]
