"""The lock file beside a script, and how it is read and written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.pylock import PylockUnsupportedVersionError, PylockValidationError

from sidestage.bundle.packages.errors import LockError
from sidestage.bundle.packages.old_lock_form import from_old_form, is_old_form
from sidestage.bundle.packages.pylock_form import from_pylock, to_toml
from sidestage.bundle.packages.script_lock import ScriptLock
from sidestage.whole_files import write_whole


def lock_path_of(script: Path) -> Path:
    """Where the lock file of a script lies: ``pylock.study.toml`` beside ``study.py``, as PEP 751 wants it called."""
    return script.with_name(f"pylock.{script.stem.replace('.', '-')}.toml")


def old_lock_path_of(script: Path) -> Path:
    """Where Sidestage wrote the lock file of a script before: ``study.lock`` beside ``study.py``."""
    return script.with_suffix(".lock")


def present_lock_of(script: Path) -> Path | None:
    """The lock file that counts for a script; None where there is none."""
    return next((path for path in (lock_path_of(script), old_lock_path_of(script)) if path.exists()), None)


def locked_versions(script: Path) -> dict[str, str]:
    """The versions in the lock file of a script, by name; none where there is no lock file, or a damaged one."""
    try:
        lock = read_lock(script)
    except LockError:
        return {}
    return lock.versions() if lock else {}


def read_lock(script: Path) -> ScriptLock | None:
    """What the lock file of a script says; None where there is none.

    Raises:
        LockError: if it cannot be read, or is damaged.
    """
    path = present_lock_of(script)
    if path is None:
        return None
    try:
        return _parse(path.read_text(encoding="utf-8"), path, script.name)
    except OSError as error:
        raise LockError(f"{path} cannot be read ({error.strerror}): check its permissions") from None
    except KeyError as error:
        raise LockError(f"{path} is damaged (it lacks {error}): {_mend(script)}") from None
    except (ValueError, TypeError, AttributeError, PylockValidationError) as error:
        raise LockError(f"{path} is damaged ({error}): {_mend(script)}") from None


def write_lock(script: Path, lock: ScriptLock) -> None:
    """Write the lock file of a script, in the place of one in the old form; equal locks make equal bytes.

    Raises:
        LockError: if it cannot be written.
    """
    path = lock_path_of(script)
    try:
        write_whole(path, _text(script, lock).encode(), mode=0o644)
        if _is_old(old_lock_path_of(script)):
            old_lock_path_of(script).unlink()
    except OSError as error:
        raise LockError(
            f"{path} cannot be written ({error.strerror}): check who may write in {path.parent}: the packages of a "
            f"script are locked beside it"
        ) from None


def is_written(script: Path, lock: ScriptLock) -> bool:
    """Whether the lock file of a script says just this."""
    try:
        return lock_path_of(script).read_text(encoding="utf-8") == _text(script, lock)
    except (OSError, ValueError):
        return False


def _parse(text: str, path: Path, script: str) -> ScriptLock:
    table: Mapping[str, Any] = tomllib.loads(text)
    if is_old_form(table):
        return from_old_form(table)
    try:
        if "format" not in table:
            return from_pylock(table, script)
    except PylockUnsupportedVersionError:
        pass
    raise LockError(f"{path} was written by another version of Sidestage: {_mend(path.with_name(script))}")


def _is_old(path: Path) -> bool:
    try:
        return is_old_form(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def _text(script: Path, lock: ScriptLock) -> str:
    return to_toml(
        lock, f"The packages of {script.name}: written by 'sidestage lock {script.name}', to be kept with the script."
    )


def _mend(script: Path) -> str:
    return f"get it back from where you keep versions, or write it anew with 'sidestage lock --upgrade {script.name}'"
