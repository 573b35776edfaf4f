"""Making an interpreter fit for a snapshot, and one that comes from a snapshot fresh again.

A snapshot keeps everything: also the state of random numbers, which must not be the same in two sessions. The seed of
``hash()`` cannot be changed any more; see ``docs/errors-and-recovery.md``.
"""

from __future__ import annotations

import gc
import importlib
import random
import sys

from sidestage.protocol.wire import complete

#: Every ``random.Random`` that lived when the snapshot was made, whichever module it belongs to.
_generators: list[random.Random] = []


def prepare(name: str) -> str:
    """Import a module, so that a snapshot holds it. Returns a sentence where it cannot be imported by itself, or ""."""
    # Nearly all that an import makes stays: looking it through again and again finds nothing. ``settle`` does it once.
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
    # What was imported stays for good; looking it through again at each collection takes a tenth of a second.
    gc.freeze()


def refresh() -> None:
    """Give an interpreter that was put back randomness of its own; clocks are the browser's, and never kept."""
    for generator in _generators:
        # The shared generator among them; one that takes its numbers from the system needs no seed.
        generator.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    # These remember numbers that were random once, in attributes that are nobody else's.
    for module, name in (("uuid", "_node"), ("tempfile", "_name_sequence")):
        if hasattr(found := sys.modules.get(module), name):
            setattr(found, name, None)
