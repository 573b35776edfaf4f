"""What goes out: pages, files and the headers on them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import httpx
import pytest

if TYPE_CHECKING:
    from tests.server.conftest import RunningServer

from sidestage.server.negotiation import accepted_encodings

ISOLATION = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "credentialless",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def wait_for_packed(server: RunningServer, path: str, encoding: str = "br") -> httpx.Response:
    """The answer once the background thread has compressed it."""
    deadline = time.monotonic() + 10
    while True:
        reply = server.client.get(path, headers={"Accept-Encoding": encoding})
        if reply.headers.get("content-encoding") == encoding:
            return reply
        assert time.monotonic() < deadline, f"{path} was never compressed"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/config.json", 200),
        ("GET", "/script.zip", 200),
        ("GET", "/sidestage/app.js", 200),
        ("GET", "/sidestage/runtime/abc/pyodide.wasm", 200),
        ("POST", "/api/session", 201),
        ("POST", "/api/donations?key=a", 401),
        ("GET", "/nowhere", 404),
        ("GET", "/sidestage/nowhere.js", 404),
        ("GET", "/api/donations", 405),
        ("PUT", "/api/session", 405),
    ],
)
def test_every_response_isolates_the_page(server: RunningServer, method: str, path: str, status: int) -> None:
    reply = server.client.request(method, path)
    assert reply.status_code == status
    # The page alone may be shown by others: by a host in a frame.
    own = {"cross-origin-resource-policy": "cross-origin"} if path == "/" else {}
    assert {name: reply.headers.get(name) for name in ISOLATION} == ISOLATION | own


def test_a_failure_of_the_server_still_has_the_headers(start: Callable[..., RunningServer]) -> None:
    server = start("--broken-config")
    reply = server.client.get("/config.json")
    assert reply.status_code == 500
    assert reply.json()["error"].startswith("Something went wrong")
    assert {name: reply.headers.get(name) for name in ISOLATION} == ISOLATION
    assert "the secret of the failure" not in reply.text


@pytest.mark.parametrize(
    ("path", "content_type", "immutable"),
    [
        ("app.js", "text/javascript; charset=utf-8", False),
        ("manifest.json", "application/json", False),
        ("runtime/abc/pyodide.mjs", "text/javascript; charset=utf-8", True),
        ("runtime/abc/pyodide.wasm", "application/wasm", True),
        ("packages/def/numpy.whl", "application/zip", True),
    ],
)
def test_files_have_their_types_and_are_kept_as_long_as_they_hold(
    server: RunningServer, path: str, content_type: str, immutable: bool
) -> None:
    reply = server.client.get(f"/sidestage/{path}")
    assert reply.headers["content-type"] == content_type
    assert reply.headers["cache-control"] == ("public, max-age=31536000, immutable" if immutable else "no-cache")


@pytest.mark.parametrize(("path", "name"), [("app.js", "app.js"), ("runtime/abc/pyodide.wasm", "pyodide.wasm")])
def test_text_and_webassembly_are_compressed_and_come_out_equal(server: RunningServer, path: str, name: str) -> None:
    original = (server.folder / "served" / name).read_bytes()
    plain = server.client.get(f"/sidestage/{path}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    replies = [plain, *(wait_for_packed(server, f"/sidestage/{path}", encoding) for encoding in ("br", "gzip"))]
    assert [reply.content == original for reply in replies] == [True] * 3
    assert [reply.headers["vary"] for reply in replies] == ["Accept-Encoding"] * 3
    assert len({reply.headers["etag"] for reply in replies}) == 3
    assert max(int(reply.headers["content-length"]) for reply in replies[1:]) < len(original) / 2
    both = server.client.get(f"/sidestage/{path}", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert both.headers["etag"] == replies[1].headers["etag"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": replies[1].headers["etag"]}
    assert server.client.get(f"/sidestage/{path}", headers=known).status_code == 200


def test_a_wheel_is_sent_as_it_is(server: RunningServer) -> None:
    assert "content-encoding" not in server.client.get("/sidestage/packages/def/numpy.whl").headers


def test_a_second_start_takes_the_compressed_files_of_the_first(
    start: Callable[..., RunningServer], tmp_path: Path
) -> None:
    first = start("--random-wasm")
    wait_for_packed(first, "/sidestage/runtime/abc/pyodide.wasm")
    first.stop()
    (cached,) = (tmp_path / "cache").iterdir()
    forgotten = tmp_path / "cache" / "of-a-former-version"
    forgotten.write_bytes(b"of a version of last year")
    os.utime(forgotten, (time.time() - 100 * 24 * 3600,) * 2)
    original = (tmp_path / "served" / "pyodide.wasm").read_bytes()
    # The same content, packed differently, so that it can be told who packed it.
    other = brotli.compress(original, quality=1)
    cached.rename(cached.with_suffix(f".{hashlib.sha256(other).hexdigest()}")).write_bytes(other)

    second = start("--random-wasm")
    reply = wait_for_packed(second, "/sidestage/runtime/abc/pyodide.wasm")
    assert int(reply.headers["content-length"]) == len(other)
    assert reply.content == original
    assert not forgotten.exists()


def test_a_cache_that_is_emptied_costs_nothing_but_bytes(start: Callable[..., RunningServer], tmp_path: Path) -> None:
    server = start("--random-wasm")
    wait_for_packed(server, "/sidestage/runtime/abc/pyodide.wasm")
    for file in (tmp_path / "cache").iterdir():
        file.unlink()
    reply = server.client.get("/sidestage/runtime/abc/pyodide.wasm")
    assert (reply.status_code, reply.headers.get("content-encoding")) == (200, None)
    wait_for_packed(server, "/sidestage/runtime/abc/pyodide.wasm")


def test_a_damaged_compressed_file_is_made_again(start: Callable[..., RunningServer], tmp_path: Path) -> None:
    first = start("--random-wasm")
    wait_for_packed(first, "/sidestage/runtime/abc/pyodide.wasm")
    first.stop()
    (cached,) = (tmp_path / "cache").iterdir()
    cached.write_bytes(cached.read_bytes()[:1000])
    second = start("--random-wasm")
    reply = wait_for_packed(second, "/sidestage/runtime/abc/pyodide.wasm")
    assert reply.content == (tmp_path / "served" / "pyodide.wasm").read_bytes()


@pytest.mark.parametrize("path", ["/sidestage/app.js", "/sidestage/manifest.json", "/script.zip"])
def test_what_the_browser_has_is_not_sent_again(server: RunningServer, path: str) -> None:
    first = server.client.get(path)
    again = server.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    other = server.client.get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    assert other.content == first.content


def test_a_changed_file_is_served_anew(start: Callable[..., RunningServer], tmp_path: Path) -> None:
    server = start()
    first = server.client.get("/sidestage/app.js")
    newer = "export const answer = 43;\n" * 300
    (tmp_path / "served" / "app.js").write_text(newer)
    second = server.client.get("/sidestage/app.js", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.text == newer


def test_the_page_says_something_true_before_any_script_runs(server: RunningServer) -> None:
    page = server.client.get("/", headers={"Accept-Language": "fr, en-GB;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en">' in page.text
    assert "<title>Chats &amp; more</title>" in page.text
    assert "Starting…" in page.text
    assert '<script type="module" src="/sidestage/assets/start-abc.js">' in page.text
    assert "<noscript>" in page.text


def test_the_page_speaks_dutch(server: RunningServer) -> None:
    page = server.client.get("/", headers={"Accept-Language": "nl-BE,nl;q=0.9,en;q=0.8"})
    assert '<html lang="nl">' in page.text
    assert "Gesprekken &amp; meer" in page.text
    assert "Bezig met starten…" in page.text


def test_a_gallery_lists_its_studies_and_serves_each_in_its_place(start: Callable[..., RunningServer]) -> None:
    client = start("--gallery").client
    gallery = client.get("/").text
    assert '<a href="chats/">' in gallery
    assert '<a href="videos/">' in gallery
    assert "What it is &lt;about&gt;" in gallery
    assert client.get("/chats").headers["location"].endswith("/chats/")
    assert "<title>Videos</title>" in client.get("/videos/").text
    assert client.get("/videos/config.json").json()["script"] == "study.py"
    assert client.get("/videos/script.zip").content == b"PK a zip of the script"
    assert client.get("/config.json").status_code == 404


def test_a_script_that_cannot_be_read_is_explained_to_its_author_only(start: Callable[..., RunningServer]) -> None:
    author = start("--failing-script", "--dev").client.get("/script.zip")
    assert author.status_code == 500
    assert author.json()["error"] == "study.py, line 3: a bracket was never closed."
    participant = start("--failing-script").client.get("/script.zip")
    assert participant.status_code == 500
    assert "bracket" not in participant.text
    assert "tell the researcher" in participant.json()["error"]


def test_what_is_not_there_is_said_as_a_page_or_as_json(server: RunningServer) -> None:
    page = server.client.get("/<b>x", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "There is nothing at /&lt;b&gt;x on this server." in page.text
    data = server.client.get("/x")
    assert data.json() == {
        "success": False,
        "status": 404,
        "error": "There is nothing at /x on this server. Check the address.",
    }


@pytest.mark.parametrize(
    "path", ["/sidestage/../../etc/passwd", "/sidestage/%2e%2e/%2e%2e/etc/passwd", "/sidestage//etc/passwd"]
)
def test_only_what_was_added_can_be_reached(server: RunningServer, path: str) -> None:
    with httpx.stream("GET", server.url.rstrip("/") + path, trust_env=False) as reply:
        assert reply.status_code == 404


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", ["gzip"]),
        ("gzip, deflate, br, zstd", ["br", "gzip"]),
        ("br;q=0.5, GZIP", ["gzip", "br"]),
        ("*", ["br", "gzip"]),
        ("", []),
        ("zstd", []),
        ("gzip;q=0, *", ["br"]),
        ("gzip; q=0.000", []),
        ("gzip;q=..", []),
    ],
)
def test_accept_encoding_is_read_as_written(header: str, expected: list[str]) -> None:
    assert accepted_encodings(header) == expected


def test_a_study_is_served_with_a_policy_that_names_its_own_scripts_and_no_other_origin(
    start: Callable[..., RunningServer],
) -> None:
    answer = start().client.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert inline, "the page says by a script of its own that its scripts cannot be loaded"
    for text in inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]
    assert "unsafe-inline" not in policy["script-src"]
    assert "http" not in answer.headers["content-security-policy"]
