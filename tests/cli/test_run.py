"""``sidestage run``: a page that follows its script."""

from __future__ import annotations

import io
import json
import signal
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import OTHER_PYODIDE

Sidestage = Callable[..., Any]
Start = Callable[..., Any]

GOOD = '"""What we ask."""\n\n\ndef process(session):\n    yield\n'


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "study.py"
    path.write_text(GOOD)
    return path


@contextmanager
def reloads(client: httpx.Client) -> Iterator[list[str]]:
    """The events that an open page hears."""
    heard: list[str] = []
    opened = threading.Event()

    def listen() -> None:
        try:
            with client.stream("GET", "api/changes") as response:
                for line in response.iter_lines():
                    opened.set()
                    if line.startswith("event:"):
                        heard.append(line.removeprefix("event: "))
        except httpx.HTTPError:
            return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert opened.wait(10)
    yield heard
    deadline = time.monotonic() + 10
    while "reload" not in heard and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_script_becomes_a_page(start: Start, script: Path, tmp_path: Path) -> None:
    server = start("run", "study.py", "--port", 0, "--no-open", "--data", "given")
    assert server.client.get("").status_code == 200
    config = server.client.get("config.json").json()
    assert (config["title"], config["script"], config["dev"]) == ("Study", "study.py", True)
    with zipfile.ZipFile(io.BytesIO(server.client.get("script.zip").content)) as archive:
        assert archive.read("study.py").decode() == GOOD
    manifest = server.client.get("sidestage/manifest.json").json()
    assert (
        server.client.get(f"sidestage/{manifest['runtime']}pyodide.asm.wasm").headers["content-type"]
        == "application/wasm"
    )
    assert f"Donations go to {tmp_path / 'given'}" in server.output
    assert (tmp_path / "given").is_dir()
    assert server.stop() == 0
    assert "Traceback" not in server.output


def test_pages_reload_when_the_script_or_a_module_beside_it_is_saved(start: Start, script: Path) -> None:
    server = start("run", "study.py", "--port", 0, "--no-open")
    for path in (
        script,
        script.parent / "words.py",
        script.parent / "pack/__init__.py",
        script.parent / "pack/deep.py",
    ):
        with reloads(server.client) as heard:
            path.parent.mkdir(exist_ok=True)
            path.write_text(GOOD + f"# {path.name} {time.time()}\n")
        assert "reload" in heard, f"nothing was heard of {path.name}"
    with zipfile.ZipFile(io.BytesIO(server.client.get("script.zip").content)) as archive:
        assert archive.namelist() == ["pack/__init__.py", "pack/deep.py", "study.py", "words.py"]
    assert server.stop() == 0


def test_a_syntax_error_is_told_and_the_next_save_mends_it(start: Start, script: Path) -> None:
    script.write_text("def process(session)\n    yield\n")
    server = start("run", "study.py", "--port", 0, "--no-open")
    assert "def process(session)\n" in server.wait_for("SyntaxError: ")
    assert server.client.get("config.json").json()["script"] == "study.py"
    assert server.client.get("script.zip").status_code == 200
    script.write_text(GOOD)
    server.wait_for("the page reloads")
    assert server.output.count("SyntaxError") == 1
    script.write_text("def process(session):\n    yield (\n")
    server.wait_for("yield (")
    assert server.output.count("SyntaxError") == 2


def test_a_package_that_is_missing_is_told_here_and_on_the_page(start: Start, script: Path) -> None:
    script.write_text('# /// script\n# dependencies = ["nonesuch"]\n# ///\n' + GOOD)
    server = start("run", "study.py", "--port", 0, "--no-open")
    server.wait_for("Error: study.py asks for the package nonesuch")
    assert "--find-links FOLDER" in server.client.get("config.json").json()["error"]
    assert "script.zip" not in server.client.get("").text, "a preload of what the page will not use"
    script.write_text(GOOD)
    assert '"script.zip"' in server.client.get("").text


def test_errors_that_a_page_reports_are_printed(start: Start, script: Path) -> None:
    server = start("run", "study.py", "--port", 0, "--no-open")
    server.client.post("api/script-error", json={"traceback": "Traceback of the page\nKeyError: 'x'"})
    server.wait_for("Error in the page:\nTraceback of the page\nKeyError: 'x'\n")


