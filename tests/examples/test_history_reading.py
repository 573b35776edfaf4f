"""YouTube histories: JSON of any length and HTML, in the languages and shapes that Google writes."""

import dataclasses
import io
import json
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import history_page
import json_stream
import pytest
import youtube
from archive import Archive
from exports import finished, history_of
from generate import write_youtube

ENGLISH = "Takeout/YouTube and YouTube Music/history/watch-history"
DUTCH = "Takeout/YouTube en YouTube Music/geschiedenis/kijkgeschiedenis"


def read(path: Path) -> tuple[youtube.History, list[float]]:
    with path.open("rb") as file, Archive(file) as archive:
        return finished(youtube.read_history(archive, youtube.find_history(archive)))


def item(**fields: Any) -> dict[str, Any]:
    return {
        "header": "YouTube",
        "title": "Watched something",
        "titleUrl": "https://www.youtube.com/watch?v=abc",
        "subtitles": [{"name": "Deep Physics", "url": "https://www.youtube.com/channel/UC1"}],
        "time": "2023-12-31T22:59:01.123Z",
        "products": ["YouTube"],
    } | fields


def history(*items: dict[str, Any]) -> youtube.History:
    return history_of({f"{ENGLISH}.json": json.dumps(items)})


@pytest.mark.parametrize("locale", ["en", "nl"])
@pytest.mark.parametrize("format", ["json", "html"])
def test_what_is_read_is_what_was_written(tmp_path: Path, format: str, locale: str) -> None:
    truth = write_youtube(tmp_path / "takeout.zip", views=20_000, format=format, locale=locale, seed=3)
    found, fractions = read(tmp_path / "takeout.zip")
    assert {day.isoformat(): (counts.views, counts.ads) for day, counts in found.days.items()} == truth.days
    channels = {
        name: {"first": channel.first.isoformat(), "last": channel.last.isoformat(), "views": channel.views}
        for name, channel in found.channels.items()
    }
    assert truth.removed is not None
    assert channels == {name: dataclasses.asdict(channel) for name, channel in truth.channels.items()} | {
        youtube.NO_CHANNEL: dataclasses.asdict(truth.removed)
    }
    assert found.undated == 0
    assert list(found.days) == sorted(found.days)
    assert [channel.views for channel in found.channels.values()] == sorted(
        (channel.views for channel in found.channels.values()), reverse=True
    )
    assert fractions == sorted(fractions)
    assert len(fractions) > 20
    assert fractions[-1] > 0.9


class TestEntries:
    def test_an_advertisement_is_no_view(self) -> None:
        found = history(item(), item(details=[{"name": "From Google Ads"}], subtitles=None))
        assert found.days == {date(2023, 12, 31): youtube.Day(views=1, ads=1)}
        assert list(found.channels) == ["Deep Physics"]

    @pytest.mark.parametrize(
        "gone",
        [
            {"title": "Watched a video that has been removed", "time": "2023-12-31T22:59:01Z"},
            {
                "title": "Watched https://www.youtube.com/watch?v=abc",
                "time": "2023-12-31T22:59:01Z",
                "titleUrl": "x/watch?v=",
            },
            item(subtitles=[]),
        ],
    )
    def test_a_removed_video_is_a_view_without_a_channel(self, gone: dict[str, Any]) -> None:
        assert list(history(gone).channels) == [youtube.NO_CHANNEL]

    def test_posts_and_searches_are_no_views(self) -> None:
        post = item(titleUrl="https://www.youtube.com/post/Ugk")
        search = item(titleUrl="https://www.youtube.com/results?search_query=x")
        assert history(item(), post, search).days == {date(2023, 12, 31): youtube.Day(views=1)}

    def test_what_has_no_date_is_counted_apart(self) -> None:
        found = history(item(), item(time="?"), item(time=None), item(subtitles=[{}]))
        assert (found.undated, found.channels["Deep Physics"].views) == (3, 1)

    def test_items_of_other_kinds_do_not_stop_it(self) -> None:
        text = f'\ufeff [1, null, "x", [2], {json.dumps(item())}, {{}}, 12.5 ] \n'
        found = history_of({f"{ENGLISH}.json": text})
        assert found.channels["Deep Physics"].views == 1


