"""Listening and stopping, and what only a development server does."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sidestage.server.app import create_app
from sidestage.server.assets import Assets
from sidestage.server.errors import ServerError
from sidestage.server.listening import allowed_hosts, listen
from sidestage.server.store import Store
from tests.test_floors import FLOORS

if TYPE_CHECKING:
    from tests.server.conftest import RunningServer


def test_a_port_in_use_is_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"Port {port} on 127.0.0.1 is in use.*--port {port + 1}"):
            listen("127.0.0.1", port)
    listen("127.0.0.1", port).close()


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("no such host", 0, "is no address of this machine"),
        ("192.0.2.1", 0, "is no address of this machine"),
        ("127.0.0.1", 70_000, "70000 is no port"),
        ("127.0.0.1", -1, "-1 is no port"),
    ],
)
def test_an_impossible_address_is_a_sentence(host: str, port: int, sentence: str) -> None:
    with pytest.raises(ServerError, match=sentence):
        listen(host, port)


def test_it_listens_before_it_says_so_and_on_loopback_only(server: RunningServer) -> None:
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    assert host == "127.0.0.1"
    socket.create_connection((host, int(port)), timeout=5).close()
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "::1"}
    for other in (address for address in others if not str(address).startswith("127.")):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((str(other), int(port)), timeout=2).close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(start: Callable[..., RunningServer], how: signal.Signals) -> None:
    server = start()
    assert server.client.get("/").status_code == 200
    server.process.send_signal(how)
    output, said = server.process.communicate(timeout=20)
    assert (server.process.returncode, output, said) == (0, "stopped cleanly\n", "")


def test_a_donation_under_way_is_taken_before_it_stops(start: Callable[..., RunningServer]) -> None:
    server = start()
    token = server.session()["Authorization"]
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = f"POST /api/donations?key=a HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\n"
        connection.sendall(f"{head}Content-Length: 8\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(10_000).startswith(b"HTTP/1.1 100"), "it reads the body"
        connection.sendall(b"[1, 2")
        server.process.terminate()
        time.sleep(0.5)
        connection.sendall(b", 3")
        connection.settimeout(10)
        answer = connection.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 400"), answer  # [1, 2, 3 is no JSON: the whole body was read and judged.


def test_the_names_it_answers_to_follow_from_where_it_listens() -> None:
    assert "*" not in allowed_hosts("127.0.0.1")
    assert allowed_hosts("0.0.0.0") == ("*",)
    assert "study.example.org" in allowed_hosts("0.0.0.0", ["study.example.org"])
    assert "*" not in allowed_hosts("0.0.0.0", ["study.example.org"])
    assert "192.0.2.7" in allowed_hosts("192.0.2.7")
    assert "[2001:db8::7]" in allowed_hosts("2001:db8::7")


class Study:
    description = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self.title = name

    def config(self) -> dict[str, object]:
        return {}

    def archive(self) -> bytes:
        return b""

    def prompt_module(self, name: str) -> bytes | None:
        return None


def test_apps_that_cannot_be_served_together_are_a_sentence(tmp_path: Path) -> None:
    from sidestage.server.gallery import Gallery

    store = Store.at(tmp_path)
    with pytest.raises(ServerError, match="there must be exactly one"):
        create_app([Study("a"), Study("b")], Assets(), store)
    with pytest.raises(ServerError, match="Two apps are called 'a'"):
        create_app([Study("a"), Study("a")], Assets(), store, gallery=Gallery())
    for name in ("sidestage", "a/b", "", "../x", "a b"):
        with pytest.raises(ServerError, match="cannot stand in an address"):
            create_app([Study(name)], Assets(), store, gallery=Gallery())
    store.close()


@pytest.mark.parametrize("path", ["", "/app.js", "a/../b", "a//b", "a\\b", "."])
def test_an_asset_has_a_plain_path(path: str) -> None:
    with pytest.raises(ServerError, match="is no path under /sidestage/"):
        Assets().add_bytes(path, b"")


def test_a_file_that_is_not_there_is_no_asset(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="There is no file"):
        Assets().add_file("app.js", tmp_path / "app.js")


def test_a_file_is_served_as_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "a.wasm").write_bytes(b"1")
    assets = Assets()
    assets.add_file("runtime/abc/a.wasm", tmp_path / "a.wasm", immutable=True)
    asset = assets.get("runtime/abc/a.wasm")
    assert asset is not None
    assert (asset.content_type, asset.immutable, asset.read()) == ("application/wasm", True, b"1")


# Development


@contextmanager
def listening(server: RunningServer, **headers: str) -> Iterator[Iterator[str]]:
    """The lines of the stream of changes."""
    with server.client.stream("GET", "/api/changes", headers=headers, timeout=10) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        yield reply.iter_lines()


def next_event(lines: Iterator[str]) -> dict[str, str]:
    event: dict[str, str] = {}
    for line in lines:
        if not line and event:
            return event
        name, _, value = line.partition(": ")
        event[name] = value
    raise AssertionError("the stream ended")


def change_the_script(server: RunningServer) -> None:
    assert server.process.stdin is not None
    server.process.stdin.write("\n")
    server.process.stdin.flush()


def test_open_pages_hear_of_each_change(start: Callable[..., RunningServer]) -> None:
    server = start("--dev")
    with listening(server) as first, listening(server) as second:
        assert next_event(first)["event"] == next_event(second)["event"] == "listening"
        for _ in range(2):
            change_the_script(server)
            assert next_event(first)["event"] == "reload"
            assert next_event(second)["event"] == "reload"


def test_a_page_that_was_away_hears_what_it_missed(start: Callable[..., RunningServer]) -> None:
    server = start("--dev")
    with listening(server) as lines:
        seen = next_event(lines)["id"]
    with listening(server, **{"Last-Event-ID": seen}) as lines:
        assert next_event(lines)["event"] == "listening"
        change_the_script(server)
        next_event(lines)
    with listening(server, **{"Last-Event-ID": seen}) as lines:
        assert next_event(lines)["event"] == "reload"
    server.stop()
    with listening(start("--dev"), **{"Last-Event-ID": seen}) as lines:
        assert next_event(lines)["event"] == "restarted"


def test_open_pages_do_not_keep_it_from_stopping(start: Callable[..., RunningServer]) -> None:
    server = start("--dev")
    with listening(server) as lines:
        next_event(lines)
        server.process.send_signal(signal.SIGINT)
        threading.Thread(target=lambda: list(lines), daemon=True).start()
        assert server.process.wait(timeout=20) == 0


def test_a_scripts_error_reaches_the_terminal_without_steering_it(start: Callable[..., RunningServer]) -> None:
    server = start("--dev")
    body = {"traceback": "Traceback:\n\tline 1 \x1b[31mé\x07"}
    assert server.client.post("/api/script-error", json=body).status_code == 204
    assert server.client.post("/api/script-error", json={"traceback": 1}).status_code == 400
    assert server.client.post("/api/script-error", content=b"[").status_code == 400
    assert server.client.post("/api/script-error", json={"traceback": "x" * 300_000}).status_code == 413
    assert server.client.post("/api/script-error", json=body, headers={"Origin": "http://x"}).status_code == 403
    code, said = server.stop()
    assert (code, said) == (0, "chats: Traceback:\n\tline 1 [31mé\n")


def test_an_ordinary_server_has_nothing_of_this(server: RunningServer) -> None:
    assert server.client.get("/api/changes").status_code == 404
    assert server.client.post("/api/script-error", json={"traceback": "x"}).status_code == 404


def test_the_server_room_imports_no_room_beside_it() -> None:
    program = (
        "import sys, pkgutil, importlib, sidestage.server as s\n"
        "for m in pkgutil.iter_modules(s.__path__): importlib.import_module('sidestage.server.' + m.name)\n"
        "print(*{n.split('.')[1] for n in sys.modules if n.startswith('sidestage.')})"
    )
    rooms = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert {room for room in rooms.split() if FLOORS[room] > 0} == {"server"}
