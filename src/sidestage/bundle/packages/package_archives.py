"""Archives: zips that hold exactly what is to lie in the browser's ``site-packages``.

A wheel is made for installers. A browser that unpacks one inflates it, and compiles each module when it is imported.
An archive is stored, because HTTP compression does better on the whole, and holds compiled code, each ``.pyc`` in the
place of its source; a package that reads its own sources has both. Archives are made once and kept in the user's cache
folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sidestage.bundle.packages.compiler import Compiler, CompilerFailed, find_compiler
from sidestage.bundle.packages.errors import ProvisionError
from sidestage.bundle.packages.unpack import unpack_library, unpack_wheel, write_record
from sidestage.bundle.tell import Tell
from sidestage.cache import Cache
from sidestage.hashing import sha256_of
from sidestage.zipping import zip_of

#: Counts up whenever an archive of the same wheel would hold something else: cached ones are then made again.
_FORMAT = 3
#: How modules ask for the sources of others, or of themselves.
_READS_SOURCES = re.compile(rb"\bgetsource(lines|file)?\(|\.with_suffix\([\"']\.py[\"']\)")


@dataclass(frozen=True)
class PackageTree:
    """Files to make an archive of.

    Attributes:
        name: like ``numpy-2.2.5``; empty for Sidestage's own, of which authors need not hear.
        made_from: the SHA-256 of what the files are read from.
        read: gives the files by their names in ``site-packages``.
    """

    name: str
    made_from: str
    read: Callable[[], dict[str, bytes]]


@dataclass(frozen=True)
class PackageArchive:
    """An archive, ready to be served.

    Attributes:
        file_name: its address relative to the folder of packages: a browser may keep it for ever.
        sha256: of the archive, in hexadecimal.
        size: in bytes.
        source: where it lies; or the archive itself, where there is no cache folder to write to.
    """

    file_name: str
    sha256: str
    size: int
    source: Path | bytes

    def entry(self) -> dict[str, object]:
        """What a browser is told of it."""
        return {"file_name": self.file_name, "sha256": self.sha256, "size": self.size}


def tree_of_package(name: str, version: str, path: Path, sha256: str) -> PackageTree:
    """The tree of a package: of a wheel, or of one of Pyodide's zips with shared libraries."""
    unpack = unpack_wheel if path.suffix == ".whl" else unpack_library
    return PackageTree(f"{name}-{version}", sha256, lambda: unpack(path))


class PackageArchiveMaker:
    """Makes archives for one runtime.

    Args:
        runtime: the folder of the Pyodide runtime.
        python: the version of its Python, like ``3.13.2``.
        cache: where archives are kept.
        plain: whether archives hold the sources, as the wheels do.
        tell: takes sentences for the author.
    """

    def __init__(self, runtime: Path, python: str, cache: Cache, *, plain: bool, tell: Tell) -> None:
        self._python = python
        self._cache = cache
        self._tell = tell
        self._plain = plain
        self._compiler = None if plain else find_compiler(runtime, python)

    def make(self, trees: Sequence[PackageTree]) -> dict[PackageTree, PackageArchive]:
        """The archive of each tree, from the cache where it is there; none of a damaged wheel, of which is told."""
        archives = {tree: archive for tree in trees if (archive := self._find(tree))}
        missing = [tree for tree in trees if tree not in archives]
        if missing:
            self._announce([tree.name for tree in missing if tree.name])
            archives |= self._make_missing(missing)
        return archives

    def _announce(self, names: Sequence[str]) -> None:
        if names:
            self._tell(f"Preparing {', '.join(names)} for the browser (once).")
        if names and not (self._plain or self._compiler):
            self._tell(
                "Packages go to the browser as sources, which start slower: to have them compiled, install Node 20 or "
                "later, or 'sidestage[node]'."
            )

    def _find(self, tree: PackageTree) -> PackageArchive | None:
        kept = self._cache.find(self._key(tree))
        return PackageArchive(_address(tree, kept.sha256), kept.sha256, kept.size, kept.path) if kept else None

    def _make_missing(self, trees: Sequence[PackageTree]) -> dict[PackageTree, PackageArchive]:
        contents: dict[PackageTree, dict[str, bytes]] = {}
        for tree in trees:
            try:
                contents[tree] = tree.read()
            except ProvisionError as error:
                self._tell(f"Warning: {error}. It is passed over.")
        if self._compiler:
            try:
                _compile(self._compiler, list(contents.values()), self._site_packages(), self._tag())
            except CompilerFailed as error:
                self._tell(f"{error}. Pages start slower, from sources.")
                self._compiler = None
        return {tree: self._keep(tree, content) for tree, content in contents.items()}

    def _keep(self, tree: PackageTree, content: dict[str, bytes]) -> PackageArchive:
        write_record(content)
        archive = zip_of(content, stored=True)
        sha256 = sha256_of(archive)
        source: Path | bytes
        try:
            source = self._cache.keep(self._key(tree), archive).path
        except OSError:
            source = archive
        return PackageArchive(_address(tree, sha256), sha256, len(archive), source)

    def _key(self, tree: PackageTree) -> str:
        form = f"py{self._python}" if self._compiler else "source"
        return f"{tree.made_from}-{form.replace('.', '-')}-{_FORMAT}"

    def _tag(self) -> str:
        return f"cpython-{''.join(self._python.split('.')[:2])}"

    def _site_packages(self) -> str:
        return f"/lib/python{'.'.join(self._python.split('.')[:2])}/site-packages"


def _compile(compiler: Compiler, contents: Sequence[dict[str, bytes]], folder: str, tag: str) -> None:
    """Replace sources by their code; of packages that read their own sources, put the code beside them.

    Args:
        compiler: what compiles.
        contents: the packages.
        folder: where they will lie.
        tag: what marks code of this Python, like ``cpython-313``.
    """
    sources = [{name: data for name, data in content.items() if _is_module(name)} for content in contents]
    for content, compiled in zip(contents, compiler.compile(sources, folder), strict=True):
        stays = _reads_its_sources(content)
        for name, code in compiled.items():
            source = PurePosixPath(name.removesuffix("c"))
            if stays:
                content[f"{source.parent}/__pycache__/{source.stem}.{tag}.pyc"] = _unchecked(code)
            else:
                del content[str(source)]
                content[name] = code


def _reads_its_sources(content: Mapping[str, bytes]) -> bool:
    """Whether a package of pure Python looks for sources while it runs. One with libraries of C is left without."""
    if any(name.endswith(".so") for name in content):
        return False
    return any(_READS_SOURCES.search(data) for name, data in content.items() if _is_module(name))


def _unchecked(code: bytes) -> bytes:
    """Code that Python takes without looking whether the source beside it has changed."""
    return code[:4] + (1).to_bytes(4, "little") + bytes(8) + code[16:]


def _is_module(name: str) -> bool:
    """Whether a file can be imported; others that end in ``.py`` are data, such as templates."""
    return name.endswith(".py") and all(part.isidentifier() for part in name.removesuffix(".py").split("/"))


def _address(tree: PackageTree, sha256: str) -> str:
    return f"{sha256}/{tree.name}.zip"
