"""``sidestage demo``: the gallery of examples."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sidestage.bundle import find_examples

Start = Callable[..., Any]


@pytest.fixture
def demo(start: Start) -> Iterator[Any]:
    """A running demo, which must end cleanly."""
    server = start("demo", "--port", 0)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.output


def test_the_gallery_leads_to_every_example(demo: Any) -> None:
    gallery = demo.client.get("").text
    for example in find_examples():
        assert f'href="{example.name}/"' in gallery
        assert demo.client.get(f"{example.name}/").headers["content-type"] == "text/html; charset=utf-8"
    assert demo.client.get("sidestage/manifest.json").status_code == 200


def test_every_script_starts_and_its_card_says_how_to_run_it(demo: Any) -> None:
    gallery = demo.client.get("").text.replace("<wbr>", "")
    for example in find_examples():
        if not example.is_page:
            config = demo.client.get(f"{example.name}/config.json").json()
            assert "error" not in config, config["error"]
            assert config["dev"] is False
            assert demo.client.get(f"{example.name}/script.zip").status_code == 200
            assert f"<code>sidestage run {example.file}</code>" in gallery


def test_a_page_of_its_own_is_served_with_the_files_of_its_folder_and_no_other(demo: Any) -> None:
    page = demo.client.get("python_worker/")
    assert "<title>Python on your own page</title>" in page.text
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["cross-origin-embedder-policy"] == "credentialless"
    assert demo.client.get("python_worker").headers["location"].endswith("/python_worker/")
    for name, kind in (("page.js", "text/javascript"), ("page.css", "text/css")):
        answer = demo.client.get(f"python_worker/{name}")
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        again = demo.client.get(f"python_worker/{name}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    for path in (
        "example.toml",
        "nothing.js",
        "../hello/study.py",
        "..%2fhello%2fstudy.py",
        "config.json",
        "api/session",
    ):
        assert demo.client.get(f"python_worker/{path}").status_code == 404


def test_an_example_export_is_made_once_and_comes_as_a_file(demo: Any) -> None:
    for name, inside in (("whatsapp.zip", "_chat.txt"), ("youtube.zip", "watch-history.json")):
        address = f"chat_donation/sample/{name}"
        assert f'href="{address}"' in demo.client.get("").text
        first, second = demo.client.get(address), demo.client.get(address)
        assert first.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert first.headers["content-type"] == "application/zip"
        assert any(found.endswith(inside) for found in zipfile.ZipFile(io.BytesIO(first.content)).namelist())
        assert second.content == first.content
    for other in ("generate.py", "nothing.zip", "whatsapp.zip/x"):
        assert demo.client.get(f"chat_donation/sample/{other}").status_code == 404


def test_a_port_in_use_gets_the_same_sentence_as_elsewhere(
    start: Start, sidestage: Callable[..., Any], tmp_path: Path
) -> None:
    port = start("demo", "--port", 0, "--data", tmp_path / "a").client.base_url.port
    done = sidestage("demo", "--port", port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: Port {port} on 127.0.0.1 is in use")
