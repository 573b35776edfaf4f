"""Prepares an interpreter for a snapshot, and renews an interpreter that was restored from one.

A snapshot holds everything, also the state of random number generators, which must differ between two sessions. The
seed of ``hash()`` cannot be changed after the start; see ``docs/errors-and-recovery.md``.
"""

from __future__ import annotations

import gc
import importlib
import random
import sys

from sidestage.protocol.wire import complete

#: Every ``random.Random`` that existed when the snapshot was taken, whichever module it belongs to.
_generators: list[random.Random] = []


def prepare(name: str) -> str:
    """Import a module, so that the snapshot holds it. Returns a sentence if that fails, else an empty text."""
    # Imports create many objects that stay, and each collection would search them all. ``settle`` collects once.
    gc.disable()
    try:
        importlib.import_module(name)
    except Exception as error:
        return f"{name} was not imported beforehand: {type(error).__name__}: {error}"
    return ""


def settle() -> None:
    """Tidy up before a snapshot is taken."""
    complete()
    gc.enable()
    gc.collect()
    _generators[:] = [item for item in gc.get_objects() if isinstance(item, random.Random)]
    # Exempts what was imported from later collections, each of which would search it for a tenth of a second.
    gc.freeze()


def refresh() -> None:
    """Give an interpreter that was restored random numbers of its own. Clocks need nothing: they are the browser's."""
    for generator in _generators:
        # The module's shared generator is among them. A ``SystemRandom`` ignores the seed.
        generator.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    # These modules keep random numbers in private attributes.
    for module, name in (("uuid", "_node"), ("tempfile", "_name_sequence")):
        if hasattr(found := sys.modules.get(module), name):
            setattr(found, name, None)
