"""The gallery of ``sidestage demo``: every example is there, and works for a visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sidestage.bundle import find_examples
from sidestage.protocol import Translatable
from tools.serving import Server, start_server

from .participant import choose, choose_file, console, press, table, wait_for_heading


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server("demo", data=tmp_path_factory.mktemp("demo") / "data")
    yield server
    server.stop()


def open_example(page: Page, demo: Server, name: str) -> None:
    """Go to an example as a visitor does."""
    page.goto(demo.url)
    page.get_by_role("link", name=f"Open {name}", exact=True).click()
    page.wait_for_url(re.compile("/[a-z_]+/$"))


def run(page: Page, code: str) -> None:
    page.get_by_label("Your Python").fill(code)
    page.get_by_role("button", name="Run", exact=True).click()


def test_every_example_has_a_card_that_says_how_to_run_it(page: Page, demo: Server) -> None:
    page.goto(demo.url)
    for example in find_examples():
        title, sentence = (
            text.translations["en"] if isinstance(text, Translatable) else text
            for text in (example.title, example.description)
        )
        card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=True))
        expect(card.get_by_text(sentence)).to_be_visible()
        expect(card.get_by_role("link", name=f"Open {title}")).to_have_attribute("href", f"{example.name}/")
        expect(card.get_by_text(str(example.file.parent if example.is_page else example.file))).to_be_visible()
    assert console(page) == []


def test_the_command_can_be_copied(page: Page, demo: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(demo.url)
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"sidestage run \S+/examples/hello/study\.py", command)


def test_the_gallery_fits_a_phone(browser: Browser, demo: Server) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="nl-NL")
    page = context.new_page()
    page.goto(demo.url)
    expect(page.get_by_role("link", name="Openen Je chats en video's in cijfers")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()


def test_python_on_an_own_page_shows_output_errors_and_stops(page: Page, demo: Server) -> None:
    open_example(page, demo, "Python on your own page")
    output, status = page.get_by_role("log"), page.get_by_role("status")

    run(page, "print('six times seven')\n6 * 7")
    expect(output).to_have_text("six times seven\n42\n")
    expect(status).to_have_text("Done")

    run(page, "def broken():\n    return 1 / 0\n\nbroken()")
    expect(output).to_contain_text("ZeroDivisionError: division by zero")
    expect(output).to_contain_text("line 4")
    expect(output).to_contain_text("line 2, in broken")

    run(page, "number = 0\nprint('turning')\nwhile True:\n    number += 1")
    expect(output).to_contain_text("turning")
    page.get_by_role("button", name="Stop").click()
    expect(output).to_contain_text("Stopped.")
    expect(status).to_have_text("Stopped")

    run(page, "'still here, with', number > 0")
    expect(output).to_have_text('["still here, with",true]\n')
    assert console(page) == []


@pytest.mark.parametrize(
    ("sample", "platform", "titles"),
    [
        ("A WhatsApp chat", "WhatsApp", ["Messages per day", "Messages per sender"]),
        ("A YouTube history", "YouTube", ["Videos per channel"]),
    ],
)
def test_an_example_export_is_accepted_by_the_example(
    page: Page, demo: Server, tmp_path: Path, sample: str, platform: str, titles: list[str]
) -> None:
    page.goto(demo.url)
    with page.expect_download() as download:
        page.get_by_role("link", name=sample).click()
    export = tmp_path / download.value.suggested_filename
    download.value.save_as(export)
    assert export.name == f"{platform.lower()}.zip"

    page.get_by_role("link", name="Open Your chats and videos in numbers").click()
    press(page, "Continue")
    choose(page, platform)
    choose_file(page, export)
    if platform == "WhatsApp":
        page.get_by_role("radio").first.check()
        press(page, "Continue")
    for title in titles:
        expect(table(page, title)).to_be_visible()
    assert console(page) == []


def test_a_mistake_of_the_author_is_told_with_what_to_do_and_mended_by_saving(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    flow = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Mended')\n"
    script.write_text('# /// script\n# dependencies = ["nonesuch"]\n# ///\n' + flow)
    server = serve(script)
    page.goto(server.url)
    wait_for_heading(page, "This study cannot start yet")
    expect(page.get_by_text("study.py asks for the package nonesuch")).to_be_visible()
    expect(page.get_by_text("Correct it and save: this page then loads again by itself.")).to_be_visible()
    expect(page.get_by_text("internet connection")).not_to_be_visible()
    page.wait_for_timeout(4_000)  # Chromium complains late of a preload that nobody used.
    assert console(page) == []
    script.write_text(flow)
    expect(page.get_by_text("Mended")).to_be_visible()
