"""The Python that wheels are chosen for: Pyodide 0.29 with CPython 3.13, not the Python that runs Sidestage."""

from __future__ import annotations

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags

PYTHON = (3, 13)
#: Pyodide 0.29 was built under the first name; wheels made since PEP 783 bear the second.
PLATFORMS = ("pyodide_2025_0_wasm32", "pyemscripten_2025_0_wasm32")


def _ranked_tags() -> dict[Tag, int]:
    """Every tag that a wheel may bear, with its rank: the lower, the closer to the browser's Python."""
    tags = [*cpython_tags(PYTHON, platforms=PLATFORMS), *compatible_tags(PYTHON, "cp313", platforms=PLATFORMS)]
    return {tag: rank for rank, tag in enumerate(tags)}


RANK = _ranked_tags()


def rank_of(tags: frozenset[Tag]) -> int | None:
    """How close a wheel's tags are to the browser's Python; None when it cannot run there."""
    return min((RANK[tag] for tag in tags if tag in RANK), default=None)


def applies(marker: Marker | None, python: str, extras: frozenset[str] = frozenset()) -> bool:
    """Whether a requirement with this marker counts in the browser, for a package asked for with these extras."""
    if marker is None:
        return True
    environment = {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Emscripten",
        "platform_version": "",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "emscripten",
    }
    return any(marker.evaluate(environment | {"extra": extra}) for extra in extras or {""})
