"""A study's own prompt in every engine: it is drawn and answered, and nothing else gets out of its frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.browser.participant import donations
from tests.frame_ways_out import give, names_in, ways_in, write_study
from tests.ways_out import listening
from tools.serving import Server

from .visitor import FINDERS, Visitor

LEAVES = "prompts/WayAway.js leaves its page for another one"
#: Goes on where the prompt under a heading cannot; whether that heading is still there.
GO_ON = f"""{FINDERS}
  if (seen("h1").map(nameOf)[0] !== given) return false;
  seen("button").find((button) => nameOf(button) === "Go on without it")?.click();
  return true;
"""
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
            while visitor.evaluate(GO_ON, way.word):
                time.sleep(0.1)
        visitor.wait_for("Thank you")
    assert set(listener.heard) <= SAYS_NOTHING
    [donation] = donations(server.data)
    assert {donation.data[way.name] for way in away} <= {LEAVES, "still there"}
    had = {name for name in names_in("THINGS") if donation.data[name].startswith("had")}
    assert (had, donation.key) == (set(), "outcomes")
