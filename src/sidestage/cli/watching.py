"""Noticing that a script, or a file beside it, was saved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sidestage.bundle import Study


async def saves(study: Study) -> AsyncIterator[None]:
    """Yield whenever the script or a file beside it was changed, added or removed.

    What an editor or Python itself leaves in the folder (swap files, caches) does not count: only what a page gets.
    """
    from watchfiles import awatch

    stamp = study.stamp()
    while True:
        folders = study.folders()
        # Not recursive: beside a script there may lie a whole virtual environment.
        async for _ in awatch(*folders, recursive=False, watch_filter=None):
            latest = study.stamp()
            if latest != stamp:
                stamp = latest
                yield
            if study.folders() != folders:
                break
