"""How much memory the browser's processes take, as the operating system counts it; there is no figure but on Linux."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

#: A process that draws a part of the browser's own window, and no page.
_WINDOW = "--top-chrome-webui"


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


@dataclass(frozen=True)
class Shares:
    """Megabytes, where memory that several processes share is divided among them (proportional set size)."""

    #: All processes of pages and of frames in them.
    pages: float
    #: The browser itself, its store, its network: all the others.
    others: float


def shares_of(profile: Path) -> Shares | None:
    """What the processes of the browser that was started with this profile take."""
    shares = {True: 0.0, False: 0.0}
    for process, command in _processes_of(profile):
        if _WINDOW in command:
            continue
        try:
            lines = (process / "smaps_rollup").read_text().splitlines()
        except ProcessLookupError:
            continue
        except OSError:
            return None
        kilobytes = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
        shares["--type=renderer" in command] += kilobytes * 1024 / 1e6
    return Shares(shares[True], shares[False])


def _processes_of(profile: Path) -> Iterator[tuple[Path, str]]:
    """The processes below the one with this profile, and it, each with its command."""
    commands: dict[int, str] = {}
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            commands[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # It has ended meanwhile.
    ours = {number for number, command in commands.items() if f"--user-data-dir={profile}" in command}
    for number, command in commands.items():
        above = number
        while above not in ours and above in parents:
            above = parents[above]
        if above in ours:
            yield Path(f"/proc/{number}"), command
