"""Reading from an address, with the reason as a clause for a sentence where that fails."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from functools import cache
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import sidestage

#: How long a server may be silent, in seconds.
_PATIENCE = 15.0
_NOT_FOUND = 404


class Unfetched(Exception):
    """Something could not be fetched; the text is the reason, a clause for a sentence.

    Attributes:
        absent: whether the server answers, and has no such thing.
    """

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.absent = absent


@contextlib.contextmanager
def download(url: str) -> Iterator[IO[bytes]]:
    """What there is to be read at an address. A connection that breaks while it is read counts as unfetched.

    Raises:
        Unfetched: if it cannot be had from there.
    """
    host = host_of(url)
    try:
        request = Request(url, headers={"User-Agent": f"sidestage/{sidestage.__version__}"})
    except ValueError:
        raise Unfetched(f"{url} is no address") from None
    try:
        with urlopen(request, timeout=_PATIENCE, context=_trust()) as answer:
            yield answer
    except HTTPError as error:
        raise Unfetched(f"{host} answers {error.code} {error.reason}", absent=error.code == _NOT_FOUND) from None
    except URLError as error:
        reason = error.reason.strerror if isinstance(error.reason, OSError) else None
        raise Unfetched(f"{host} cannot be reached: {reason or error.reason}") from None
    except (HTTPException, TimeoutError, ConnectionError, ssl.SSLError) as error:
        raise Unfetched(f"{host} broke off: {error or type(error).__name__}") from None


def host_of(url: str) -> str:
    """What sentences call the place of an address."""
    return urlsplit(url).hostname or url


@cache
def _trust() -> ssl.SSLContext:
    """The certificates of this machine and, because some Pythons come without any, those of certifi."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
