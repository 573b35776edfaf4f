"""What goes wrong with an environment."""

from __future__ import annotations

from sidestage.errors import SidestageError


class EnvError(SidestageError):
    """An environment does not keep its convention, is asked for something too early, or gets what it cannot take."""
