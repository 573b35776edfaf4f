"""Chromium as tests, benchmarks and pictures start it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright

from tools.set_up import find_chromium

CHROMIUM = find_chromium()
#: What Chromium leaves. Of two such lists the last one counts: all that Playwright switches off is here again.
LEFT_OUT = (
    # Pages of the browser's own below the address bar, drawn anew for each visitor: they take as long as ours to start.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What asks other servers.
    "AimEnabled",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PreconnectToSearch",
    # What gets in the way of Playwright's own ways: to hold requests, to answer dialogs, to end a visit.
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
)
#: A browser that talks to nobody but the page, and that root may start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(LEFT_OUT)}",
)


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start it."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])


def launch_with_profile(playwright: Playwright, profile: Path) -> BrowserContext:
    """Start it with a folder in which it keeps what pages store, as a person's browser has one."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=list(FLAGS), locale="en-GB"
    )
