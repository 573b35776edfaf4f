"""The fixture that pytest finds when Sidestage is installed. Imports nothing of Sidestage before a test asks for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sidestage.testing.player import Player


@pytest.fixture
def play_flow() -> Iterator[Callable[..., Player]]:
    """Drive a flow with no browser: ``p = play_flow(process)`` takes what ``sidestage.testing.play`` takes.

    At the end of the test each player is closed, and an error of its script that the test did not expect fails the
    test.
    """
    from sidestage.testing.player import play

    with contextlib.ExitStack() as players:

        def start(process: Callable[..., Any] | str | os.PathLike[str], **options: Any) -> Player:
            return players.enter_context(play(process, **options))

        yield start
