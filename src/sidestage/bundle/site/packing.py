"""The compressed forms of a site's files, as small as they get; each is made once and kept by the file's hash."""

from __future__ import annotations

import contextlib
import gzip
import os
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from sidestage.bundle.site.contents import FileContent
from sidestage.cache import Cache, user_cache_folder
from sidestage.hashing import sha256_of
from sidestage.server.compression import is_deflated_zip, is_worth_it
from sidestage.server.site_manifest import PACKED_SUFFIXES

#: The best there is: 10 MB take twenty seconds, once. The window is the largest that every browser takes.
_BROTLI_QUALITY = 11
_BROTLI_WINDOW = 24
_GZIP_LEVEL = 9

#: Content of more than this takes its time.
_LARGE = 1_000_000

_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, quality=_BROTLI_QUALITY, lgwin=_BROTLI_WINDOW)),
    "gzip": lambda content: gzip.compress(content, _GZIP_LEVEL, mtime=0),
}


def pack(
    files: Mapping[str, FileContent],
    cache_folder: Path | None = None,
    *,
    encodings: Collection[str] = tuple(PACKED_SUFFIXES),
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, FileContent]:
    """The compressed forms of the files that become worthwhile smaller, by their paths.

    Args:
        files: all of them.
        cache_folder: where they are kept; by default in the user's.
        encodings: which forms.
        tell: takes a sentence when it is going to take long.
    """
    packer = _Packer(Cache(cache_folder or user_cache_folder() / "compressed"))
    jobs = [(path, encoding) for path in files for encoding in encodings]
    if any(packer.is_long(files[path], encoding) for path, encoding in jobs):
        tell("Compressing (once; this takes up to a minute).")
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        forms = threads.map(lambda job: packer.form(files[job[0]], job[1]), jobs)
        packed = {
            path + PACKED_SUFFIXES[encoding]: form for (path, encoding), form in zip(jobs, forms, strict=True) if form
        }
    return dict(sorted(packed.items()))


def transferred(files: Mapping[str, FileContent], packed: Mapping[str, FileContent], suffix: str) -> dict[str, int]:
    """How many bytes a participant's first visit takes, by part of the site, with one of the encodings."""
    sizes: dict[str, int] = {}
    for path, content in files.items():
        if content.part:
            form = packed.get(path + suffix, content)
            sizes[content.part] = sizes.get(content.part, 0) + form.size
    return sizes


class _Packer:
    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def is_long(self, content: FileContent, encoding: str) -> bool:
        """Whether this form is still to be made, and will take its time."""
        return content.size > _LARGE and not any(self._cache.folder.glob(f"{_key(content, encoding)}.*"))

    def form(self, content: FileContent, encoding: str) -> FileContent | None:
        """The compressed form; None where it is not worth it."""
        kept = self._cache.find(_key(content, encoding))
        if kept:
            return _worth_it(content, FileContent(kept.path, kept.sha256, kept.size))
        data = content.read()
        if is_deflated_zip(data):
            return None
        made = _COMPRESS[encoding](data)
        source: bytes | Path = made
        with contextlib.suppress(OSError):
            source = self._cache.keep(_key(content, encoding), made).path
        return _worth_it(content, FileContent(source, sha256_of(made), len(made)))


def _key(content: FileContent, encoding: str) -> str:
    level = {"br": f"{_BROTLI_QUALITY}-{_BROTLI_WINDOW}", "gzip": str(_GZIP_LEVEL)}[encoding]
    return f"{content.sha256}-{encoding}-{level}"


def _worth_it(content: FileContent, form: FileContent) -> FileContent | None:
    return form if is_worth_it(content.size, form.size) else None
