"""The Python that wheels are chosen for: that of a Pyodide runtime, not the Python that runs Sidestage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags

#: The binary interfaces of Pyodide that uv has a name for: the year of the interface, and uv's name.
_UV_PLATFORMS = {"2024": "wasm32-pyodide2024", "2025": "wasm32-pyodide2025"}


@dataclass(frozen=True)
class Target:
    """The Python in the browser.

    Attributes:
        pyodide: the version of Pyodide, like ``0.29.5``.
        python: the version of its Python, like ``3.13.2``.
        platforms: what wheels with compiled parts may be tagged for.
        uv_platform: what uv calls the platform; None where it has no name for it yet.
    """

    pyodide: str
    python: str
    platforms: tuple[str, ...]
    uv_platform: str | None

    @classmethod
    def of(cls, info: Mapping[str, Any], pyodide: str) -> Target:
        """The target that the ``info`` of a ``pyodide-lock.json`` describes.

        Raises:
            KeyError, ValueError: if it does not say enough.
        """
        abi, arch, python = str(info["abi_version"]), str(info["arch"]), str(info["python"])
        if not re.fullmatch(r"\d{4}_\d+", abi) or not re.fullmatch(r"3\.\d+\.\d+\w*", python):
            raise ValueError(f"{abi} and {python} are not the versions of an interface and of Python")
        # Pyodide 0.29 was built under the first name; wheels made since PEP 783 bear the second.
        platforms = (f"pyodide_{abi}_{arch}", f"pyemscripten_{abi}_{arch}")
        return cls(pyodide, python, platforms, _UV_PLATFORMS.get(abi.partition("_")[0]))

    @property
    def python_minor(self) -> tuple[int, int]:
        """Its Python without the patch level, like ``(3, 13)``."""
        major, minor = self.python.split(".")[:2]
        return int(major), int(minor)

    def rank(self, tags: frozenset[Tag]) -> int | None:
        """How close a wheel's tags are to this Python, the lower the closer; None when it cannot run there."""
        return min((self._ranks[tag] for tag in tags if tag in self._ranks), default=None)

    def applies(self, marker: Marker | None, extras: frozenset[str] = frozenset()) -> bool:
        """Whether a requirement with this marker counts in the browser, for a package asked for with these extras."""
        if marker is None:
            return True
        return any(marker.evaluate(self._environment | {"extra": extra}) for extra in extras or {""})

    @cached_property
    def _ranks(self) -> dict[Tag, int]:
        """Every tag that a wheel may bear, with its rank."""
        minor = self.python_minor
        interpreter = f"cp{minor[0]}{minor[1]}"
        tags = [
            *cpython_tags(minor, platforms=self.platforms),
            *compatible_tags(minor, interpreter, platforms=self.platforms),
        ]
        return {tag: rank for rank, tag in enumerate(tags)}

    @cached_property
    def _environment(self) -> dict[str, str]:
        return {
            "implementation_name": "cpython",
            "implementation_version": self.python,
            "os_name": "posix",
            "platform_machine": "wasm32",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Emscripten",
            "platform_version": "",
            "python_full_version": self.python,
            "python_version": ".".join(str(part) for part in self.python_minor),
            "sys_platform": "emscripten",
        }
