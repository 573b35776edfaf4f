"""The command as a person runs it: in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", "BROWSER": "true", "PYTHONUTF8": "1"}

Sidestage = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def sidestage(tmp_path: Path) -> Sidestage:
    """Run ``sidestage`` with these arguments, in a folder of the test's own, until it ends."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sidestage", *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=os.environ | SETTINGS, capture_output=True, text=True, timeout=60, check=False
        )

    return run


class Running:
    """A server that was started with ``sidestage``."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sidestage", *map(str, arguments)],
            cwd=folder,
            env=os.environ | SETTINGS,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        address = re.search(r"http://\S+", self.wait_for("http://"))
        assert address is not None
        self.client = httpx.Client(base_url=address.group(), timeout=20, trust_env=False)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def output(self) -> str:
        """All that was printed so far."""
        return "".join(self.lines)

    def wait_for(self, text: str) -> str:
        """Wait until this was printed, and return all the output."""
        deadline = time.monotonic() + 20
        while text not in self.output:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"{text!r} was not printed, but:\n{self.output}")
            time.sleep(0.02)
        return self.output

    def stop(self) -> int:
        """Press Ctrl-C, and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.close()

    def close(self) -> None:
        """End the process whatever it does."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.client.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start ``sidestage`` with these arguments and wait until it printed its address."""
    running: list[Running] = []

    def begin(*arguments: object) -> Running:
        running.append(Running(tmp_path, *arguments))
        return running[-1]

    yield begin
    for server in running:
        server.close()
