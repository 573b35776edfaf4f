"""Sidestage's own commands as processes: servers on free ports, for tests, benchmarks and pictures."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class Server:
    """A running command of Sidestage's: its address, its data folder, and what it has printed."""

    process: subprocess.Popen[str]
    data: Path
    printed: list[str] = field(default_factory=list)
    url: str = ""
    reader: threading.Thread | None = None

    @property
    def output(self) -> str:
        """All that was printed until now."""
        return "".join(self.printed)

    @property
    def port(self) -> int:
        """The port that the command listens at."""
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    def wait_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """Wait until a regular expression matches what was printed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.output):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"{pattern!r} is not in what the command printed:\n{self.output}")

    def stop(self, signal_number: int = signal.SIGTERM) -> None:
        """Stop the command that this object started, and no other."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.reader:
            self.reader.join(10)


def sidestage(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of Sidestage's to its end."""
    command = [sys.executable, "-m", "sidestage", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)


def start_server(command: str, *words: str | Path, data: Path, port: int = 0) -> Server:
    """Start a command that serves, at any free port unless one is given, and wait for its address."""
    line = [sys.executable, "-u", "-m", "sidestage", command, *map(str, words), "--port", str(port)]
    line += ["--data", str(data)]
    if command == "run":
        line += ["--no-open"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=data.parent)
    server = Server(process, data)
    assert process.stdout is not None
    server.reader = threading.Thread(target=_read, args=(process.stdout, server.printed), daemon=True)
    server.reader.start()
    try:
        server.url = server.wait_for(r"https?://\S+")[0]
    except RuntimeError:
        server.stop()
        raise
    return server


def _read(stream: IO[str], lines: list[str]) -> None:
    with stream:
        lines.extend(stream)
