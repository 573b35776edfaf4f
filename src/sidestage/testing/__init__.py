"""Driving a flow with no browser, for the tests of whoever writes one.

    from sidestage import flow
    from sidestage.testing import play

    def test_a_participant_who_skips():
        with play("study.py") as p:
            p.expect(flow.ask_file)
            p.skip()
            assert p.ended

With pytest, the fixture ``play_flow`` does the same without the ``with``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sidestage.testing.player import Log, Player, Progress, play

__all__ = ["Log", "Player", "Progress", "play"]


def __getattr__(name: str) -> Any:
    # Every run of pytest imports this room for its fixture; the player waits until a test wants it.
    if name in __all__:
        from sidestage.testing import player

        return getattr(player, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
