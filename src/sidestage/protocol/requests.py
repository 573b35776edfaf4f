"""What a request is: one handler in the room that answers it, with the types of its payload and of its reply.

A room's module ``requests`` has these types and a class ``Requests``, whose public methods are the handlers:

    class Requests(Handlers):
        \"\"\"The requests of this room.\"\"\"

        @request(returns="value")
        def run_python(self, asked: RunPythonRequest) -> ResultReply: ...

All the rest follows from that. On the wire the request is called like the method, ``runPython``, and its reply like its
class, ``result``. ``make protocol`` writes the methods of ``PythonWorker`` in both languages, the TypeScript types and
shapes, and the table by which the dispatcher finds the room, which is imported when its first request comes.
"""

from __future__ import annotations

import types
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from sidestage.errors import SidestageError
from sidestage.protocol.messages import COMMON_REPORTS
from sidestage.protocol.wire import is_wire_type

Handler = TypeVar("Handler", bound=Callable[..., Any])
Reply = TypeVar("Reply")


class RequestError(SidestageError):
    """A request does not fit the protocol, or not the state of the worker."""


class BatchError(SidestageError):
    """A request that does several things failed at one of them; with what, is the exception's cause.

    Attributes:
        failed_index: its position, from 0.
        partial_results: the results of those before it.
    """

    def __init__(self, failed_index: int, partial_results: Sequence[Any]) -> None:
        super().__init__(f"number {failed_index} of a batch failed")
        self.failed_index = failed_index
        self.partial_results = partial_results


class Context(Protocol):
    """What a handler has of the worker that it runs in."""

    #: The names that the code in this worker sees, as long as it lives.
    namespace: dict[str, Any]

    def run(self, code: str, names: Mapping[str, Any] | None, then: Callable[[Any], Reply]) -> Reply | Awaitable[Reply]:
        """Run code in the namespace, after ``names`` were set there, and make a reply of the value of its last line.

        Code that waits at its top level gives an awaitable of the reply.
        """

    def report(self, kind: str, payload: Any) -> None:
        """Tell something while the request runs: at once, also from code that does not wait.

        Args:
            kind: ``progress``, ``log``, or what the request's ``reports`` name.
            payload: an object of that report's class; arrays and bytes may be in it.
        """

    async def install(self, packages: Sequence[str]) -> None:
        """Make packages importable; tells its progress.

        Raises:
            PackageError: if one cannot be had.
        """


class Handlers:
    """The requests of a room. There is one object per worker: what must outlast a request is kept in it."""

    def __init__(self, context: Context) -> None:
        self.context = context


def request(
    *, returns: str | None = None, reports: Sequence[type] = (), method: bool = True
) -> Callable[[Handler], Handler]:
    """Mark a method as the handler of a request.

    It takes the payload: a wire type whose fields become the method's parameters in ``PythonWorker``, or, where it is
    no class named ``...Request``, the one parameter itself. It returns the reply, an object of a class named
    ``...Reply``; or an awaitable of it, where it waits.

    Args:
        returns: the field of the reply that the method of ``PythonWorker`` returns; the whole reply unless given.
        reports: classes named ``...Report``, of what it may tell while it runs, besides ``progress`` and ``log``.
        method: whether ``PythonWorker`` has a method for it; else it is the engine's own.
    """

    def mark(handler: Handler) -> Handler:
        handler.definition = Definition(handler, returns, tuple(reports), method)  # type: ignore[attr-defined]
        return handler

    return mark


class Definition:
    """Everything about a request, read from its handler when it is asked for.

    Raises:
        TypeError: if the handler lacks something; the message says what.
    """

    def __init__(
        self, handler: Callable[..., Any], returns: str | None, reports: tuple[type, ...], method: bool
    ) -> None:
        self.handler = handler
        self.returns = returns
        self.has_method = method
        #: What only this request tells.
        self.own_reports = reports

    @cached_property
    def name(self) -> str:
        """The request's type on the wire."""
        return camel_case(self.handler.__name__)

    @cached_property
    def reports(self) -> dict[str, type]:
        """What it may tell while it runs, by the type on the wire."""
        return {message_name(cls, "Report"): cls for cls in (*COMMON_REPORTS, *self.own_reports)}

    @cached_property
    def payload(self) -> Parameter:
        """What the handler takes."""
        names = [name for name in self._hints if name != "return"]
        if len(names) != 1:
            raise TypeError(f"the handler {self._where} must take one payload, with its type; it takes {names}")
        return Parameter(names[0], self._hints[names[0]])

    @cached_property
    def reply(self) -> type:
        """The class of the reply."""
        found: list[type] = list(dict.fromkeys(filter(is_wire_type, _alternatives(self._hints.get("return")))))
        if len(found) != 1:
            raise TypeError(f"the handler {self._where} must say in its annotation which reply it returns")
        return found[0]

    @cached_property
    def reply_name(self) -> str:
        """The reply's type on the wire."""
        return message_name(self.reply, "Reply")

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.handler, include_extras=True)

    @property
    def _where(self) -> str:
        return f"{self.handler.__module__}.{self.handler.__qualname__}"


class Parameter(NamedTuple):
    """The payload of a request, as its handler takes it."""

    name: str
    kind: Any


def definitions_in(handlers: type[Handlers]) -> dict[str, Definition]:
    """The requests that a class of handlers answers, by their names on the wire."""
    found = (getattr(item, "definition", None) for item in vars(handlers).values())
    return {item.name: item for item in found if item is not None}


def message_name(cls: type, suffix: str) -> str:
    """The type of a message on the wire: the name of its payload's class without the suffix.

    Raises:
        TypeError: if the class is named in another way.
    """
    name = cls.__name__.removesuffix(suffix)
    if name == cls.__name__ or not name:
        raise TypeError(f"the class {cls.__name__} must have a name that ends in {suffix}")
    return name[0].lower() + name[1:]


def camel_case(name: str) -> str:
    """A name of Python's as the wire and TypeScript have it: ``run_python`` is ``runPython``."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _alternatives(kind: Any) -> list[Any]:
    """The kinds that an annotation allows, seen through awaitables of them."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return [found for item in arguments for found in _alternatives(item)]
    return _alternatives(arguments[-1]) if origin is Awaitable else [kind]
