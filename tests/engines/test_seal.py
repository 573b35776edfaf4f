"""The ways out of the seal in every engine; Chromium's network is watched more closely in ``tests/browser``."""

from __future__ import annotations

from tests.browser.in_page import PRELUDE
from tests.ways_out import RUN_WAYS, listening, told, ways_out
from tools.serving import Server

from .visitor import Visitor

WAYS = ways_out("engine")
#: Some of those that every engine leaves open without the seal.
OPEN = {"fetch", "XMLHttpRequest that waits", "EventSource", "WebSocket", "importScripts", "import", "eval", "run_js"}
OPEN |= {"worker of a blob that fetches", "function by its constructor", "a package by its address", "a lazy file"}


def test_nothing_gets_out_of_the_seal(engine_visitor: Visitor, engine_server: Server) -> None:
    with listening() as listener:
        found = engine_visitor.evaluate(PRELUDE + RUN_WAYS, listener.journey(WAYS, engine_server.url, sealed=True))
    assert listener.heard == []
    assert found["heard"] == []
    assert not any(found["left"].values()), found["left"]
    assert found["alive"] == 2
    for name, came in found["outcomes"].items():
        if name.startswith("forged: "):
            assert any(line.startswith("A message from Python was refused. ") for line in came["said"]), name


def test_without_the_seal_it_would_be_heard(engine_visitor: Visitor, engine_server: Server) -> None:
    ways = [way for way in WAYS if way.name in OPEN]
    with listening() as listener:
        engine_visitor.evaluate(PRELUDE + RUN_WAYS, listener.journey(ways, engine_server.url, sealed=False))
    assert told(WAYS, "\n".join(listener.heard)) == OPEN