def test_a_damaged_wheel_is_a_warning(start: Start, script: Path, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels/thing-1.0-py3-none-any.whl").write_text("no zip")
    server = start("run", "study.py", "--port", 0, "--no-open", "--find-links", "wheels")
    assert "Warning: wheels/thing-1.0-py3-none-any.whl is damaged" in server.output
    assert server.client.get("").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["nowhere.txt.d/x.py"],
            "Error: there is no file nowhere.txt.d/x.py: check the name, or make a script with 'sidestage new NAME'\n",
        ),
        (["stduy.py"], "Error: there is no file stduy.py: did you mean study.py?\n"),
        (["./Study"], "Error: there is no file Study: did you mean study.py?\n"),
        (["."], "Error: . is a folder: name the script in it, like study.py\n"),
        (["other"], "Error: other is a folder: name the script in it, like other/main.py\n"),
        (["study.py", "--port", "70000"], "Error: 70000 is no port: choose one from 1024 to 65535"),
        (["study.py", "--find-links", "gone"], "Error: the folder gone does not exist: --find-links wants a folder"),
        (
            ["study.py", "--host", "no.such.host.invalid"],
            "Error: 'no.such.host.invalid' is no address of this machine.",
        ),
    ],
)
def test_what_cannot_start_gets_a_sentence(
    sidestage: Sidestage, script: Path, arguments: list[str], sentence: str
) -> None:
    (script.parent / "other").mkdir()
    for name in ("main.py", "test_a.py"):
        (script.parent / "other" / name).write_text(GOOD)
    done = sidestage("run", "--port", 0, "--no-open", *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_gets_a_sentence(sidestage: Sidestage, script: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = sidestage("run", "study.py", "--port", port, "--no-open")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: Port {port} on 127.0.0.1 is in use")
    assert f"--port {port + 1}, or any free one with --port 0" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_data_folder_that_is_a_file_gets_a_sentence(sidestage: Sidestage, script: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = sidestage("run", "study.py", "--port", 0, "--no-open", "--data", "taken")
    assert done.returncode == 1
    assert str(tmp_path / "taken") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_serves_two_servers_at_once_and_a_later_one(
    start: Start, sidestage: Sidestage, script: Path
) -> None:
    arguments = ("run", "study.py", "--port", 0, "--no-open", "--data", "both")
    servers = [start(*arguments), start(*arguments)]
    for server in servers:
        donate(server.client)
    assert [server.stop() for server in servers] == [0, 0]
    again = start(*arguments)
    donate(again.client)
    assert again.stop() == 0
    assert len(json.loads(sidestage("donations", "list", "--data", "both", "--json").stdout)) == 3


def donate(client: httpx.Client) -> None:
    token = client.post("api/session").json()["token"]
    answer = client.post("api/donations?key=k", content="[1]", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["success"] is True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_without_a_word_and_without_an_error(start: Start, script: Path, how: signal.Signals) -> None:
    server = start("run", "study.py", "--port", 0, "--no-open")
    said = server.wait_for("Press Ctrl-C to stop.\n")
    server.process.send_signal(how)
    assert server.process.wait(timeout=20) == 0
    server.close()
    assert server.output == said


def test_others_can_reach_it_only_when_told_so(start: Start, script: Path) -> None:
    server = start("run", "study.py", "--port", 0, "--no-open", "--host", "0.0.0.0")
    assert "Everyone who can reach this machine can open it." in server.output
    assert str(server.client.base_url).startswith("http://127.0.0.1:")
    assert server.client.get("", headers={"host": "study.example.org"}).status_code == 200
    closed = start("run", "study.py", "--port", 0, "--no-open")
    assert closed.client.get("", headers={"host": "study.example.org"}).status_code == 400
    # What goes to others is compressed; a browser on this machine gets it sooner as it is.
    asked = {"accept-encoding": "br"}
    answers = [each.client.get("sidestage/sidestage.js", headers=asked) for each in (server, closed)]
    assert [answer.headers.get("content-encoding") for answer in answers] == ["br", None]


def test_another_pyodide_is_served_and_not_changed_under_way(start: Start, script: Path) -> None:
    block = f'# /// script\n# [tool.sidestage]\n# pyodide = "{OTHER_PYODIDE}"\n# ///\n'
    script.write_text(block + script.read_text())
    server = start("run", script.name, "--port", 0, "--no-open", "--runtime", "plain")
    manifest = server.client.get("sidestage/manifest.json").json()
    assert (manifest["pyodide"], manifest["asm"].rpartition("/")[2]) == ("314.0.7", "pyodide.asm.mjs")
    assert server.client.get("sidestage/" + manifest["asm"]).headers["content-type"].startswith("text/javascript")
    script.write_text(script.read_text().removeprefix(block))
    server.wait_for("study.py asks for another Pyodide than when this server was started: stop it, and start it again")
    assert "another Pyodide" in server.client.get("config.json").json()["error"]


def test_a_forgotten_yield_is_told_in_the_terminal_and_to_the_authors_page(start: Start, script: Path) -> None:
    script.write_text("from sidestage import flow\ndef process(session):\n    flow.donate('k', 1)\n    yield\n")
    server = start("run", "study.py", "--port", 0, "--no-open")
    sentence = "study.py, line 3: flow.donate(...) was made and never yielded, so nothing comes of it"
    server.wait_for(f"Warning: {sentence}")
    warnings = server.client.get("config.json").json()["warnings"]
    assert len(warnings) == 1
    assert warnings[0].startswith(sentence)
    seen_on_page = "Forgotten yield: study.py, line 9: it was made and never yielded"
    server.client.post("api/script-error", json={"traceback": f"Forgotten yield: {warnings[0]}"})
    server.client.post("api/script-error", json={"traceback": seen_on_page})
    server.wait_for("Warning: study.py, line 9: it was made and never yielded")
    assert server.output.count(sentence) == 1
    script.write_text(GOOD)
    server.wait_for("saved")
    assert "warnings" not in server.client.get("config.json").json()


def test_a_new_data_file_is_told_and_stays_until_it_is_named(start: Start, script: Path) -> None:
    server = start("run", "study.py", "--port", 0, "--no-open")
    (script.parent / "donation.json").write_text("[1]")
    server.wait_for("Warning: donation.json lies beside study.py, and nothing says that participants may read it")
    server.wait_for('add the line files = ["donation.json"] under [tool.sidestage]')
    assert "donation.json lies" in server.client.get("config.json").json()["warnings"][0]
    with zipfile.ZipFile(io.BytesIO(server.client.get("script.zip").content)) as archive:
        assert archive.namelist() == ["study.py"]
    script.write_text(f'# /// script\n# [tool.sidestage]\n# files = ["donation.json"]\n# ///\n{GOOD}')
    server.wait_for("saved: the page reloads")
    deadline = time.monotonic() + 10
    while "warnings" in server.client.get("config.json").json() and time.monotonic() < deadline:
        time.sleep(0.05)
    with zipfile.ZipFile(io.BytesIO(server.client.get("script.zip").content)) as archive:
        assert archive.namelist() == ["donation.json", "study.py"]
