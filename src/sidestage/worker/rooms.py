"""Where each request is answered: the rooms, which are imported when the first of their requests comes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from sidestage.protocol.requests import Definition, RequestError, definitions_in
from sidestage.worker.rooms_gen import ROOMS


def room_of(request: str) -> Any:
    """The module with the handler of a request.

    Raises:
        RequestError: if there is no such request.
    """
    if request not in ROOMS:
        raise RequestError(f"there is no request {request!r}; known are {', '.join(ROOMS)}")
    return import_module(ROOMS[request])


@cache
def definition_of(request: str) -> Definition:
    """All that is laid down about a request.

    Raises:
        RequestError: if there is no such request.
    """
    return definitions_in(room_of(request).Requests)[request]
