"""Opens a page in Chromium and prints what it found, as JSON; a test runs this file as a process of its own.

``python a_visit.py URL``. Playwright's event loop stays in the process that started it, in the way of other tests.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time

from playwright.sync_api import ConsoleMessage, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def main(url: str) -> None:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(locale="en-GB")
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.goto(url)
        # Not with Playwright's own waiting, which needs eval in the page: its policy allows none.
        deadline = time.monotonic() + 30
        while page.evaluate("window.found === undefined") and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        # Chromium complains of a preload that nobody used a few seconds after the page has loaded.
        page.wait_for_timeout(5_000)
        print(json.dumps({"found": page.evaluate("window.found"), "said": said}))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
