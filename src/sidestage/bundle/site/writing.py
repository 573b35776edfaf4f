"""Writing a site: all of it beside, then at once in its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from sidestage.bundle.site.contents import FileContent, Site
from sidestage.server.site_manifest import SITE_FILE, SiteError, read_site
from sidestage.whole_files import write_whole
from sidestage.zipping import zip_of


def write_site(folder: Path, site: Site, packed: Mapping[str, FileContent]) -> None:
    """Write a site into a folder, in the place of an earlier one.

    Raises:
        SiteError: if the folder holds anything else than an earlier site, or cannot be written.
    """
    folder = folder.absolute()
    check_place(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            _write(beside / "new", {**site.files, **packed}, site.manifest(packed).to_json())
            if folder.exists():
                os.replace(folder, beside / "old")
            os.replace(beside / "new", folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise SiteError(
            f"{folder} cannot be written ({error.strerror}). Check who may write there, or name another folder with -o."
        ) from None


def write_zip(path: Path, site: Site) -> None:
    """Write a site as a zip, for a host that wants one; hosts compress by themselves, so compressed forms stay out.

    Raises:
        SiteError: if it cannot be written.
    """
    content = {name: each.read() for name, each in site.files.items()}
    content[SITE_FILE] = site.manifest({}).to_json()
    try:
        write_whole(path, zip_of(content), mode=0o644)
    except OSError as error:
        raise SiteError(f"{path} cannot be written ({error.strerror}). Check who may write there.") from None


def check_place(folder: Path) -> None:
    """Make sure that a site can be written there without anything being lost.

    Raises:
        SiteError: if anything else is there.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SiteError(f"{folder} is a file; a site needs a folder. Name another with -o, or move that file away.")
    present = set(_files_in(folder))
    if not present:
        return
    if SITE_FILE not in present:
        raise SiteError(
            f"{folder} holds something else than an earlier build of a site, such as {min(present)}: it was left as it"
            " is. Name another folder with -o."
        )
    strangers = present - {SITE_FILE} - read_site(folder).files.keys()
    if strangers:
        raise SiteError(
            f"{folder} holds an earlier build, and besides {min(strangers)}, which would be lost: it was left as it"
            " is. Move that away, or name another folder with -o."
        )


def _files_in(folder: Path) -> Iterable[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _write(folder: Path, files: Mapping[str, FileContent], manifest: bytes) -> None:
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read())
    (folder / SITE_FILE).write_bytes(manifest)
