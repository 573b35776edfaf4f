"""The form of lock files that all of Python shares (PEP 751), with what is Sidestage's own under ``[tool.sidestage]``.

Files are named by their names and hashes. Where they are to be had stands nowhere: it does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from packaging import pylock
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from tomlkit.items import Item, Table

from sidestage.bundle.packages.script_lock import Pin, ScriptLock, check_pin, normalised, text_in

#: Nowhere else would these files run.
_BROWSER = Marker('sys_platform == "emscripten"')


def to_pylock(lock: ScriptLock) -> pylock.Pylock:
    """A lock in this form."""
    about = {"pyodide": lock.pyodide, "dependencies": list(lock.dependencies)}
    return pylock.Pylock(
        lock_version=Version("1.0"),
        environments=[_BROWSER],
        requires_python=SpecifierSet(f"=={lock.python}"),
        created_by="sidestage",
        packages=[_package(pin, lock.pins) for pin in lock.pins],
        tool={"sidestage": about | ({"runtime": lock.runtime} if lock.runtime else {})},
    )


def from_pylock(table: Mapping[str, Any], script: str) -> ScriptLock:
    """What the content of such a file says.

    Args:
        table: the content.
        script: the file name of the script that it is for.

    Raises:
        PylockValidationError: if it has not this form.
        KeyError, ValueError, TypeError, AttributeError: if it is not Sidestage's, or damaged.
    """
    content = pylock.Pylock.from_dict(table)
    about = (content.tool or {})["sidestage"]
    dependencies = normalised(about["dependencies"])
    asked = {canonicalize_name(Requirement(text).name) for text in dependencies}
    if len({package.name for package in content.packages}) != len(content.packages):
        raise ValueError("it names a package twice")
    askers: dict[str, list[str]] = {
        package.name: [script] if package.name in asked else [] for package in content.packages
    }
    for package in content.packages:
        for needed in package.dependencies or ():
            askers[canonicalize_name(text_in(needed["name"]))].append(package.name)
    return ScriptLock(
        pyodide=text_in(about["pyodide"]),
        python=_python(content.requires_python),
        dependencies=dependencies,
        pins=tuple(_pin(package, askers[package.name]) for package in content.packages),
        runtime=text_in(about["runtime"]) if "runtime" in about else None,
    )


def to_toml(lock: ScriptLock, comment: str) -> str:
    """The text of the file. Equal locks make equal texts."""
    content = dict(to_pylock(lock).to_dict())
    packages, tool = content.pop("packages"), content.pop("tool")
    document = tomlkit.document()
    document.add(tomlkit.comment(comment))
    for key, value in content.items():
        document.add(key, tomlkit.item(value))
    tables = tomlkit.aot()
    for package in packages:
        tables.append(_package_table(package))
    document.add("packages", tables if packages else tomlkit.array())
    document.add("tool", tomlkit.item(tool))
    return tomlkit.dumps(document)


def _package_table(package: Mapping[str, Any]) -> Table:
    """A package on a few lines: what lies deeper stands on the line of its key, but for what is Sidestage's own."""
    table = tomlkit.table()
    for key, value in package.items():
        table.add(key, tomlkit.item(value) if key == "tool" else _inline(value))
    return table


def _inline(value: Any) -> Item:
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for key, inside in value.items():
            inline.add(key, _inline(inside))
        return inline
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_inline(inside) for inside in value)
        return array
    item: Item = tomlkit.item(value)
    return item


def _package(pin: Pin, pins: Iterable[Pin]) -> pylock.Package:
    needs = [{"name": other.name} for other in pins if pin.name in other.asked_by and other.name != pin.name]
    name, hashes = canonicalize_name(pin.name), {"sha256": pin.sha256}
    if pin.file.endswith(".whl"):
        wheel = pylock.PackageWheel(path=pin.file, hashes=hashes)
        return pylock.Package(name=name, version=Version(pin.version), dependencies=needs or None, wheels=[wheel])
    # A shared library of Pyodide's: it is no wheel, and its version need not be one of Python's.
    archive = pylock.PackageArchive(path=pin.file, hashes=hashes)
    tool = {"sidestage": {"version": pin.version}}
    return pylock.Package(name=name, dependencies=needs or None, archive=archive, tool=tool)


def _pin(package: pylock.Package, askers: Iterable[str]) -> Pin:
    if package.archive:
        version, file = (package.tool or {})["sidestage"]["version"], package.archive
        return _pin_of(package.name, text_in(version), file.path, file.hashes, askers)
    if len(package.wheels or ()) != 1 or package.version is None:
        raise ValueError(f"{package.name} should have a version and one wheel")
    (wheel,) = package.wheels or ()
    return _pin_of(package.name, str(package.version), wheel.path, wheel.hashes, askers)


def _pin_of(name: str, version: str, path: str | None, hashes: Mapping[str, str], askers: Iterable[str]) -> Pin:
    return check_pin(Pin(name, version, text_in(path), text_in(hashes["sha256"]), tuple(sorted(askers))))


def _python(wanted: SpecifierSet | None) -> str:
    exact = [each.version for each in wanted or () if each.operator == "=="]
    if len(exact) != 1:
        raise ValueError(f"requires-python should name the one Python of the browser, not {wanted}")
    return exact[0]
