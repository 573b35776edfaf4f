"""The ASGI app: the page of each study, its configuration and script, and the ways in for what participants send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sidestage.protocol import Text


class App(Protocol):
    """One study to serve, as far as the server needs to know it. Any object with these will do."""

    @property
    def name(self) -> str:
        """Stands in the address where a gallery is served (``/<name>/``), and with each donation as its study."""

    @property
    def title(self) -> Text:
        """Shown in the browser's tab and in the gallery."""

    @property
    def description(self) -> Text:
        """A sentence for the gallery; may be empty."""

    def config(self) -> Mapping[str, Any]:
        """What the page needs to know to start, as JSON values (AppConfig)."""

    def archive(self) -> bytes:
        """The zip of the script and the modules and data beside it.

        Called for every request; raises SidestageError when the script cannot be read.
        """
