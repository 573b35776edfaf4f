"""A site that was built: what belongs to it, and whether its folder still holds just that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidestage.hashing import sha256_of
from sidestage.server.errors import ServerError

#: Tells what belongs to a site. It names itself not: nobody could write its own hash into it.
SITE_FILE = "site.json"
PAGE_FILE = "index.html"
#: The files of a site whose content may change under their names; all others bear a hash in theirs.
CHANGING = (PAGE_FILE, "sw.js", "licenses.txt", SITE_FILE)
#: What each compressed form adds to a file's name, by the encoding.
PACKED_SUFFIXES = {"br": ".br", "gzip": ".gz"}


class SiteError(ServerError):
    """A folder is no site, or not the one that was built."""


@dataclass(frozen=True)
class SiteFile:
    """A file of a site.

    Attributes:
        size: in bytes.
        sha256: of the content, in hexadecimal.
        part: what of the site it belongs to, such as ``numpy 2.2.5``; empty for what no participant is sent.
    """

    size: int
    sha256: str
    part: str = ""


@dataclass(frozen=True)
class SiteManifest:
    """What ``site.json`` tells.

    Attributes:
        study: the name that donations are kept under.
        bridge: where donations go, as the page is told.
        policy: the Content-Security-Policy of the page.
        files: every other file of the site, by its path.
        about: what it was made with, and under which licences; for people.
    """

    study: str
    bridge: Mapping[str, Any]
    policy: str
    files: Mapping[str, SiteFile]
    about: Mapping[str, Any]

    def to_json(self) -> bytes:
        """The text of the file; equal sites make equal bytes."""
        files = {path: vars(file) for path, file in self.files.items()}
        value = {**self.about, "study": self.study, "bridge": self.bridge, "policy": self.policy, "files": files}
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> SiteManifest:
        """Read the text of the file.

        Raises:
            ValueError, KeyError, TypeError: if it is no such text.
        """
        value = json.loads(text)
        files = {path: SiteFile(**file) for path, file in value.pop("files").items()}
        return cls(value.pop("study"), value.pop("bridge"), value.pop("policy"), files, value)


def read_site(folder: Path) -> SiteManifest:
    """What the file in a site's folder tells; the other files are not looked at.

    Raises:
        SiteError: if the folder is no site.
    """
    try:
        return SiteManifest.from_json((folder / SITE_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        what = f"{folder} holds no built site" if folder.is_dir() else f"There is no folder {folder}"
        raise SiteError(f"{what}. Build one: sidestage build study.py -o {folder}") from None
    except OSError as error:
        raise SiteError(f"{folder / SITE_FILE} cannot be read ({error.strerror}). Check who may read it.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SiteError(f"{folder / SITE_FILE} was changed since the site was built. Build the site again.") from None


def check_site(folder: Path, manifest: SiteManifest) -> None:
    """Make sure that the files are those that were built.

    Raises:
        SiteError: naming the first that is not.
    """
    for path, expected in sorted(manifest.files.items()):
        file = folder / path
        try:
            digest = sha256_of(file)
        except FileNotFoundError:
            raise SiteError(f"{file} is missing. Copy the whole folder of the site, or build it again.") from None
        except OSError as error:
            raise SiteError(f"{file} cannot be read ({error.strerror}). Check who may read it.") from None
        if digest != expected.sha256:
            raise SiteError(
                f"{file} was changed since the site was built (its SHA-256 differs). Copy the folder again, or build"
                " it again."
            )
