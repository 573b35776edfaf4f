"""The store: what it keeps, how it refuses, and that it loses nothing under load or when killed."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sidestage.server import store as store_module
from sidestage.server.errors import StoreError
from sidestage.server.store import ScriptLogLine, Store

if TYPE_CHECKING:
    from tests.server.conftest import RunningServer

as_ordinary_user = pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")


def test_what_was_kept_is_there_when_opened_again(tmp_path: Path) -> None:
    first = Store.at(tmp_path / "data")
    session = first.new_session("chats")
    number = first.add_donation(session.id, "ключ", b'{"a": 1}')
    first.add_log_lines(session.id, [ScriptLogLine("info", "hello")])
    first.close()

    second = Store.at(tmp_path / "data")
    assert second.session_id(session.token, "chats") == session.id
    (donation,) = second.donations()
    assert (donation.id, donation.session, donation.study, donation.key) == (number, session.id, "chats", "ключ")
    assert (donation.size, donation.sha256) == (8, hashlib.sha256(b'{"a": 1}').hexdigest())
    assert abs(donation.received.timestamp() - time.time()) < 60
    assert second.donation(number) == donation
    assert second.content(number) == b'{"a": 1}'
    assert [line.line for line in second.log_lines()] == [ScriptLogLine("info", "hello")]
    second.close()


def test_the_database_waits_for_the_disk(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    with store._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace shows what is asked of the disk")
def test_a_donation_is_flushed_before_it_is_acknowledged(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from sidestage.server.store import Store\n"
        "store = Store.at(Path(sys.argv[1])); session = store.new_session('s')\n"
        "sys.stderr.write('before\\n'); store.add_donation(session.id, 'k', b'1'); sys.stderr.write('after\\n')"
    )
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync,write", sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stderr
    assert "sync(" in said[said.index('"before') : said.index('"after')]


def test_a_session_that_does_not_exist_gets_nothing(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    with pytest.raises(StoreError, match="There is no session 'nobody'"):
        store.add_donation("nobody", "a", b"1")
    assert store.donations() == []
    store.close()


def test_a_donation_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    for look in (store.content, store.donation):
        with pytest.raises(StoreError, match="There is no donation 7"):
            look(7)
    store.close()


def test_a_new_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    Store.at(tmp_path / "far" / "away" / "data").close()
    assert (tmp_path / "far" / "away" / "data").stat().st_mode & 0o077 == 0


def test_a_file_in_place_of_the_data_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match="data is a file; donations need a folder"):
        Store.at(tmp_path / "data")
    with pytest.raises(StoreError, match="data"):
        Store.at(tmp_path / "data" / "below")


def test_a_folder_that_cannot_be_made_is_a_sentence() -> None:
    with pytest.raises(StoreError, match="data folder /proc/nowhere cannot be made"):
        Store.at(Path("/proc/nowhere"))


@as_ordinary_user
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="who may write"):
        Store.at(tmp_path)
    tmp_path.chmod(0o700)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sidestage.db").write_text("certainly no database " * 100)
    with pytest.raises(StoreError, match="is no database"):
        Store.at(tmp_path)


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/name", "postgresql+nosuch://user:pass-word@host/name"])
def test_an_address_of_no_database_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Store(url)
    assert "pass-word" not in str(caught.value)


def test_a_full_disk_is_a_sentence_and_what_was_kept_stays(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    session = store.new_session("s")
    store.add_donation(session.id, "a", b"1")
    with store._engine.connect() as connection:  # The pool gives the same connection again.
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="the disk is full") as caught:
        store.add_donation(session.id, "b", b"secret " * 100_000)
    assert "secret" not in str(caught.value)
    assert [donation.key for donation in store.donations()] == ["a"]
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    store.add_donation(session.id, "b", b"secret " * 100_000)
    assert [donation.key for donation in store.donations()] == ["a", "b"]
    store.close()


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    sessions = [store.new_session("s").id for _ in range(4)]
    expected = {(session, f"k{n}", f"[{n}]".encode()) for session in sessions for n in range(50)}
    with ThreadPoolExecutor(16) as pool:
        # Each is sent twice, at about the same time.
        list(pool.map(lambda item: store.add_donation(*item), [item for item in expected for _ in range(2)]))
    kept = [(d.session, d.key, store.content(d.id)) for d in store.donations()]
    assert len(kept) == 200
    assert set(kept) == expected
    store.close()


def test_processes_share_a_data_folder(tmp_path: Path) -> None:
    """They even make it at the same moment."""
    program = (
        "import sys; from pathlib import Path; from sidestage.server.store import Store\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "store = Store.at(Path(sys.argv[1])); session = store.new_session('s')\n"
        "for n in range(100): store.add_donation(session.id, f'k{n}', sys.argv[2].encode())\n"
        "p = store.new_pass('s'); print(p)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "data"), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    results = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in results] == [""] * 4
    store = Store.existing(tmp_path / "data")
    assert sorted((d.key, store.content(d.id)) for d in store.donations()) == sorted(
        (f"k{n}", str(number).encode()) for n in range(100) for number in range(4)
    )
    # A pass that one process gave out is good for the others.
    assert all(store.redeem_pass(output.strip(), "s") for output, _ in results)
    store.close()


def test_a_data_folder_can_be_made_by_several_at_the_same_moment(tmp_path: Path) -> None:
    """SQLite refuses one now and then, however patient it was told to be; so this is tried many times."""
    program = (
        "import sys, time; from pathlib import Path; from sidestage.server.store import Store\n"
        "folder, begin = Path(sys.argv[1]), float(sys.argv[2])\n"
        "for n in range(60):\n"
        "    while time.time() < begin + n * 0.05: pass\n"
        "    Store.at(folder / str(n)).close()"
    )
    command = [sys.executable, "-c", program, str(tmp_path), str(time.time() + 2)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[1] for process in processes] == [""] * 4


def test_a_pass_becomes_one_session_however_often_it_comes(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    value = store.new_pass("s")
    with ThreadPoolExecutor(8) as pool:
        sessions = list(pool.map(lambda _: store.redeem_pass(value, "s"), range(40)))
    assert sessions[0] is not None
    assert set(sessions) == {sessions[0]}
    store.close()


def test_log_lines_stop_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MOST_LOG_LINES", 3)
    store = Store.at(tmp_path)
    session = store.new_session("s").id
    assert store.add_log_lines(session, [ScriptLogLine("info", "a"), ScriptLogLine("info", "b")])
    assert not store.add_log_lines(session, [ScriptLogLine("info", "c"), ScriptLogLine("info", "d")])
    assert store.add_log_lines(session, [ScriptLogLine("info", "e")])
    assert [line.line.message for line in store.log_lines()] == ["a", "b", "e"]
    store.close()


def test_a_store_that_only_looks_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no data folder"):
        Store.existing(tmp_path / "data")
    with pytest.raises(StoreError, match="holds no donations"):
        Store.existing(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_not_acknowledged(start: Callable[..., RunningServer]) -> None:
    server = start()
    headers = server.session()
    assert server.client.post("/api/donations?key=a", content=b"1", headers=headers).status_code == 200
    connection = sqlite3.connect(server.data / "sidestage.db")
    connection.execute("ALTER TABLE donations RENAME TO elsewhere")
    reply = server.client.post("/api/donations?key=b", content=b'"secret"', headers=headers)
    assert reply.status_code == 503
    assert reply.json()["success"] is False
    assert "not recorded" in reply.json()["error"]
    assert "sidestage.db" not in reply.text
    connection.execute("ALTER TABLE elsewhere RENAME TO donations")
    connection.close()
    assert server.client.post("/api/donations?key=b", content=b'"secret"', headers=headers).status_code == 200
    _, said = server.stop()
    assert "sidestage.db cannot be used" in said
    assert "secret" not in said


class Donor(threading.Thread):
    """Donates without pause and remembers what was acknowledged; what was not, it sends again to the next server."""

    def __init__(self, number: int) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.port: int | None = None
        self.token: str | None = None
        self.acknowledged: dict[str, bytes] = {}
        self.unexpected: list[str] = []
        self.finished = threading.Event()

    def run(self) -> None:
        count = 0
        while not self.finished.is_set():
            key, content = f"{self.number}-{count}", f'["{self.number}-{count}", "{"é" * (count % 7) * 3000}"]'.encode()
            if self.donate(key, content):
                self.acknowledged[key] = content
                count += 1

    def donate(self, key: str, content: bytes) -> bool:
        try:
            if self.token is None:
                self.token = json.loads(self.post("/api/session", b"", {})[1])["token"]
            status, text = self.post(f"/api/donations?key={key}", content, {"Authorization": f"Bearer {self.token}"})
        except (OSError, http.client.HTTPException, ValueError):  # The server was killed.
            time.sleep(0.02)
            return False
        if status != 200:
            self.unexpected.append(f"{status} {text}")
            self.finished.set()
        return status == 200

    def post(self, path: str, content: bytes, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", path, content, headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        finally:
            connection.close()


@pytest.mark.alone
@pytest.mark.slow
def test_killed_twenty_times_under_load_every_acknowledged_donation_is_there_once(
    start: Callable[..., RunningServer],
) -> None:
    donors = [Donor(number) for number in range(6)]
    data = None
    for round_number in range(20):
        server = start()
        data = server.data
        for donor in donors:
            donor.port = int(server.url.rstrip("/").rpartition(":")[2])
            if not donor.is_alive():
                donor.start()
        time.sleep(0.15 + 0.03 * round_number)  # Somewhere else in the middle of things each time.
        server.kill()
    for donor in donors:
        donor.finished.set()
    for donor in donors:
        donor.join(timeout=30)
    assert [donor.unexpected for donor in donors] == [[]] * 6

    assert data is not None
    store = Store.existing(data)
    kept = [(donation.key, store.content(donation.id)) for donation in store.donations()]
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    store.close()
    acknowledged = {key: content for donor in donors for key, content in donor.acknowledged.items()}
    assert len(acknowledged) > 200, "there was no load to speak of"
    assert len(kept) == len({key for key, _ in kept}), "a donation is there twice"
    assert acknowledged.items() <= dict(kept).items()
    # Beyond those there is at most, for each donor, one that was kept but whose answer was lost.
    assert len(kept) - len(acknowledged) <= len(donors)
