"""The standard library of a runtime, compiled: a start imports much of it, and from sources that takes two seconds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from sidestage.bundle.packages.compiler import CompilerFailed, find_compiler
from sidestage.bundle.runtime.find_runtime import STDLIB_PLAIN, Runtime
from sidestage.cache import Cache
from sidestage.hashing import sha256_of
from sidestage.zipping import zip_of

#: Counts up whenever the same library would be compiled to something else.
_FORMAT = 2

#: What no start imports: all that a browser does not wait for before it starts Python. What is not named here comes
#: first, so that a part that is new in some version is there when its start needs it.
_NAMES = """
__hello__ __phello__ _aix_support _android_support _apple_support _compat_pickle _ios_support _markupbase
_osx_support _py_abc _pydatetime _pydecimal _pyio _pylong _pyrepl _strptime _threading_local antigravity argparse
bdb cProfile calendar cmd code colorsys compileall configparser csv ctypes difflib doctest email filecmp fileinput
fractions ftplib getopt getpass gettext graphlib gzip hashlib hmac html http imaplib ipaddress mailbox mimetypes
modulefinder multiprocessing netrc nturl2path optparse pdb pickle pickletools pkgutil platform plistlib poplib
pprint profile profiling pstats pty py_compile pyclbr pydoc queue quopri rlcompleter runpy sched secrets shelve
shlex smtplib socketserver sre_compile sre_constants sre_parse statistics stringprep symtable sysconfig tabnanny
tarfile this timeit tomllib trace tracemalloc tty unittest urllib wave webbrowser wsgiref xml xmlrpc zipapp zoneinfo
"""
LATER_MODULES = frozenset(_NAMES.split())


def compiled_stdlib(runtime: Runtime, cache: Cache, tell: Callable[[str], None]) -> Path | bytes | None:
    """The compiled library: made ahead, from the cache, or made now. None where nothing here can compile it.

    Args:
        runtime: whose library it is.
        cache: where one that was made is kept.
        tell: takes sentences for the author.
    """
    if runtime.compiled:
        return runtime.compiled
    key = f"{sha256_of(runtime.folder / STDLIB_PLAIN)}-library-{_FORMAT}"
    if kept := cache.find(key):
        return kept.path
    tell(f"Preparing Python {runtime.python} for the browser (once).")
    try:
        library = compile_stdlib(runtime.folder, runtime.python)
    except CompilerFailed as error:
        tell(f"{error}. Python starts slower on pages.")
        return None
    try:
        return cache.keep(key, library).path
    except OSError:
        return library


def compile_stdlib(folder: Path, python: str) -> bytes:
    """Compile the library in the folder of a runtime: a zip that is stored, because HTTP compression does better.

    Args:
        folder: of the runtime.
        python: the version of its Python, like ``3.13.2``.

    Raises:
        CompilerFailed: if nothing here can compile it.
    """
    compiler = find_compiler(folder, python)
    if compiler is None:
        raise CompilerFailed("Python's own library cannot be compiled without Node 20 or later, or 'sidestage[node]'")
    with zipfile.ZipFile(folder / STDLIB_PLAIN) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    sources = {name: data for name, data in content.items() if name.endswith(".py")}
    major, minor = python.split(".")[:2]
    (code,) = compiler.compile([sources], f"/lib/python{major}{minor}.zip")
    uncompiled = {name: data for name, data in content.items() if f"{name}c" not in code}
    return zip_of(uncompiled | code, stored=True)


def split_stdlib(library: Path | bytes) -> tuple[bytes, bytes]:
    """What a start imports of a compiled library, and the rest: two zips, stored."""
    parts: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    with zipfile.ZipFile(io.BytesIO(library) if isinstance(library, bytes) else library) as archive:
        for name in archive.namelist():
            top = name.partition("/")[0].partition(".")[0]
            parts[top in LATER_MODULES][name] = archive.read(name)
    return zip_of(parts[0], stored=True), zip_of(parts[1], stored=True)
