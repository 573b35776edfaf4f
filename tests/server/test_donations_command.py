"""``sidestage donations``, as a researcher runs it."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sidestage.server.store import DEFAULT_DATA_FOLDER, ScriptLogLine, Store

if TYPE_CHECKING:
    from tests.server.conftest import RunningServer

#: Key and content of what is donated; spaces, number formats and line ends must survive.
DONATED = [
    ("chats", '{"a":  1.10,\r\n "é": "☃"}\n'.encode()),
    ("../../etc/pass wd:*?", b"[1e2]"),
    ("ключ " * 40, b"null"),
]

Command = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def donations(tmp_path: Path) -> Command:
    """Run ``sidestage donations`` in a folder of the test's own."""

    def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "sidestage", "donations", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)

    return run


@pytest.fixture
def session(tmp_path: Path) -> str:
    """A session whose donations and log lines lie in the default data folder."""
    store = Store.at(tmp_path / DEFAULT_DATA_FOLDER)
    session = store.new_session("study").id
    for key, content in DONATED:
        store.add_donation(session, key, content)
    store.add_log_lines(session, [ScriptLogLine("warn", "résumé", "2026-01-01T00:00:00Z")])
    store.close()
    return session


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_list_is_a_table_without_content(donations: Command, session: str) -> None:
    done = donations("list")
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == ["ID", "RECEIVED", "(UTC)", "STUDY", "SESSION", "KEY", "SIZE"]
    assert len(lines) == 4
    assert lines[1].split()[0] == "1"
    assert lines[1].split()[3:] == ["study", session, "chats", "28", "bytes"]
    assert len({len(line) for line in lines}) == 1
    assert "☃" not in done.stdout.decode()


def test_the_list_as_json(donations: Command, session: str) -> None:
    records = json.loads(donations("list", "--json").stdout)
    assert [(record["id"], record["key"]) for record in records] == [(n + 1, DONATED[n][0]) for n in range(3)]
    assert {key: value for key, value in records[0].items() if key != "received"} == {
        "id": 1,
        "session": session,
        "key": "chats",
        "study": "study",
        "size": len(DONATED[0][1]),
        "sha256": hashlib.sha256(DONATED[0][1]).hexdigest(),
    }
    assert records[0]["received"].endswith("Z")


@pytest.mark.usefixtures("session")
def test_a_donation_is_shown_byte_for_byte(donations: Command) -> None:
    for number, (_, content) in enumerate(DONATED, start=1):
        assert donations("show", number).stdout == content


@pytest.mark.usefixtures("session")
def test_a_donation_is_shown_with_what_is_known_of_it(donations: Command) -> None:
    output = donations("show", 1, "--json").stdout
    assert b"1.10" in output
    assert json.loads(output)["key"] == "chats"
    assert json.loads(output)["data"] == {"a": 1.1, "é": "☃"}


