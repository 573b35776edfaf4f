"""A participant's file in the browser's Python: of any length, read where it lies."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from playwright.sync_api import Page

from .in_page import in_page


def test_a_zip_of_more_than_4_gigabytes_is_read_where_it_lies(engine_page: Page, tmp_path: Path) -> None:
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as archive:
        archive.writestr("messages.txt", "hello")
    gap = 5 * 1024**3
    with open(tmp_path / "export.zip", "wb") as sparse:
        # A zip may stand behind anything: here behind 5 GiB that take no room on the disk.
        sparse.seek(gap)
        sparse.write(small.getvalue())
    in_page(engine_page, "document.body.innerHTML = '<input type=file>';")
    engine_page.set_input_files("input", tmp_path / "export.zip")
    code = f"""
import os, zipfile
found = [zipfile.ZipFile(export).read("messages.txt").decode(), export.size]
found += [export.seek({gap}), export.read(2).decode(), export.tell(), export.seek(-{gap}, 1), export.seek(-22, 2)]
found
"""
    found = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        return worker.runPython(given, { globals: { export: document.querySelector("input").files[0] } });
        """,
        code,
    )
    size = gap + len(small.getvalue())
    assert found == ["hello", size, gap, "PK", gap + 2, 2, size - 22]
