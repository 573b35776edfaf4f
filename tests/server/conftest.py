"""A real server, in a process of its own, on a free port."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import httpx
import pytest

from sidestage.server.site_manifest import SiteFile, SiteManifest

HERE = Path(__file__).parent
SCRIPT = b"export const answer = 42;\n" * 200
PAGE = b"<!doctype html><title>Study</title>"


class RunningServer:
    """A server process and a client for it."""

    def __init__(self, data: Path, *options: str, cwd: Path) -> None:
        command = [sys.executable, str(HERE / "a_server.py"), str(data), *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            assert self.process.stderr is not None
            raise AssertionError(f"The server did not start:\n{self.process.stderr.read()}")
        self.data = data
        self.folder = cwd
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def session(self, prefix: str = "") -> dict[str, str]:
        """A new session's headers for writing."""
        reply = self.client.post(f"{prefix}/api/session")
        assert reply.status_code == 201
        return {"Authorization": f"Bearer {reply.json()['token']}"}

    def stop(self) -> tuple[int, str]:
        """Ask it to end; the exit code and what it wrote to stderr."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.process.kill()
        self.process.communicate(timeout=20)

    def close(self) -> None:
        """Let go of everything, however the test left it."""
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RunningServer]]:
    """Starts servers with a data folder and options of ``a_server.py``; all are stopped at the end."""
    running: list[RunningServer] = []

    def start_one(*options: str, data: Path | None = None) -> RunningServer:
        running.append(RunningServer(data or tmp_path / "data", *options, cwd=tmp_path))
        return running[-1]

    yield start_one
    for server in running:
        server.close()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests of a module that leave it as it is."""
    folder = tmp_path_factory.mktemp("shared")
    server = RunningServer(folder / "data", cwd=folder)
    yield server
    server.close()


@pytest.fixture
def server(shared_server: RunningServer) -> RunningServer:
    """A server with one study at ``/`` to which nothing has been sent yet. Not to be stopped: ``start`` is for that."""
    connection = sqlite3.connect(shared_server.data / "sidestage.db", timeout=30)
    with connection:
        for table in ("donations", "logs", "sessions"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()
    shared_server.client.cookies.clear()
    return shared_server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in small, as a build would write it."""
    files = {
        "index.html": PAGE,
        "sw.js": b"// keeps the site",
        "sidestage/app-abc.js": SCRIPT,
        "sidestage/app-abc.js.br": brotli.compress(SCRIPT),
        "sidestage/app-abc.js.gz": gzip.compress(SCRIPT, mtime=0),
        "sidestage/runtime/abc/python.wasm": b"\0asm\1\0\0\0",
    }
    folder = tmp_path / "site"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    known = {name: SiteFile(len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    manifest = SiteManifest("words", {"kind": "server"}, "default-src 'none'", known, {"sidestage": "1"})
    (folder / "site.json").write_bytes(manifest.to_json())
    return folder