@pytest.mark.usefixtures("session")
def test_a_number_that_no_donation_has_is_a_sentence(donations: Command) -> None:
    done = donations("show", 99)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"There is no donation 99" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_export_holds_every_donation_and_an_index(donations: Command, session: str, tmp_path: Path) -> None:
    done = donations("export", "--to", "out")
    assert done.returncode == 0
    assert b"3 donations in out (3 new)" in done.stdout
    files = files_in(tmp_path / "out")
    records = [json.loads(line) for line in files["index.jsonl"].splitlines()]
    assert [(record["key"], files[record["file"]]) for record in records] == DONATED
    assert set(files) == {record["file"] for record in records} | {"index.csv", "index.jsonl", "logs.jsonl"}
    assert records[0]["file"] == f"{session}-chats-1.json"
    assert records[1]["file"] == f"{session}-.._.._etc_pass_wd_-2.json"
    with (tmp_path / "out" / "index.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows == [{name: str(value) for name, value in record.items()} for record in records]
    log = json.loads(files["logs.jsonl"])
    assert {name: log[name] for name in ("session", "study", "level", "message", "timestamp")} == {
        "session": session,
        "study": "study",
        "level": "warn",
        "message": "résumé",
        "timestamp": "2026-01-01T00:00:00Z",
    }


@pytest.mark.usefixtures("session")
def test_an_export_prints_its_index_as_json(donations: Command, tmp_path: Path) -> None:
    printed = json.loads(donations("export", "--json").stdout)
    lines = (tmp_path / "donations" / "index.jsonl").read_text(encoding="utf-8").splitlines()
    assert printed == [json.loads(line) for line in lines]


def test_an_export_grows_with_what_came_since(donations: Command, session: str, tmp_path: Path) -> None:
    donations("export")
    before = files_in(tmp_path / "donations")
    assert b"all were there already" in donations("export").stdout
    assert files_in(tmp_path / "donations") == before
    store = Store.at(tmp_path / DEFAULT_DATA_FOLDER)
    store.add_donation(session, "chats", b"[2]")
    store.close()
    assert b"4 donations in donations (1 new)" in donations("export").stdout
    after = files_in(tmp_path / "donations")
    assert after[f"{session}-chats-4.json"] == b"[2]"
    assert after[f"{session}-chats-1.json"] == DONATED[0][1]
    assert len(after["index.jsonl"].splitlines()) == 4


@pytest.mark.parametrize("name", ["{session}-chats-1.json", "index.csv", "index.jsonl", "logs.jsonl"])
def test_a_file_with_other_content_is_not_overwritten(
    donations: Command, session: str, tmp_path: Path, name: str
) -> None:
    donations("export")
    file = tmp_path / "donations" / name.format(session=session)
    file.write_text("my own notes")
    done = donations("export")
    assert done.returncode == 1
    assert f"{file.name} is there already with other content" in done.stderr.decode()
    assert file.read_text() == "my own notes"
    assert not list(file.parent.glob(".writing*"))


@pytest.mark.usefixtures("session")
def test_a_folder_that_cannot_be_made_is_a_sentence(donations: Command) -> None:
    done = donations("export", "--to", "/proc/nowhere")
    assert done.returncode == 1
    assert b"/proc/nowhere cannot be written" in done.stderr
    assert b"--to DIR" in done.stderr


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["export"]])
def test_a_missing_data_folder_is_a_sentence(donations: Command, tmp_path: Path, command: list[str]) -> None:
    done = donations(*command)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"There is no data folder sidestage-data" in done.stderr
    (tmp_path / "empty").mkdir()
    done = donations(*command, "--data", "empty")
    assert done.returncode == 1
    assert b"The folder empty holds no donations" in done.stderr
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_store_without_donations_is_no_failure(donations: Command, tmp_path: Path) -> None:
    Store.at(tmp_path / "new").close()
    done = donations("list", "--data", "new")
    assert done.returncode == 0
    assert b"No donations in new yet" in done.stdout
    assert json.loads(donations("list", "--data", "new", "--json").stdout) == []
    assert b"No donations yet" in donations("export", "--data", "new").stdout


def test_donations_can_be_looked_at_while_the_server_takes_them(
    donations: Command, server: RunningServer, tmp_path: Path
) -> None:
    headers = server.session()
    for number in range(3):
        server.client.post(f"/api/donations?key=k{number}", content=str(number).encode(), headers=headers)
        records = json.loads(donations("list", "--json", "--data", server.data).stdout)
        assert [record["key"] for record in records] == [f"k{n}" for n in range(number + 1)]


@pytest.mark.parametrize("command", [[], ["list"], ["show"], ["export"]])
def test_help_teaches_by_example(donations: Command, command: list[str]) -> None:
    said = donations(*command, "--help").stdout.decode()
    assert f"sidestage donations {command[0] if command else 'list'}" in said.partition("Examples:")[2]
    assert "..." not in said.partition("Commands:")[2]


#: Keys, and how they stand in index.csv.
AS_IN_CSV = {
    "=HYPERLINK(1)": "'=HYPERLINK(1)",
    "+1": "'+1",
    "-1+1": "'-1+1",
    "@SUM(A1)": "'@SUM(A1)",
    " =1": " '=1",
    "\uff1d1": "'\uff1d1",
    "a;=1": "a;'=1",
    'a,"=1': "a,\"'=1",
    "week-1": "week-1",
    "a=b": "a=b",
}


def test_no_spreadsheet_takes_a_key_for_a_formula(donations: Command, tmp_path: Path) -> None:
    store = Store.at(tmp_path / DEFAULT_DATA_FOLDER)
    session = store.new_session("study").id
    for key in AS_IN_CSV:
        store.add_donation(session, key, b"1")
    store.close()
    assert donations("export", "--to", "out").returncode == 0
    with (tmp_path / "out/index.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["key"] for row in csv.DictReader(stream)] == list(AS_IN_CSV.values())
    lines = (tmp_path / "out/index.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in lines] == list(AS_IN_CSV)


def test_a_key_cannot_turn_the_list_round(donations: Command, tmp_path: Path) -> None:
    store = Store.at(tmp_path / DEFAULT_DATA_FOLDER)
    store.add_donation(store.new_session("study").id, "a\u202eb", b"1")
    store.close()
    assert "a\ufffdb" in donations("list").stdout.decode()
