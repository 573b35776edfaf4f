"""The file that a participant chose, as an ordinary binary file object."""

import csv
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

from sidestage.files import ParticipantFile, materialize_file

LINES = b'name,count\nSam,1\n"Robin\nB",2\n'


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[ParticipantFile]:
    path = tmp_path / "mount" / "4711"
    path.parent.mkdir()
    path.write_bytes(LINES)
    with ParticipantFile(path, "export.csv") as file:
        yield file


def test_it_has_the_participants_name_and_a_size(lines: ParticipantFile) -> None:
    assert (lines.name, lines.size, Path(lines.path).name) == ("export.csv", len(LINES), "4711")
    assert repr(lines) == f"<ParticipantFile 'export.csv', {len(LINES)} bytes>"


def test_without_a_name_it_has_that_of_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with ParticipantFile(tmp_path / "a.txt") as file:
        assert file.name == "a.txt"


def test_it_reads_like_any_binary_file(lines: ParticipantFile) -> None:
    assert (lines.readable(), lines.seekable(), lines.writable()) == (True, True, False)
    assert lines.readline() == b"name,count\n"
    assert lines.tell() == 11
    assert lines.seek(-2, os.SEEK_END) == len(LINES) - 2
    assert (lines.read(5), lines.read()) == (b"2\n", b"")
    lines.seek(0)
    buffer = bytearray(4)
    assert (lines.readinto(buffer), bytes(buffer)) == (4, b"name")
    lines.seek(0)
    assert list(lines) == LINES.splitlines(keepends=True)
    lines.close()
    assert lines.closed
    with pytest.raises(ValueError, match="closed file"):
        lines.read()


def test_it_cannot_be_written(lines: ParticipantFile) -> None:
    with pytest.raises(io.UnsupportedOperation):
        lines.write(b"x")


def test_csv_reads_it_as_text(lines: ParticipantFile) -> None:
    with io.TextIOWrapper(lines, encoding="utf-8", newline="") as text:
        assert list(csv.reader(text)) == [["name", "count"], ["Sam", "1"], ["Robin\nB", "2"]]


def test_pandas_reads_it(lines: ParticipantFile) -> None:
    assert pandas.read_csv(lines)["count"].tolist() == [1, 2]


def test_json_reads_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1]}')
    with ParticipantFile(tmp_path / "a.json") as file:
        assert json.load(file) == {"a": [1]}


def test_zipfile_reads_its_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", f"{number}" * 1000)
    with ParticipantFile(tmp_path / "a.zip") as file:
        assert zipfile.is_zipfile(file)
        members = zipfile.ZipFile(file)
        assert [members.read(f"{number}.txt") for number in (19, 0)] == [b"19" * 1000, b"0" * 1000]


def test_a_zip_of_more_than_4_gigabytes_is_read_where_it_lies(tmp_path: Path) -> None:
    gap = 5 * 1024**3
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as archive:
        archive.writestr("messages.txt", "hello")
    with tempfile.NamedTemporaryFile(dir=tmp_path) as sparse:
        # A zip may stand behind anything: here behind 5 GiB that take no room on the disk.
        sparse.seek(gap)
        sparse.write(small.getvalue())
        sparse.flush()
        with ParticipantFile(sparse.name) as file:
            assert file.size == gap + len(small.getvalue())
            assert zipfile.ZipFile(file).read("messages.txt") == b"hello"
            assert file.seek(gap + 2) == gap + 2
            assert file.read(2) == small.getvalue()[2:4]


def test_a_path_for_code_that_insists_on_one(lines: ParticipantFile, tmp_path: Path) -> None:
    assert Path(materialize_file(lines)).read_bytes() == LINES
    assert materialize_file(lines) == lines.path
    (tmp_path / "plain").touch()
    with open(tmp_path / "plain", "rb") as file:
        assert materialize_file(file) == str(tmp_path / "plain")


def test_what_has_no_path_is_refused(lines: ParticipantFile) -> None:
    with pytest.raises(TypeError, match="has no path; give a file that the participant chose"):
        materialize_file(io.BytesIO())


def test_a_file_that_has_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ParticipantFile(tmp_path / "gone.zip")