@pytest.mark.parametrize(
    "name",
    [
        f"{ENGLISH}.json",
        f"{DUTCH}.json",
        "Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.json",
        "Takeout/YouTube og YouTube Music/logg/seerlogg.json",
        "watch-history.json",
    ],
)
def test_the_history_is_found_in_every_language(name: str) -> None:
    others = {"Takeout/YouTube og YouTube Music/logg/soek.json": '[{"titleUrl": "https://www.youtube.com/results"}]'}
    # Google writes the "=" of an address like this.
    content = json.dumps([item()]).replace("=", "\\u003d")
    assert history_of({**others, name: content}).channels["Deep Physics"].views == 1


def test_json_goes_before_html() -> None:
    found = history_of({f"{ENGLISH}.html": "<html></html>", f"{ENGLISH}.json": json.dumps([item()])})
    assert found.channels["Deep Physics"].views == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Dec 31, 2023, 11:59:01 PM CET", date(2023, 12, 31)),
        ("Dec 31, 2023, 11:59:01\u202fPM CET", date(2023, 12, 31)),
        ("31 Dec 2023, 23:59:01 CET", date(2023, 12, 31)),
        ("3 Sept 2023, 23:59:01 BST", date(2023, 9, 3)),
        ("31 dec 2023 23:59:01 CET", date(2023, 12, 31)),
        ("31 dec. 2023, 23:59:01 CET", date(2023, 12, 31)),
        ("1 mrt. 2024, 01:02:03 CET", date(2024, 3, 1)),
        ("1 mei 2024 01:02:03 CEST", date(2024, 5, 1)),
        ("1 oktober 2024 01:02:03", date(2024, 10, 1)),
        ("31 Foo 2023, 23:59:01", None),
        ("Feb 31, 2023, 11:59:01 PM", None),
        ("Watched a video that has been removed", None),
    ],
)
def test_dates_in_english_and_dutch(text: str, day: date | None) -> None:
    assert history_page.read_date(text) == day


@pytest.mark.parametrize("piece", [1, 7, 64, 10_000])
def test_html_is_read_in_pieces_of_any_size(tmp_path: Path, piece: int) -> None:
    write_youtube(tmp_path / "takeout.zip", views=60, format="html")
    with (tmp_path / "takeout.zip").open("rb") as file, Archive(file) as archive:
        text = archive.open(youtube.find_history(archive)).text().read()
    parts = list(history_page.read_page(io.StringIO(text), piece))
    assert len(parts) == 60
    assert parts == list(history_page.read_page(io.StringIO(text)))
    assert all(part.day for part in parts)


class TestArrays:
    @pytest.mark.parametrize(
        "text", ["[]", " [ ] ", "[1]", '[1,"a]",{"b":[2]},null,true,-1.5e3 ]', "[12345678901234567890]"]
    )
    def test_items_are_those_of_the_whole_text(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for piece in range(1, 12):
            monkeypatch.setattr(json_stream, "PIECE", piece)
            assert list(json_stream.read_array(io.StringIO(text))) == json.loads(text)

    @pytest.mark.parametrize("text", ["", "  ", "{}", "[", "[1", "[1,", "[1 2]", "[1,]", "[x]", '["a]', "nonsense"])
    def test_anything_else_is_refused(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for piece in (1, 2, 100):
            monkeypatch.setattr(json_stream, "PIECE", piece)
            with pytest.raises(json_stream.BrokenJSON):
                list(json_stream.read_array(io.StringIO(text)))


class Endless:
    """A long array that is made while it is read."""

    def __init__(self, items: int) -> None:
        self._item = json.dumps(item(title="Watched something " * 100)) + ","
        self._left = items
        self._text = "["
        self.length = 0

    def read(self, size: int) -> str:
        while len(self._text) < size and self._left:
            self._left -= 1
            self._text += self._item if self._left else self._item[:-1] + "]"
        text, self._text = self._text[:size], self._text[size:]
        self.length += len(text)
        return text


def test_fifty_megabytes_of_json_need_little_memory() -> None:
    source = Endless(25_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in json_stream.read_array(source))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 25_000
    assert source.length > 50_000_000
    assert peak < 2_000_000


@pytest.mark.parametrize("format", ["json", "html"])
def test_reading_a_whole_export_needs_little_memory(tmp_path: Path, format: str) -> None:
    write_youtube(tmp_path / "takeout.zip", views=3_000, format=format, media_mb=20)
    tracemalloc.start()
    try:
        read(tmp_path / "takeout.zip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000
