"""Take the pictures of the documentation again, from the chat example as it is now: ``python -m tools.take_pictures``.

Needs what ``make test`` sets up: the web build and Chromium. The chat is a generated one; it is the same every time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.chromium import launch
from tools.serving import start_server

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples/chat_donation"
IMAGES = ROOT / "docs/images"


def take(browser: Browser, url: str, chat: Path, name: str, width: int, height: int, dark: bool) -> None:
    """One picture of the review page."""
    context = browser.new_context(
        locale="en-GB",
        viewport={"width": width, "height": height},
        device_scale_factor=1.2,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    go_to_review(page, chat)
    page.screenshot(path=IMAGES / name, full_page=not dark)
    context.close()
    print(f"{name}: {(IMAGES / name).stat().st_size:,} bytes")


def go_to_review(page: Page, chat: Path) -> None:
    """Go through the example as a participant does, up to the tables, and delete two rows."""
    page.set_default_timeout(60_000)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("radio", name="WhatsApp").check()
    page.get_by_role("button", name="Continue").click()
    page.locator("input[type=file]").set_input_files(chat)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("radio", name="Anna").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("checkbox", name="Select row 2", exact=True).first.check()
    page.get_by_role("checkbox", name="Select row 3", exact=True).first.check()
    page.get_by_role("button", name="Delete selected").first.click()
    page.get_by_role("checkbox", name="Select row 4", exact=True).first.check()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chat = Path(folder, "chat.zip")
        generator = [sys.executable, str(EXAMPLE / "generate.py"), "whatsapp", str(chat)]
        subprocess.run([*generator, "--messages", "900"], check=True)
        server = start_server("run", EXAMPLE / "study.py", data=Path(folder, "data"))
        browser = launch(playwright, "--force-color-profile=srgb")
        try:
            take(browser, server.url, chat, "review.png", 1080, 480, dark=False)
            take(browser, server.url, chat, "review-phone.png", 390, 844, dark=True)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
