"""A server that anybody can reach: what is sent to hold it up, to fill it, or to break it."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import httpx
import pytest

from sidestage.server import bodies, connections, json_text
from sidestage.server.errors import SessionFull
from sidestage.server.json_process import JsonProcess
from sidestage.server.quiet_log import OncePerMinute
from sidestage.server.rates import Rates
from sidestage.server.site_manifest import read_site
from sidestage.server.store import ScriptLogLine, Store
from tools.serving import Server

Serve = Callable[..., Server]


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=30, trust_env=False)


def session(client: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.post('api/session').json()['token']}"}


def raw(server: Server, request: bytes) -> bytes:
    """What the server says to bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
        answer = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
            while piece := connection.recv(100_000):
                answer += piece
    return answer


def memory_of(process: int) -> float:
    """The megabytes that a process has taken at its peak."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


# JSON


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (
            b'{"key": "a", "data": "[1, \\"\\u00e9\\\\ud800\\", \\"\\ud83d\\ude00\\\\\\\\\\"]"}',
            '[1, "é\\ud800", "😀\\\\"]',
        ),
        (b'{"other": [1], "data": {"b" :1}, "key": "a"}', '{"b" :1}'),
        (json.dumps({"key": "a", "data": json.dumps('é😀\\"\n' * 30_000)}).encode(), json.dumps('é😀\\"\n' * 30_000)),
        (
            json.dumps(
                {"key": "a", "data": json.dumps(["é😀" * 50_000], ensure_ascii=False)}, ensure_ascii=False
            ).encode(),
            json.dumps(["é😀" * 50_000], ensure_ascii=False),
        ),
    ],
)
def test_the_text_in_a_form_comes_out_as_it_was(form: bytes, content: str) -> None:
    assert json_text.read_form(form) == ("a", content.encode())


@pytest.mark.parametrize(
    "text",
    [b'"\\ud800"', b'["\\udc00\\ud800", "\\\\ud800"]', b'{"\\ud800": 1}', b'"\\\\\\ud800"', b"1e999", b"1" * 5000],
)
def test_json_that_is_no_text_is_json(text: bytes) -> None:
    json_text.check_json(text)
    with pytest.raises(json_text.NotJson):
        json_text.check_json(text + b"]")


def test_the_process_for_json_says_the_same_and_comes_back_when_it_was_ended(tmp_path: Path) -> None:
    process = JsonProcess()
    file = tmp_path / "text"

    def check(content: bytes) -> None:
        file.write_bytes(content)
        with file.open("rb") as opened:
            process.check(opened, len(content))

    check(b"[1, 2]")
    with pytest.raises(json_text.NotJson, match="is not valid JSON"):
        check(b"[1, 2")
    with pytest.raises(json_text.NotJson, match="UTF-8"):
        check(b'"\xff"')
    check(b"[" * 1_500 + b"]" * 1_500)
    with pytest.raises(RecursionError):
        check(b"[" * 100_000)
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    check(b"[]")
    file.write_bytes(b'{"key": "k", "data": "1"}')
    with file.open("rb") as opened:
        assert process.read_form(opened, 25) == ("k", b"1")
    process.close()


def test_a_bomb_of_json_takes_no_memory_and_holds_nobody_up(serve: Serve, site: Path) -> None:
    server = serve(site, command="serve")
    with client_of(server) as client, client_of(server) as other:
        headers = session(client)
        for path, content in (
            ("data-submission", b'{"key": "a", "data": [' + b"[]," * 4_000_000 + b"1]}"),
            ("api/donations?key=b", b"[" + b"[]," * 4_000_000 + b"1]"),
        ):
            assert client.post(path, content=content, headers=headers).status_code == 200
        assert other.get("/").status_code == 200
    assert memory_of(server.process.pid) < 250


# Bodies, connections, rates


async def test_there_is_room_for_so_many_bodies_at_once() -> None:
    room = bodies.Room(100)
    room.take("a", 50)
    with pytest.raises(Exception, match="busy with other donations"):
        room.take("a", 1)
    room.take("b", 50)
    with pytest.raises(Exception, match="busy with other donations"):
        room.take("c", 1)
    room.give_back("a", 50)
    room.take("c", 1)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="no limit can be set for another process")
def test_connections_that_send_nothing_give_way_to_visitors(serve: Serve, site: Path) -> None:
    server = serve(site, command="serve")
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (200, 200))  # Files for 50 connections.
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=15) for _ in range(120)]
    for each in idle[:100]:
        each.send(b"GET / HTTP/1.1\r\nX: ")
    with client_of(server) as client:
        began = time.monotonic()
        assert client.get("/").status_code == 200
        assert client.post("api/session").status_code == 201
        assert time.monotonic() - began < 3
    for each in idle:
        each.close()
    assert len(server.output) < 5_000
    assert "Traceback" not in server.output


def test_a_head_that_never_ends_is_waited_for_only_so_long(serve: Serve, site: Path) -> None:
    server = serve(site, command="serve")
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as trickle:
        trickle.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while b"</title>" not in trickle.recv(10_000):
            pass
        trickle.send(b"GET / HTTP/1.1\r\n")
        trickle.settimeout(1)
        ended = False
        while not ended and time.monotonic() - began < connections.HEAD_SECONDS + 10:
            try:
                trickle.send(b"X: y\r\n")
                ended = trickle.recv(10) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
    assert ended


def test_an_address_has_a_rate() -> None:
    rates = Rates(600)
    assert [rates.wait_of("a") for _ in range(600)] == [0.0] * 600
    assert 0 < rates.wait_of("a") <= 0.1
    assert rates.wait_of("b") == 0
    time.sleep(0.12)
    assert rates.wait_of("a") == 0


def test_a_rate_and_a_total_can_be_set(serve: Serve, site: Path) -> None:
    server = serve(site, "--max-requests", "5", "--max-session", "0.001", command="serve")
    with client_of(server) as client:
        headers = session(client)
        assert client.post("api/donations?key=a", content=b'"%s"' % (b"x" * 700), headers=headers).status_code == 200
        reply = client.post("api/donations?key=b", content=b'"%s"' % (b"x" * 700), headers=headers)
        assert (reply.status_code, reply.json()["error"][:33]) == (413, "This visit has sent as much as ca")
        again = client.post("api/donations?key=a", content=b'"%s"' % (b"x" * 700), headers=headers)
        assert again.status_code == 200, "what is there already is acknowledged again"
        assert client.post("api/session").status_code == 201
        refused = client.post("api/session")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "12")
        assert client.get("/").status_code == 200


def test_a_sessions_total_counts_what_was_kept_before_there_were_totals(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    one = store.new_session("s").id
    store.add_donation(one, "a", b"x" * 60)
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM totals")
    with pytest.raises(SessionFull, match="as much as can be taken"):
        store.add_donation(one, "b", b"x" * 60, 100)
    store.add_donation(one, "c", b"x" * 30, 100)
    with pytest.raises(SessionFull):
        store.add_log_lines(one, [ScriptLogLine("info", "é" * 10)], 100)
    assert [donation.key for donation in store.donations()] == ["a", "c"]
    store.close()


def test_a_line_that_is_caused_again_and_again_is_written_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    once = OncePerMinute()
    records = [logging.LogRecord("n", logging.ERROR, "", 0, "full: %s", ("x",), None) for _ in range(10)]
    assert [once.filter(record) for record in records[:9]] == [True] + [False] * 8
    now[0] = 61
    assert once.filter(records[9])
    assert records[9].getMessage() == "full: x (8 more like this since)"


# Odd input


ODD_LINES = [
    b"GET /%ed%a0%80 HTTP/1.1",
    b"GET /%00/%ff?%00 HTTP/1.1",
    b"GET //evil.example HTTP/1.1",
    b"GET /..%2f..%5c HTTP/1.1",
    b"GET http://evil.example/ HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"CONNECT evil.example:1 HTTP/1.1",
    b"POST /api/donations?key=%ed%a0%80 HTTP/1.1",
    b"BREW /api/session HTTP/1.1",
]
ODD_HEADERS = [
    b"Host: localhost",
    b"Host: [",
    b"Host: \xff\xfe",
    b"Host: localhost\r\nOrigin: http://[",
    b"Host: localhost\r\nAuthorization: Bearer \xff\r\nCookie: sidestage=\xff.\xff; \xff",
    b"Host: localhost\r\nAccept-Language: \xff;q=1.1.1, ;q=\r\nAccept-Encoding: br;q=..\r\nRange: bytes=-,-",
    b"Host: localhost\r\nX: " + b"x" * 200_000,
]


def test_nothing_odd_in_an_address_or_a_header_breaks_the_server(serve: Serve, site: Path) -> None:
    server = serve(site, "--host", "0.0.0.0", command="serve")
    for line, headers in product(ODD_LINES, ODD_HEADERS):
        answer = raw(server, line + b"\r\n" + headers + b"\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
        assert not answer.startswith(b"HTTP/1.1 5"), (line, headers[:80], answer)
        head = answer.partition(b"\r\n\r\n")[0]
        assert b"evil.example" not in head, "it leads to nobody else"
        if b"text/html" in head:
            assert b"content-security-policy:" in head.lower()
    assert "Traceback" not in server.output


def test_half_characters_are_refused_or_replaced_wherever_they_stand(serve: Serve, site: Path) -> None:
    server = serve(site, command="serve")
    with client_of(server) as client:
        headers = session(client)
        for form in (
            b'{"key": "\\ud800", "data": "1"}',
            b'{"key": "a", "data": "\\ud800"}',
            b'{"key": "a", "data": "1", "\\ud800": "\\ud800"}',
            b'{"key": "\\u0000", "data": "1"}',
        ):
            assert client.post("data-submission", content=form, headers=headers).status_code == 400
        line = b'{"level": "info", "message": "\\ud800\\u0000", "timestamp": "\\udfff\\u0000"}'
        assert client.post("api/logs", content=b'{"lines": [%s]}' % line, headers=headers).status_code == 204
        odd = b'{"level": "info", "message": "x", "timestamp": {"\\ud800": [1]}}'
        assert client.post("api/logs", content=b'{"lines": [%s]}' % odd, headers=headers).status_code == 204
    assert "Traceback" not in server.output


# Headers


def test_a_page_may_be_framed_by_the_host_it_was_built_for_and_by_nobody_else(serve: Serve, site: Path) -> None:
    from dataclasses import replace

    manifest = read_site(site)
    for bridge, ancestors in (
        ({"kind": "download"}, "'none'"),
        ({"kind": "host"}, "*"),
        ({"kind": "host", "origin": "https://host.example"}, "https://host.example"),
    ):
        (site / "site.json").write_bytes(replace(manifest, bridge=bridge).to_json())
        server = serve(site, command="serve")
        with client_of(server) as client:
            page = client.get("/")
            assert page.headers["content-security-policy"].endswith(f"; frame-ancestors {ancestors}")
            assert page.headers["cache-control"] == "private, no-store"
            permissions = page.headers["permissions-policy"]
            assert not any(name in permissions for name in ("cross-origin-isolated", "gamepad", "fullscreen"))
            missing = client.get("/nowhere", headers={"Accept": "text/html"})
            assert missing.headers["content-security-policy"].endswith("frame-ancestors 'none'")
            assert "strict-transport-security" not in page.headers
        server.stop()
