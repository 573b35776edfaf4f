"""The hash of a content, as files, addresses and browsers know it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path


def sha256_of(content: bytes | Path) -> str:
    """The SHA-256 of bytes or of a file, in hexadecimal."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def integrity_of(sha256: str) -> str:
    """A SHA-256 in hexadecimal in the way in which browsers and their policies want it."""
    return f"sha256-{base64.b64encode(bytes.fromhex(sha256)).decode()}"
