"""The generators of random numbers that all code shares: of ``random`` and, where it is there, ``numpy.random``."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from typing import Any

from sidestage.environment.failure import EnvError


def generators_state() -> dict[str, Any]:
    """Their states, by the names ``random`` and ``numpy``."""
    version, numbers, gauss = random.getstate()
    state: dict[str, Any] = {"random": [version, list(numbers), gauss]}
    if "numpy" in sys.modules:
        state["numpy"] = sys.modules["numpy"].random.get_state(legacy=False)
    return state


def take_generators_state(state: Mapping[str, Any]) -> None:
    """Put them back to where ``generators_state`` was called.

    Raises:
        EnvError: if these are no states of theirs; then nothing has changed.
    """
    before = random.getstate()
    try:
        version, numbers, gauss = state["random"]
        random.setstate((int(version), tuple(map(int, numbers)), gauss))
        if "numpy" in state:
            import numpy  # the browser has it only where it is used

            numpy.random.set_state(state["numpy"])
    except (KeyError, TypeError, ValueError) as error:
        random.setstate(before)
        raise EnvError(f"the state has none of the generators of random numbers that can be taken ({error})") from None


def seed_everything(seed: int) -> None:
    """Seed them all."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
