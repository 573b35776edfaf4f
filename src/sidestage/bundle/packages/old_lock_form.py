"""The form of lock files that Sidestage wrote before there was one for all of Python: it is still read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from packaging.utils import canonicalize_name

from sidestage.bundle.packages.script_lock import Pin, ScriptLock, check_pin, normalised, text_in

_FORMAT = 1


def is_old_form(table: Mapping[str, Any]) -> bool:
    """Whether the content of a lock file has this form."""
    return bool(table.get("format") == _FORMAT)


def from_old_form(table: Mapping[str, Any]) -> ScriptLock:
    """What the content of such a file says.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: if it is damaged.
    """
    return ScriptLock(
        pyodide=text_in(table["pyodide"]),
        python=text_in(table["python"]),
        dependencies=normalised(table["dependencies"]),
        pins=tuple(_pin(entry) for entry in table.get("package", [])),
        runtime=text_in(table["runtime"]) if "runtime" in table else None,
    )


def _pin(entry: Mapping[str, Any]) -> Pin:
    return check_pin(
        Pin(
            canonicalize_name(text_in(entry["name"])),
            text_in(entry["version"]),
            text_in(entry["file"]),
            text_in(entry["sha256"]),
            tuple(text_in(name) for name in entry.get("asked_by", [])),
        )
    )
