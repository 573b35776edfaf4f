"""Nothing is acknowledged that is not in the data folder, and /health says so: folders that go, locks, full disks."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sidestage.server.errors import StoreMoved
from sidestage.server.store import Store
from tools.serving import Server

Serve = Callable[..., Server]


class Visitor:
    """A page with a session on a running server."""

    def __init__(self, server: Server) -> None:
        self.client = httpx.Client(base_url=server.url, timeout=30, trust_env=False)
        self.headers = {"Authorization": f"Bearer {self.client.post('api/session').json()['token']}"}

    def give(self, content: bytes = b"[1]", key: str = "a", **headers: str) -> httpx.Response:
        return self.client.post("api/donations", params={"key": key}, content=content, headers=self.headers | headers)

    def health(self) -> int:
        began = time.monotonic()
        status = self.client.get("health").status_code
        assert time.monotonic() - began < 1
        return status


@pytest.fixture
def server(serve: Serve, site: Path) -> Server:
    return serve(site, command="serve")


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    visitor = Visitor(server)
    yield visitor
    visitor.client.close()


def count(data: Path) -> int:
    with sqlite3.connect(data / "sidestage.db") as database:
        found = database.execute("SELECT count(*) FROM donations").fetchone()[0]
    database.close()
    return int(found)


def assert_refused(visitor: Visitor, words: str) -> None:
    reply = visitor.give(b"[2]")
    assert reply.status_code == 503
    assert words in reply.json()["error"]
    assert visitor.client.post("api/session").status_code == 503
    assert visitor.health() == 503


def test_a_folder_that_was_moved_gets_nothing_more_until_it_is_back(server: Server, visitor: Visitor) -> None:
    assert (visitor.give().status_code, visitor.health()) == (200, 200)
    moved = server.data.rename(server.data.with_name("moved"))
    assert_refused(visitor, "cannot find where it keeps donations")
    moved.rename(server.data)
    assert (visitor.give(b"[3]").status_code, visitor.health()) == (200, 200)
    assert count(server.data) == 2
    assert "was moved, deleted or replaced" in server.output


def test_a_folder_that_was_deleted_gets_nothing_and_is_not_made_anew(server: Server, visitor: Visitor) -> None:
    assert visitor.give().status_code == 200
    shutil.rmtree(server.data)
    assert_refused(visitor, "cannot find where it keeps donations")
    assert not server.data.exists()


def test_another_database_in_the_same_place_gets_nothing(server: Server, visitor: Visitor) -> None:
    server.data.rename(server.data.with_name("moved"))
    Store.at(server.data).close()
    assert_refused(visitor, "cannot find where it keeps donations")
    assert count(server.data) == 0


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_each_file_of_the_database_is_needed(tmp_path: Path, suffix: str) -> None:
    store = Store.at(tmp_path)
    session = store.new_session("s")
    (tmp_path / f"sidestage.db{suffix}").unlink()
    with pytest.raises(StoreMoved, match="moved, deleted or replaced"):
        store.add_donation(session.id, "a", b"1")
    with pytest.raises(StoreMoved):
        store.check()
    store.close()


def test_a_folder_that_goes_in_the_middle_of_a_write_is_not_acknowledged(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "data")
    with pytest.raises(StoreMoved), store._writing():
        (tmp_path / "data").rename(tmp_path / "moved")
    store.close()


def test_health_answers_at_once_while_another_program_holds_the_database(server: Server, visitor: Visitor) -> None:
    other = sqlite3.connect(server.data / "sidestage.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    replies: list[int] = []
    waiting = [threading.Thread(target=lambda: replies.append(visitor.give().status_code)) for _ in range(12)]
    for thread in waiting:
        thread.start()
    time.sleep(0.3)
    assert [visitor.health() for _ in range(3)] == [503] * 3
    other.execute("ROLLBACK")
    other.close()
    for thread in waiting:
        thread.join()
    assert replies == [200] * 12, "they were patient"
    assert visitor.health() == 200


def test_a_long_write_of_the_servers_own_is_healthy(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    with store._writing():
        store.check()
    store.close()


def test_health_needs_every_table(server: Server, visitor: Visitor) -> None:
    with sqlite3.connect(server.data / "sidestage.db") as database:
        database.execute("ALTER TABLE secrets RENAME TO gone")
    database.close()
    assert visitor.health() == 503


def test_health_leaves_nothing_behind(server: Server, visitor: Visitor) -> None:
    before = sorted(server.data.iterdir())
    assert [visitor.health() for _ in range(5)] == [200] * 5
    assert sorted(server.data.iterdir()) == before
    with sqlite3.connect(server.data / "sidestage.db") as database:
        assert database.execute("SELECT count(*) FROM trials").fetchone() == (0,)
    database.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True)
    if made.returncode != 0:
        pytest.skip("this user may not mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount here")
def test_a_full_disk_is_told_to_participants_and_by_health(serve: Serve, site: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk"):
        server = serve(site, command="serve", data=tmp_path / "disk" / "data")
        visitor = Visitor(server)
        kept = 0
        while visitor.give(b'"%s"' % (b"%d" % kept * 100_000), key=f"k{kept}").status_code == 200:
            kept += 1
        assert "server is full" in visitor.give(b'"%s"' % (b"x" * 1_000_000)).json()["error"]
        dutch = visitor.give(b'"%s"' % (b"x" * 1_000_000), **{"Accept-Language": "nl-NL,nl"})
        assert "is vol" in dutch.json()["error"]
        assert visitor.health() == 503
        visitor.client.close()
        server.stop()
        assert count(server.data) == kept
        assert "the disk is full" in server.output
