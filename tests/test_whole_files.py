"""Files that are written whole or not at all, and zips and hashes that depend on their content alone."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from sidestage.hashing import integrity_of, sha256_of
from sidestage.whole_files import write_whole
from sidestage.zipping import zip_of


def test_a_file_is_replaced_and_gets_the_permissions_that_were_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_whole(path, b"one")
    write_whole(path, b"two", mode=0o640)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["page.html"]


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_of_itself(tmp_path: Path) -> None:
    (tmp_path / "taken/inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", b"content")
    assert os.listdir(tmp_path) == ["taken"]


def test_a_zip_depends_on_its_content_alone() -> None:
    made = zip_of({"a.txt": b"a" * 1000, "b/c.txt": b"c"})
    assert made == zip_of({"b/c.txt": b"c", "a.txt": b"a" * 1000})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["a.txt", "b/c.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("a.txt") == b"a" * 1000


def test_a_stored_zip_holds_its_files_as_they_are() -> None:
    content = b"a" * 1000
    assert content in zip_of({"a.txt": content}, stored=True)
    assert content not in zip_of({"a.txt": content})


def test_a_file_has_the_hash_of_its_bytes(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    (tmp_path / "file").write_bytes(content)
    assert sha256_of(tmp_path / "file") == sha256_of(content) == hashlib.sha256(content).hexdigest()


def test_browsers_are_told_a_hash_in_base64() -> None:
    # The hash of nothing, as every page on the subject has it.
    assert integrity_of(sha256_of(b"")) == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
