"""Zips whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The earliest time a zip can hold: with real times, equal files would make different zips.
_TIMESTAMP = (1980, 1, 1, 0, 0, 0)


def zip_of(content: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """A zip of these files, sorted, with fixed times and modes, so that equal content makes equal bytes.

    Args:
        content: the files by their names.
        stored: whether they are left uncompressed, because HTTP compression does better on the whole.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, _TIMESTAMP)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content[name])
    return buffer.getvalue()
