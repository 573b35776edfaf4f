"""The generator: same seed, same bytes; any size."""

import argparse
import shutil
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import generate
import pytest
import whatsapp
from archive import Archive
from exports import finished


@pytest.mark.parametrize(
    "arguments",
    [
        ["whatsapp", "--messages", "300", "--senders", "3", "--style", "android", "--media-mb", "2"],
        ["whatsapp", "--clock", "12", "--month-first", "--messages", "100"],
        ["youtube", "--views", "300", "--format", "html", "--locale", "nl"],
        ["youtube", "--views", "300", "--size", "3MB"],
    ],
    ids=" ".join,
)
def test_the_same_seed_makes_the_same_bytes(tmp_path: Path, arguments: list[str], capsys: Any) -> None:
    contents = []
    for name, seed in (("a.zip", "1"), ("b.zip", "1"), ("c.zip", "2")):
        generate.main([*arguments, str(tmp_path / name), "--seed", seed])
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1] != contents[2]
    assert f"{len(contents[2]):,} bytes" in capsys.readouterr().out


@pytest.mark.parametrize("size", [5_000_000, 60_000_000])
def test_media_bring_the_zip_to_its_size(tmp_path: Path, size: int) -> None:
    path = tmp_path / "chat.zip"
    generate.write_whatsapp(path, messages=1_000, size=size)
    assert abs(path.stat().st_size - size) < 10_000
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.getinfo("_chat.txt").header_offset > size * 0.8
        photos = [info for info in archive.infolist() if info.filename.endswith(".jpg")]
        assert len({info.CRC for info in photos}) == len(photos)
        assert {info.compress_type for info in photos} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize(
    ("text", "size"), [("3GB", 3_000_000_000), ("1.5 mb", 1_500_000), ("20kb", 20_000), ("1000", 1_000), ("7B", 7)]
)
def test_sizes(text: str, size: int) -> None:
    assert generate.read_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "3 apples", "-1"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no size"):
        generate.read_size(text)


@pytest.mark.alone
@pytest.mark.slow
def test_more_than_four_gigabytes(tmp_path: Path) -> None:
    if shutil.disk_usage(tmp_path).free < 8_000_000_000:
        pytest.skip("there is no room for a file of 5 GB")
    path = tmp_path / "chat.zip"
    try:
        truth = generate.write_whatsapp(path, messages=1_000, size=5_000_000_000)
        tracemalloc.start()
        try:
            with path.open("rb") as file, Archive(file) as archive:
                chat, _ = finished(whatsapp.read_chat(archive, whatsapp.find_chat(archive)))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert path.stat().st_size > 4_990_000_000
        assert sum(chat.days.values()) == sum(truth.days.values()) == 1_000
        assert peak < 10_000_000
    finally:
        path.unlink(missing_ok=True)
