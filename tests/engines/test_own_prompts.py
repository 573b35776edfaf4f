"""A study's own prompt in every engine: it is drawn and answered, and nothing else gets out of its frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.participant import donations
from tests.frame_ways_out import give, names_in, ways_in, write_study
from tests.ways_out import listening
from tools.serving import Server

from .visitor import Visitor

LEAVES = "prompts/WayAway.js leaves its page for another one"
#: What a browser may do before it finds that a frame may lead nowhere; see docs/privacy-and-security.md.
SAYS_NOTHING = {"", "a connection that said nothing"}


def test_nothing_gets_out_of_its_frame_but_its_answer(
    visitor: Visitor, serve: Callable[..., Server], tmp_path: Path
) -> None:
    (tmp_path / "study").mkdir()
    script = write_study(tmp_path / "study")
    away = ways_in("AWAY", "away")
    server = serve(script, data=tmp_path / "data")
    with listening() as listener:
        give(script, listener.address, server.url, ways=ways_in("REQUESTS", "frame"), away=away)
        visitor.open(server.url)
        for way in away:
            visitor.wait_for(way.word)
            visitor.wait_for(LEAVES)
            visitor.click("Go on without it")
        visitor.wait_for("Thank you")
    assert set(listener.heard) <= SAYS_NOTHING
    [donation] = donations(server.data)
    assert {donation.data[way.name] for way in away} == {LEAVES}
    had = {name for name in names_in("THINGS") if donation.data[name].startswith("had")}
    assert (had, donation.key) == (set(), "outcomes")
