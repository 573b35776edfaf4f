"""The server for participants: a checked site, its files, what is logged, proxies, TLS, several processes."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.server.conftest import PAGE, SCRIPT
from tools.serving import Server, sidestage

Serve = Callable[..., Server]


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=20, trust_env=False)


def give(client: httpx.Client, key: str, content: object, **headers: str) -> httpx.Response:
    """Open a session and make a donation."""
    token = client.post("api/session", headers=headers).json()["token"]
    return client.post(
        "api/donations",
        params={"key": key},
        content=json.dumps(content),
        headers={"Authorization": f"Bearer {token}", **headers},
    )


def logged(server: Server) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.output.splitlines() if line.startswith("{")]


def test_files_go_out_compressed_and_for_ever_and_the_page_with_its_headers(serve: Serve, site: Path) -> None:
    server = serve(site, command="serve")
    with client_of(server) as client:
        page = client.get("/")
        assert page.content == PAGE
        assert page.headers["cache-control"] == "private, no-store"
        assert page.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert page.headers["cross-origin-opener-policy"] == "same-origin"
        assert page.headers["x-content-type-options"] == "nosniff"
        for encoding, suffix in {"br": ".br", "gzip": ".gz"}.items():
            reply = client.get("/sidestage/app-abc.js", headers={"Accept-Encoding": encoding})
            assert reply.content == SCRIPT
            assert reply.headers["content-encoding"] == encoding
            assert int(reply.headers["content-length"]) == (site / f"sidestage/app-abc.js{suffix}").stat().st_size
            assert "immutable" in reply.headers["cache-control"]
            known = {"Accept-Encoding": encoding, "If-None-Match": reply.headers["etag"]}
            assert client.get("/sidestage/app-abc.js", headers=known).status_code == 304
        assert client.get("/sidestage/runtime/abc/python.wasm").headers["content-type"] == "application/wasm"
        (site / "notes.txt").write_text("not of the site")
        assert client.get("/notes.txt").status_code == 404
        assert client.get("/%2e%2e/site/index.html").status_code == 404


def test_the_log_says_what_was_asked_and_nothing_of_participants(serve: Serve, site: Path) -> None:
    server = serve(site, command="serve")
    with client_of(server) as client:
        assert give(client, "secret-key", {"secret": "value"}).status_code == 200
        client.get("/secret-address?secret=1")
        client.get("/health")
    server.wait_for("health")
    assert [(line["method"], line["path"], line["status"]) for line in logged(server)] == [
        ("POST", "/api/session", 201),
        ("POST", "/api/donations", 200),
        ("GET", "other", 404),
        ("GET", "/health", 200),
    ]
    assert all(isinstance(line["ms"], float) and line["time"] for line in logged(server))
    assert "secret" not in server.output
    assert "127.0.0.1" not in "".join(map(str, logged(server)))


def test_a_path_prefix_is_taken_away_by_the_proxy_or_by_the_server(serve: Serve, site: Path) -> None:
    server = serve(site, "--proxy-prefix", "/a/study/", command="serve")
    with client_of(server) as client:
        assert client.get("/a/study").headers["location"] == "/a/study/"
        for base in ("/a/study/", "/"):
            page = client.get(base)
            assert page.content == PAGE
            assert "Path=/a/study/data-submission" in page.headers["set-cookie"]
            assert client.get(f"{base}sidestage/app-abc.js").content == SCRIPT
            assert client.post(f"{base}api/session").status_code == 201
        secure = client.get("/", headers={"X-Forwarded-Proto": "https"})
        assert "secure" in secure.headers["set-cookie"].lower()


def test_only_the_sites_that_are_named_may_send_donations_from_elsewhere(serve: Serve, site: Path) -> None:
    server = serve(site, "--allow-origin", "https://friend.example/study", command="serve")
    from_friend = {"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}
    with client_of(server) as client:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        assert client.options("/api/donations", headers=from_friend | asked).status_code == 200
        reply = give(client, "words", [1], **from_friend)
        assert reply.status_code == 200
        assert reply.headers["access-control-allow-origin"] == "https://friend.example"
        stranger = client.post("/api/session", headers=from_friend | {"Origin": "https://friend.example.net"})
        assert stranger.status_code == 403
        assert "access-control-allow-origin" not in stranger.headers
        assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_several_processes_share_the_donations_and_stop_together(serve: Serve, site: Path) -> None:
    server = serve(site, "--workers", "2", command="serve")
    for number in range(12):
        with client_of(server) as client:
            assert give(client, "words", number).status_code == 200
    server.stop(signal.SIGTERM)
    assert server.process.returncode == 0
    assert "Traceback" not in server.output
    with sqlite3.connect(server.data / "sidestage.db") as database:
        assert database.execute("SELECT count(*) FROM donations").fetchone() == (12,)
    database.close()


def test_workers_end_when_the_process_that_started_them_is_gone(serve: Serve, site: Path) -> None:
    server = serve(site, "--workers", "2", command="serve")
    with client_of(server) as client:
        assert give(client, "words", 1).status_code == 200
    server.process.kill()
    server.process.wait(10)
    again = serve(site, "--workers", "2", command="serve", port=server.port, data=server.data)
    with client_of(again) as client:
        assert give(client, "words", 2).status_code == 200
    again.stop(signal.SIGTERM)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no program here makes certificates")
def test_it_serves_over_https(serve: Serve, site: Path, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    server = serve(site, "--certfile", certificate, "--keyfile", key, command="serve")
    assert server.url.startswith("https://")
    trusted = ssl.create_default_context(cafile=str(certificate))
    reply = httpx.get(server.url, verify=trusted, trust_env=False)
    assert reply.content == PAGE
    assert reply.headers["strict-transport-security"] == "max-age=31536000"
    assert "secure" in reply.headers["set-cookie"].lower()


def refused(*words: str | Path) -> str:
    """What the command says when it does not serve."""
    done = sidestage("serve", *words, "--port", "0")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_an_altered_or_missing_file_is_named(site: Path) -> None:
    (site / "sidestage/app-abc.js").write_bytes(SCRIPT + b"// more")
    assert "sidestage/app-abc.js was changed since the site was built" in refused(site)
    (site / "sidestage/app-abc.js").unlink()
    assert "sidestage/app-abc.js is missing" in refused(site)
    (site / "site.json").write_text("{}")
    assert "site.json was changed" in refused(site)


def test_what_is_no_site_is_said_in_a_sentence(site: Path, tmp_path: Path) -> None:
    assert "There is no folder" in refused(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "holds no built site" in refused(tmp_path / "empty")


def test_a_certificate_that_cannot_be_used_is_said_in_a_sentence(site: Path, tmp_path: Path) -> None:
    assert "nowhere.pem cannot be read" in refused(site, "--certfile", tmp_path / "nowhere.pem")
    assert "are no certificate and its key" in refused(site, "--certfile", site / "index.html")
    assert "--certfile" in refused(site, "--keyfile", site / "index.html")
