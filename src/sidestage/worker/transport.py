"""What the dispatcher needs of the place where it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sidestage.errors import SidestageError
from sidestage.worker.values import Encoded, encode_message


class PackageError(SidestageError):
    """A package cannot be had here; the message says which, and what to do."""


class Transport(ABC):
    """One side of the wire: a browser's worker, or a subprocess."""

    @abstractmethod
    def send(self, message: Encoded) -> None:
        """Send a whole message, as text and buffers."""

    @abstractmethod
    async def install(self, packages: Sequence[str], request_id: int) -> None:
        """Make packages importable, reporting progress under the request's id.

        Raises:
            PackageError: if one cannot be had.
        """

    def report(self, kind: str, request_id: int | None, payload: Any) -> None:
        """Send, at once, what is told before a reply."""
        self.send(encode_message(kind, request_id, payload))
