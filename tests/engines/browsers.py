"""Starting the three browsers, each with a profile of its own and nobody's windows in sight."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import httpx

from tools.chromium import CHROMIUM, FLAGS
from tools.set_up import find_firefox, find_webkit

from .webdriver import HttpSession, MarionetteSession, Session

#: How long a browser may take to start, in seconds.
START = 60


@contextmanager
def chromium() -> Iterator[Session]:
    """Chromium, by its driver."""
    options = {"binary": CHROMIUM, "args": ["--headless", *FLAGS]}
    with (
        http_driver("chromedriver") as address,
        closing(HttpSession(address, {"goog:chromeOptions": options})) as session,
    ):
        yield session


@contextmanager
def firefox() -> Iterator[Session]:
    """Firefox, with no driver between."""
    # Any free port; and JSON is shown as it is, not by a page of the browser's own.
    settings = {"marionette.port": 0, "devtools.jsonview.enabled": False}
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        (profile / "user.js").write_text("".join(lines))
        with process(find_firefox(), "--headless", "--marionette", "--no-remote", "--profile", folder) as running:
            port = profile / "MarionetteActivePort"
            wait_until(lambda: port.is_file() and port.read_text() != "", running)
            with closing(MarionetteSession(int(port.read_text()))) as session:
                yield session
            running.wait(START)


@contextmanager
def webkit() -> Iterator[Session]:
    """WebKit's own small browser, by its driver, on a screen that nobody sees."""
    options = {"binary": find_webkit(), "args": ["--automation"]}
    with (
        tempfile.TemporaryDirectory(prefix="webkit-", ignore_cleanup_errors=True) as home,
        screen() as display,
        http_driver("WebKitWebDriver", {"DISPLAY": display, "HOME": home}) as address,
        closing(HttpSession(address, {"webkitgtk:browserOptions": options})) as session,
    ):
        yield session


#: Each engine by its name, in the order of the tests and of the table in the documentation.
BROWSERS: dict[str, Callable[[], AbstractContextManager[Session]]] = {
    "Chromium": chromium,
    "Firefox": firefox,
    "WebKit": webkit,
}


@contextmanager
def http_driver(program: str, variables: dict[str, str] | None = None) -> Iterator[str]:
    """A driver that listens; the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with process(program, f"--port={port}", variables=variables) as running:
        wait_until(lambda: listens(address), running)
        yield address


def listens(address: str) -> bool:
    """Whether a driver answers there."""
    try:
        return httpx.get(f"{address}/status", trust_env=False).is_success
    except httpx.TransportError:
        return False


@contextmanager
def screen() -> Iterator[str]:
    """A screen in memory; its name for the variable ``DISPLAY``."""
    reading, writing = os.pipe()
    with (
        open(reading) as named,
        process("Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", files=(writing,)),
    ):
        os.close(writing)
        yield f":{named.readline().strip()}"


@contextmanager
def process(
    *command: str, variables: dict[str, str] | None = None, files: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs as long as the ``with`` block, with more variables and open files of ours."""
    try:
        running = subprocess.Popen(
            command,
            # Pages are in the browser's language.
            env=os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": "en"} | (variables or {}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=files,
        )
    except FileNotFoundError:
        raise RuntimeError(f"{command[0]} is missing; python3 tools/set_up.py engines installs it") from None
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def wait_until(ready: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    """Wait until a program that was started is ready."""
    deadline = time.monotonic() + START
    while not ready():
        if running.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{running.args!r} has not started (exit code {running.poll()})")
        time.sleep(0.02)
