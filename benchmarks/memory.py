"""How much memory the browser's pages take, as the operating system counts it; there is no figure but on Linux."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser


def memory_of(browser: Browser, counter: str) -> float | None:
    """The megabytes of all pages together: ``VmRSS`` now, or ``VmHWM`` at the peak since ``remember_peaks``."""
    total = 0
    for process in _pages(browser):
        try:
            lines = (process / "status").read_text().splitlines()
        except OSError:
            return None
        total += next((int(line.split()[1]) for line in lines if line.startswith(f"{counter}:")), 0)
    return total * 1024 / 1e6


def remember_peaks(browser: Browser) -> None:
    """From now on ``VmHWM`` is the peak from here."""
    for process in _pages(browser):
        try:
            (process / "clear_refs").write_text("5")
        except OSError:
            return


def _pages(browser: Browser) -> Iterator[Path]:
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return (Path(f"/proc/{process['id']}") for process in processes if process["type"] == "renderer")
