"""Steps and sub-flows of a script, and of the modules beside it, that nothing can come of."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sidestage.bundle.check.finding import Finding
from sidestage.bundle.script_archive import files_beside
from sidestage.flow.source_check import check_sources, makes_donation


def check_yields(script: Path) -> list[Finding]:
    """What is made and never yielded."""
    return [Finding(each.file, each.line, each.sentence) for each in check_sources(sources_of(script))]


def check_donations(script: Path, rehearsal: Mapping[str, Any]) -> list[Finding]:
    """That a script with a donation donated nothing when it was played through, if nothing else tells why."""
    place = makes_donation(sources_of(script))
    if place is None or rehearsal["donated"] or rehearsal["failures"]:
        return []
    if rehearsal["no_files"]:
        sentence = "this donates nothing without a file: give one with --file FILE to see that it does"
        return [Finding(*place, sentence, False)]
    sentence = "this donates, and however the pages were answered, nothing was donated: see what keeps it from that"
    return [Finding(*place, sentence, not rehearsal["cut"])]


def sources_of(script: Path) -> dict[str, bytes]:
    """The Python files that go to participants, by their names in the archive; without those that cannot be read."""
    found = {}
    for name, path in files_beside(script).items():
        if name.endswith(".py"):
            with contextlib.suppress(OSError):
                found[name] = path.read_bytes()
    return found
