"""Chromium as tests, benchmarks and pictures start it."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright

from tools.set_up import find_chromium

CHROMIUM = find_chromium()
#: A browser that talks to nobody but the page, and that root may start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start it."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
