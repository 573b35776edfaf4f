"""What a handler has of the worker that it runs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from sidestage.protocol.requests import Definition, RequestError
from sidestage.worker.code import Code
from sidestage.worker.transport import Transport

Reply = TypeVar("Reply")


class WorkerContext:
    """The same for all requests of a worker, which come one after another.

    Args:
        transport: the place where the worker runs.
        at_rest: called whenever code that waits has stopped to wait for something.
    """

    def __init__(self, transport: Transport, at_rest: Callable[[], object]) -> None:
        self._transport = transport
        self._code = Code(at_rest)
        self.namespace = self._code.namespace
        #: The request that runs: its id and its definition.
        self.running: tuple[int, Definition] | None = None

    def run(self, code: str, names: Mapping[str, Any] | None, then: Callable[[Any], Reply]) -> Reply | Awaitable[Reply]:
        """Run code in the namespace; returns what ``then`` makes of its value, or an awaitable of that."""
        return self._code.run(code, names, then)

    def report(self, kind: str, payload: Any) -> None:
        """Tell something while the request runs.

        Raises:
            RequestError: if no request runs, or it tells no such thing.
            ConversionError: if something in the payload has no form on the wire.
        """
        request_id, definition = self._under_way()
        known = definition.reports
        if kind not in known:
            raise RequestError(f"{definition.name} reports no {kind!r}; known are {', '.join(known)}")
        if not isinstance(payload, known[kind]):
            raise RequestError(f"a report of {kind!r} is a {known[kind].__name__}; got a {type(payload).__name__}")
        self._transport.report(kind, request_id, payload)

    async def install(self, packages: Sequence[str]) -> None:
        """Make packages importable; tells its progress.

        Raises:
            PackageError: if one cannot be had.
        """
        request_id, _ = self._under_way()
        await self._transport.install(packages, request_id)

    def _under_way(self) -> tuple[int, Definition]:
        if self.running is None:
            raise RequestError("this belongs to a request, and none is under way")
        return self.running
