"""What comes in: sessions, donations and log lines, over a real connection."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.server.conftest import RunningServer


def rows(data: Path, query: str) -> list[Any]:
    """What is in the database file, read by other means than the store."""
    connection = sqlite3.connect(data / "sidestage.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def donated(data: Path) -> list[tuple[str, bytes]]:
    return rows(data, "SELECT key, data FROM donations ORDER BY id")


def test_a_donation_is_kept_byte_for_byte(server: RunningServer) -> None:
    content = '{"naïve":  "☃ 😀", "n": 1.0}\n'.encode()
    reply = server.client.post("/api/donations?key=chats", content=content, headers=server.session())
    assert reply.status_code == 200
    assert reply.json() == {"success": True, "key": "chats", "status": 200}
    assert donated(server.data) == [("chats", content)]


def test_a_session_is_told_the_size_limit(start: Callable[..., RunningServer]) -> None:
    session = start("--limit", "1234").client.post("/api/session").json()
    assert session["maxBytes"] == 1234
    assert len(session["token"]) >= 43
    assert session["sessionId"] != session["token"]


def test_only_the_hash_of_a_token_is_stored(start: Callable[..., RunningServer]) -> None:
    server = start()
    token = server.client.post("/api/session").json()["token"]
    for file in server.data.iterdir():
        assert token.encode() not in file.read_bytes()


def test_a_resent_donation_is_kept_once_and_acknowledged_again(server: RunningServer) -> None:
    headers = server.session()
    for _ in range(3):
        assert server.client.post("/api/donations?key=a", content=b"[1]", headers=headers).status_code == 200
    assert donated(server.data) == [("a", b"[1]")]


def test_other_content_other_keys_and_other_sessions_are_further_donations(server: RunningServer) -> None:
    first, second = server.session(), server.session()
    for headers, key, content in (
        (first, "a", b"[1]"),
        (first, "a", b"[2]"),
        (first, "b", b"[1]"),
        (second, "a", b"[1]"),
    ):
        assert server.client.post(f"/api/donations?key={key}", content=content, headers=headers).status_code == 200
    assert donated(server.data) == [("a", b"[1]"), ("a", b"[2]"), ("b", b"[1]"), ("a", b"[1]")]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic abc"])
def test_without_a_token_nothing_is_kept(server: RunningServer, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for path in ("/api/donations?key=a", "/api/logs", "/data-submission"):
        reply = server.client.post(path, content=b"{}", headers=headers)
        assert reply.status_code == 401
        assert "Reload the page" in reply.json()["error"]
    assert donated(server.data) == []


def test_a_token_is_good_for_its_own_study_only(start: Callable[..., RunningServer]) -> None:
    server = start("--gallery")
    chats = server.session("/chats")
    assert server.client.post("/videos/api/donations?key=a", content=b"{}", headers=chats).status_code == 401
    assert server.client.post("/chats/api/donations?key=a", content=b"{}", headers=chats).status_code == 200
    assert rows(server.data, "SELECT DISTINCT study FROM sessions JOIN donations ON session = sessions.id") == [
        ("chats",)
    ]


def test_a_session_outlives_a_restart(start: Callable[..., RunningServer]) -> None:
    first = start()
    headers = first.session()
    cookie = first.client.get("/").cookies["sidestage"]
    first.kill()
    second = start()
    assert second.client.post("/api/donations?key=a", content=b"[1]", headers=headers).status_code == 200
    form = {"key": "b", "data": "[2]"}
    reply = second.client.post("/data-submission", json=form, headers={"Cookie": f"sidestage={cookie}"})
    assert reply.status_code == 200
    assert donated(second.data) == [("a", b"[1]"), ("b", b"[2]")]


def pieces(size: int) -> Iterator[bytes]:
    """A body of this size that is sent in chunks, without saying how long it will be."""
    yield b'"'
    for _ in range((size - 2) // 1000):
        yield b"x" * 1000
    yield b"x" * ((size - 2) % 1000)
    yield b'"'


@pytest.mark.parametrize("chunked", [False, True])
def test_the_size_limit_holds_to_the_byte(start: Callable[..., RunningServer], chunked: bool) -> None:
    server = start("--limit", "5000")
    headers = server.session()
    for size, status in ((5000, 200), (5001, 413), (90_000, 413)):
        content = pieces(size) if chunked else b"".join(pieces(size))
        reply = server.client.post("/api/donations?key=a", content=content, headers=headers)
        assert reply.status_code == status
    assert reply.json() == {
        "success": False,
        "status": 413,
        "key": "a",
        "error": "The donation is too large: it has 90.0 kB, and at most 5.0 kB can be taken. Nothing was kept.",
    }
    assert [len(content) for _, content in donated(server.data)] == [5000]


def test_a_refusal_reaches_a_client_that_sends_everything_first(start: Callable[..., RunningServer]) -> None:
    """Browsers do; a server that stops reading early shows as a broken connection instead of a sentence."""
    server = start("--limit", "5000")
    token = server.session()["Authorization"]
    body = b'"' + b"x" * 30_000_000 + b'"'
    host, port = "127.0.0.1", int(server.url.rstrip("/").rpartition(":")[2])
    with socket.create_connection((host, port), timeout=20) as connection:
        head = f"POST /api/donations?key=a HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: {token}\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = b""
        while b"Nothing was kept" not in answer and (piece := connection.recv(100_000)):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"30.0 MB" in answer


def test_a_body_that_breaks_off_is_not_kept(start: Callable[..., RunningServer]) -> None:
    server = start()
    token = server.session()["Authorization"]
    host, port = "127.0.0.1", int(server.url.rstrip("/").rpartition(":")[2])
    with socket.create_connection((host, port), timeout=20) as connection:
        head = f"POST /api/donations?key=a HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: {token}\r\n"
        # What came so far would be valid JSON.
        connection.sendall(f"{head}Content-Length: 100\r\n\r\n[1, 2]".encode())
    assert server.client.get("/").status_code == 200
    assert donated(server.data) == []
    code, said = server.stop()
    assert (code, said) == (0, "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b'{"a": 1',
        b"[1,]",
        b"NaN",
        b'{"a": 1}x',
        b'{"a": 1}\0',
        b"\xff\xfe",
        b'"\xc3"',
        b'"\xed\xa0\x80"',
        b"'a'",
    ],
)
def test_what_is_not_json_in_utf8_is_refused_in_a_sentence(server: RunningServer, content: bytes) -> None:
    reply = server.client.post("/api/donations?key=a", content=content, headers=server.session())
    assert reply.status_code == 400
    assert reply.json()["error"].startswith("The donation is not ")
    assert donated(server.data) == []


@pytest.mark.parametrize("content", [b"null", b" {}\n", b'"\\ud800"', b"-1.5e3", b"[" * 500 + b"]" * 500])
def test_every_json_value_is_taken(server: RunningServer, content: bytes) -> None:
    assert server.client.post("/api/donations?key=a", content=content, headers=server.session()).status_code == 200
    assert donated(server.data) == [("a", content)]


@pytest.mark.parametrize(
    ("key", "status"), [("", 400), ("a\nb", 400), ("\x7f", 400), ("k" * 201, 400), ("ключ " * 40, 200)]
)
def test_a_key_is_short_and_printable(server: RunningServer, key: str, status: int) -> None:
    reply = server.client.post("/api/donations", params={"key": key}, content=b"{}", headers=server.session())
    assert reply.status_code == status
    assert reply.json()["key"] == key
    assert [stored for stored, _ in donated(server.data)] == ([key] if status == 200 else [])


def test_a_donation_without_a_key_is_refused(server: RunningServer) -> None:
    reply = server.client.post("/api/donations", content=b"{}", headers=server.session())
    assert reply.status_code == 400
    assert "needs a key" in reply.json()["error"]


@pytest.mark.parametrize(
    "path", ["/api/donations", "/api/donations?key=a", "/api/logs", "/api/session", "/data-submission"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_read_back_or_removed(server: RunningServer, method: str, path: str) -> None:
    headers = server.session()
    server.client.post("/api/donations?key=a", content=b'"the donated words"', headers=headers)
    reply = server.client.request(method, path, headers=headers)
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"
    assert "donated words" not in reply.text
    assert len(donated(server.data)) == 1


# The form of the original pages


def test_the_original_form_is_taken_with_the_cookie_of_the_page(server: RunningServer) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as page:
        cookie = page.get("/").headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert rows(server.data, "SELECT * FROM sessions") == []
        for _ in range(2):
            reply = page.post("/data-submission", json={"key": "s-1-whatsapp", "data": '{"a": "é"}'})
            assert reply.json() == {"success": True, "key": "s-1-whatsapp", "status": 200}
    assert donated(server.data) == [("s-1-whatsapp", '{"a": "é"}'.encode())]


def test_the_original_form_takes_a_bearer_and_data_that_is_no_string(server: RunningServer) -> None:
    reply = server.client.post("/data-submission", json={"key": "a", "data": {"b": 1}}, headers=server.session())
    assert reply.status_code == 200
    assert [(key, json.loads(content)) for key, content in donated(server.data)] == [("a", {"b": 1})]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"key": "a"}',
        b'{"data": "1"}',
        b'{"key": 1, "data": "1"}',
        b'{"key": "a", "data": "oops"}',
        b'{"key": "a", "data": "\\"\\ud800\\""}',
    ],
)
def test_a_wrong_original_form_is_refused_in_a_sentence(server: RunningServer, body: bytes) -> None:
    reply = server.client.post("/data-submission", content=body, headers=server.session())
    assert reply.status_code == 400
    assert reply.json()["error"].endswith(".")
    assert donated(server.data) == []


def test_the_size_limit_of_the_original_form_is_that_of_the_data(start: Callable[..., RunningServer]) -> None:
    server = start("--limit", "5000")
    headers = server.session()
    quotes = json.dumps(["\\" * 2000])  # 4004 bytes that take more than 8000 in a string.
    assert server.client.post("/data-submission", json={"key": "a", "data": quotes}, headers=headers).status_code == 200
    for size in (4_999, 40_000):
        form = {"key": "a", "data": json.dumps("x" * size)}
        reply = server.client.post("/data-submission", json=form, headers=headers)
        assert reply.status_code == 413
    assert [content for _, content in donated(server.data)] == [quotes.encode()]


def test_a_cookie_that_the_server_did_not_make_lets_nobody_in(start: Callable[..., RunningServer]) -> None:
    server = start("--gallery")
    form = {"key": "a", "data": "1"}
    other = server.client.get("/chats/").headers["set-cookie"].partition(";")[0]
    server.client.cookies.clear()
    for cookie in (other, "sidestage=abc", "sidestage=abc.def", other[:-1], "sidestage="):
        assert server.client.post("/videos/data-submission", json=form, headers={"Cookie": cookie}).status_code == 401
    assert server.client.post("/chats/data-submission", json=form, headers={"Cookie": other}).status_code == 200


# Log lines


def test_log_lines_are_kept(server: RunningServer) -> None:
    lines = [
        {"level": "info", "message": "hé", "timestamp": "2026-01-01T00:00:00Z"},
        {"level": "error", "message": "b\0"},
    ]
    reply = server.client.post("/api/logs", json={"lines": lines}, headers=server.session())
    assert reply.status_code == 204
    assert rows(server.data, "SELECT level, message, timestamp FROM logs ORDER BY id") == [
        ("info", "hé", "2026-01-01T00:00:00Z"),
        ("error", "b\ufffd", None),
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"lines": "x"}, 400),
        ({"lines": [{"level": "loud", "message": "x"}]}, 400),
        ({"lines": [{"level": "info"}]}, 400),
        ({"lines": [{"level": ["info"], "message": "x"}]}, 400),
        ({"lines": [{"level": "info", "message": "x"}] * 1001}, 413),
        ({"lines": [{"level": "info", "message": "x" * 1_000_000}]}, 413),
    ],
)
def test_log_lines_are_limited_in_form_number_and_size(server: RunningServer, body: object, status: int) -> None:
    reply = server.client.post("/api/logs", json=body, headers=server.session())
    assert reply.status_code == status
    assert reply.json()["error"].endswith(".")
    assert rows(server.data, "SELECT * FROM logs") == []


def test_a_long_log_message_is_cut_and_says_so(server: RunningServer) -> None:
    body = {"lines": [{"level": "info", "message": "x" * 20_000}]}
    assert server.client.post("/api/logs", json=body, headers=server.session()).status_code == 204
    ((message,),) = rows(server.data, "SELECT message FROM logs")
    assert len(message) < 10_100
    assert message.endswith("(cut; it had 20000 characters)")


def test_a_session_that_logs_without_end_is_stopped(server: RunningServer) -> None:
    headers, other = server.session(), server.session()
    body = {"lines": [{"level": "info", "message": "x"}] * 1000}
    statuses = [server.client.post("/api/logs", json=body, headers=headers).status_code for _ in range(21)]
    assert statuses == [204] * 20 + [429]
    assert server.client.post("/api/logs", json=body, headers=other).status_code == 204


# Who may send


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({}, 201),
    ],
)
def test_only_the_servers_own_pages_may_send(server: RunningServer, headers: dict[str, str], status: int) -> None:
    assert server.client.post("/api/session", headers=headers).status_code == status


def test_an_origin_that_is_the_host_may_send(server: RunningServer) -> None:
    assert server.client.post("/api/session", headers={"Origin": server.url.rstrip("/")}).status_code == 201


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 400),
        ("evil.example:8000", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8000", 200),
        ("study.example.org", 200),
    ],
)
def test_only_known_host_names_are_answered(server: RunningServer, host: str, status: int) -> None:
    reply = server.client.get("/config.json", headers={"Host": host})
    assert reply.status_code == status
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"


def test_nothing_a_participant_sends_is_printed(start: Callable[..., RunningServer]) -> None:
    server = start()
    headers = server.session()
    server.client.post("/api/donations?key=secret-key", content=b'"secret words"', headers=headers)
    server.client.post("/api/donations?key=secret-key", content=b'"secret words', headers=headers)
    server.client.post("/api/logs", json={"lines": [{"level": "info", "message": "secret"}]}, headers=headers)
    server.client.get("/secret-path")
    assert server.stop() == (0, "")
