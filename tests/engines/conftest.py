"""A visitor in each engine: Chromium, Firefox, WebKit. Run by ``make test-engines``, not by ``make test``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.serving import Server

from .browsers import BROWSERS
from .features import BARE_PAGE
from .visitor import Visitor


@pytest.fixture(scope="session", params=BROWSERS)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine that a test runs in."""
    return str(request.param)


@pytest.fixture(scope="session")
def visitor(engine: str) -> Iterator[Visitor]:
    """Somebody with that browser. What a page stores stays: each server is another site to it."""
    with BROWSERS[engine]() as session:
        yield Visitor(session)


@pytest.fixture
def engine_visitor(visitor: Visitor, engine_server: Server) -> Visitor:
    """A visitor on a page that has no flow."""
    visitor.open(engine_server.url + BARE_PAGE)
    return visitor
