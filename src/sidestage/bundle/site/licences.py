"""Under which licence each thing in a site is given away, and the texts that must go with it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.metadata import parse_email

import sidestage
from sidestage.bundle.packages import ProvisionError, ServedPackage, Wheel

#: What a wheel calls the files with the terms.
_TERMS = ("licen", "copying", "notice", "authors")
_NOT_SAID = "not stated"
_COMPILED = (
    "The standard library was compiled by its own compiler, into files that end in .pyc, and divided into two "
    "archives. Its source is python_stdlib.zip of the same Pyodide."
)
_AS_IN_PYODIDE = "Nothing: it is distributed as it is in Pyodide."


@dataclass(frozen=True)
class Licence:
    """The licence of one thing in a site.

    Attributes:
        name: of the thing.
        version: of the thing; empty where it has none of its own.
        licence: as its makers name it.
        texts: the files with the terms that came with it, by their names.
    """

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...] = ()

    def entry(self) -> dict[str, str]:
        """What the manifest says of it."""
        return {"name": self.name, "version": self.version, "licence": self.licence}


def licences(
    packages: Iterable[ServedPackage], pyodide: str, python: str, *, changed: bool, compiled: bool
) -> list[Licence]:
    """The licences of everything in a site with these packages.

    Args:
        packages: as they are served.
        pyodide: the version of the runtime.
        python: the version of its Python.
        changed: whether the script of the interpreter was changed.
        compiled: whether the standard library was compiled.
    """
    return [
        Licence("Sidestage", sidestage.__version__, "MIT", tuple(_own_texts())),
        Licence("Pyodide", pyodide, "MPL-2.0", (("what was changed", _pyodide_changes(pyodide, changed=changed)),)),
        Licence("CPython", python, "PSF-2.0", (("what was changed", _COMPILED if compiled else _AS_IN_PYODIDE),)),
        Licence("Lit", "", "BSD-3-Clause"),
        Licence("TanStack Virtual", "", "MIT"),
        Licence("hash-wasm", "", "MIT"),
        Licence("idb-keyval", "", "Apache-2.0"),
        *(_of_package(package) for package in packages),
    ]


def _pyodide_changes(pyodide: str, *, changed: bool) -> str:
    source = (
        f"The original files are in the npm package pyodide, version {pyodide}, and their source is in the project "
        f"pyodide on GitHub, tag {pyodide}, under the Mozilla Public License 2.0: https://mozilla.org/MPL/2.0/"
    )
    if not changed:
        return f"Nothing. {source}"
    return (
        f"The file pyodide.asm.js was changed, so that browsers start it sooner, by the module "
        f"sidestage.bundle.runtime.asm_js of Sidestage {sidestage.__version__}. It is under the same licence as the "
        f"original. The other files of Pyodide are unchanged. {source}"
    )


def licences_as_text(found: Iterable[Licence]) -> str:
    """All of them as one text for people to read."""
    found = list(found)
    lines = ["What this site is made of, and under which licence.", ""]
    lines += [f"{each.name} {each.version}".rstrip() + f": {each.licence}" for each in found]
    for each in found:
        for name, text in each.texts:
            lines += ["", "=" * 80, f"{each.name}: {name}", "=" * 80, "", text.strip()]
    return "\n".join(lines) + "\n"


def _own_texts() -> Iterable[tuple[str, str]]:
    """Sidestage's own terms, and those of what it carries: from where it was installed, or from the checkout."""
    checkout = Path(sidestage.__file__).parents[2]
    for name in ("LICENSE", "NOTICES.md"):
        text = None if (checkout / name).is_file() else _installed(name)
        yield name, text if text is not None else (checkout / name).read_text(encoding="utf-8")


def _installed(name: str) -> str | None:
    try:
        return distribution("sidestage").read_text(f"licenses/{name}")
    except PackageNotFoundError:
        return None


def _of_package(package: ServedPackage) -> Licence:
    if package.path.suffix != ".whl":
        return Licence(package.name, package.version, _NOT_SAID)
    wheel = Wheel(package.path)
    try:
        wheel.read()
    except ProvisionError:  # Parts of the standard library, which are packed as wheels without metadata.
        return Licence(package.name, package.version, "PSF-2.0")
    return Licence(package.name, package.version, _named_in(wheel.metadata), tuple(_texts_in(package.path)))


def _named_in(metadata: str) -> str:
    fields = parse_email(metadata)[0]
    if expression := fields.get("license_expression"):
        return expression
    licence = fields.get("license", "").strip()
    # Some put the whole text there; the classifiers then say it shorter.
    if licence and "\n" not in licence and licence != "UNKNOWN":
        return licence
    classifiers = fields.get("classifiers", [])
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    return ", ".join(named) or licence.partition("\n")[0] or _NOT_SAID


def _texts_in(path: Path) -> Iterable[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            folder, _, inside = name.partition("/")
            is_terms = inside.startswith("licenses/") or inside.lower().startswith(_TERMS)
            if folder.endswith(".dist-info") and is_terms and not inside.endswith("/"):
                yield inside, archive.read(name).decode("utf-8", "replace")
