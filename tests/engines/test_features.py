"""What the documentation says of each engine is what was measured in it."""

from __future__ import annotations

from tools.serving import Server

from .features import BARE_PAGE, documented, measure
from .visitor import Visitor


def test_the_table_of_features_is_true(engine: str, visitor: Visitor, engine_server: Server) -> None:
    assert documented()[engine] == measure(visitor, engine_server.url + BARE_PAGE)
