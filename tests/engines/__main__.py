"""Measure every engine, and write the table of features into the documentation: ``python -m tests.engines``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tools.serving import start_server

from .browsers import BROWSERS
from .features import BARE_PAGE, PAGE, TABLE, measure, table
from .visitor import Visitor

SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"


def main() -> None:
    """Measure, print, write."""
    versions, measured = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "study.py")
        script.write_text(SCRIPT)
        server = start_server("run", script, data=Path(folder, "data"))
        try:
            for name, start in BROWSERS.items():
                with start() as session:
                    visitor = Visitor(session)
                    versions[name] = visitor.version
                    measured[name] = measure(visitor, server.url + BARE_PAGE)
        finally:
            server.stop()
    written = table(versions, measured)
    print(written)
    PAGE.write_text(TABLE.sub(lambda _: written, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
