"""The ways in: sessions, donations and log lines of one study. There is no way out; the researcher reads the store."""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil
from typing import IO, Any, TypeAlias, TypeVar, get_args

import anyio
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidestage.protocol import LogLevel
from sidestage.protocol.limits import (
    LARGEST_DONATION_BYTES,
    LARGEST_LOG_REQUEST_BYTES,
    LONGEST_KEY,
    LONGEST_LOG_LINE,
    MOST_LOG_LINES_AT_ONCE,
    MOST_REQUESTS_PER_MINUTE,
    MOST_SESSION_BYTES,
)
from sidestage.server import json_text
from sidestage.server.bodies import SMALL, Room, body_of, read_body
from sidestage.server.errors import SessionFull, StoreError
from sidestage.server.html_pages import interface_language, preferred_languages
from sidestage.server.json_process import JsonProcess
from sidestage.server.rates import Rates, address_of_sender
from sidestage.server.store import ScriptLogLine, Store

#: The cookie with which the original pages' form of a donation is let in.
COOKIE = "sidestage"

_LEVELS = get_args(LogLevel)
_WRONG_FORM = 'A donation is sent as {"key": "...", "data": "the JSON text"}; one is missing.'
#: Bytes that may be on their way in at once, where donations are small.
_LEAST_ROOM = 100_000_000
_NO_SESSION = "This page has no valid session, so nothing was kept. Reload the page and try again."
#: What a participant reads of a store that fails, by its reason. The details are for the researcher.
_NOT_SAVED = {
    "en": {
        "full": "The study's server is full, so this was not recorded. Please tell the researcher.",
        "moved": "The study's server cannot find where it keeps donations, so this was not recorded."
        " Please tell the researcher.",
        "busy": "The study's server is busy, so this was not recorded. Try again in a moment.",
        "failed": "The study's server could not save this; it was not recorded."
        " Try again in a moment, or tell the researcher.",
    },
    "nl": {
        "full": "De server van het onderzoek is vol; dit is niet opgeslagen. Vertel het de onderzoeker.",
        "moved": "De server van het onderzoek kan de plek voor donaties niet vinden; dit is niet opgeslagen."
        " Vertel het de onderzoeker.",
        "busy": "De server van het onderzoek is bezet; dit is niet opgeslagen. Probeer het zo meteen opnieuw.",
        "failed": "De server van het onderzoek kon dit niet opslaan. Probeer het zo meteen opnieuw, of vertel het de"
        " onderzoeker.",
    },
}

_log = logging.getLogger("sidestage.server")
_Result = TypeVar("_Result")
#: What answers a request.
Way: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Limits:
    """What the server takes at most.

    Attributes:
        donation: bytes of one donation.
        session: bytes of all donations and log lines of one session.
        requests: requests of one network address in a minute.
    """

    donation: int = LARGEST_DONATION_BYTES
    session: int = MOST_SESSION_BYTES
    requests: int = MOST_REQUESTS_PER_MINUTE


class Intake:
    """The routes under a study's ``api/``, and ``data-submission`` for pages that speak the original form."""

    def __init__(self, study: str, store: Store, limits: Limits) -> None:
        self.study = study
        self.store = store
        self.limits = limits
        self._rates = Rates(limits.requests)
        self._room = Room(max(4 * limits.donation, _LEAST_ROOM), store.folder)
        self._json = JsonProcess()
        # Writes go one at a time anyway; the rest of the threads stay free for reading files.
        self._threads = anyio.CapacityLimiter(8)
        self._checks = anyio.CapacityLimiter(2)
        # A large donation is in memory while it is checked and kept: one at a time.
        self._large = anyio.CapacityLimiter(1)

    def routes(self, prefix: str) -> list[Route]:
        """What participants' pages send to."""
        ways = {
            "api/session": self.new_session,
            "api/donations": self.donate,
            "api/logs": self.add_logs,
            "data-submission": self.donate_as_form,
        }
        return [Route(f"{prefix}/{path}", self._at_its_rate(way), methods=["POST"]) for path, way in ways.items()]

    def close(self) -> None:
        """End what runs beside."""
        self._json.close()

    async def new_session(self, _request: Request) -> Response:
        """Issue a session to a page."""
        session = await self._store(lambda: self.store.new_session(self.study))
        body = {"sessionId": session.id, "token": session.token, "maxBytes": self.limits.donation}
        return JSONResponse(body, 201, {"Cache-Control": "no-store"})

    async def donate(self, request: Request) -> Response:
        """Take a donation: the body is the JSON text, the key is in the address."""
        key = request.query_params.get("key", "")
        request.state.donation_key = key
        session = await self._session(request)
        _check_key(key)
        async with body_of(request, self.limits.donation, "The donation", self._room) as (file, size):
            if size <= SMALL:
                data = file.read()
                await self._checked(lambda: json_text.check_json(data), lambda: self._json.check(file, size))
                return await self._keep(session, key, data)
            async with self._large:
                await self._checked(None, lambda: self._json.check(file, size))
                return await self._keep(session, key, await to_thread.run_sync(_whole, file))

    async def donate_as_form(self, request: Request) -> Response:
        """Take a donation as the original pages send it: ``{"key", "data"}``, where data is JSON text in a string."""
        request.state.donation_key = ""
        session = await self._session(request, cookie=True)
        # Inside a string, every quote and backslash of a JSON text takes two characters.
        most = 2 * self.limits.donation + 10_000
        async with body_of(request, most, "The donation", self._room) as (file, size):
            if size <= SMALL:
                form = file.read()
                content = await self._checked(
                    lambda: json_text.read_form(form), lambda: self._json.read_form(file, size)
                )
                return await self._keep_form(request, session, *content)
            async with self._large:
                content = await self._checked(None, lambda: self._json.read_form(file, size))
                return await self._keep_form(request, session, *content)

    async def add_logs(self, request: Request) -> Response:
        """Take a script's log lines."""
        session = await self._session(request)
        body = await read_body(request, LARGEST_LOG_REQUEST_BYTES, "This batch of log lines")
        lines = _log_lines(await to_thread.run_sync(_parse, body, limiter=self._checks))
        if not await self._store(lambda: self.store.add_log_lines(session, lines, self.limits.session)):
            raise HTTPException(429, "This session has logged as many lines as are kept; these were not kept.")
        return Response(status_code=204)

    async def _checked(self, here: Callable[[], _Result] | None, apart: Callable[[], _Result]) -> _Result:
        """What JSON holds: looked at here where it is small, else in the process for it."""
        try:
            if here is not None:
                try:
                    return await to_thread.run_sync(here, limiter=self._checks)
                except RecursionError:  # Python can follow deeper there.
                    pass
            return await to_thread.run_sync(apart, limiter=self._checks)
        except json_text.NotForm:
            raise HTTPException(400, _WRONG_FORM) from None
        except json_text.NotJson as error:
            raise HTTPException(400, f"The donation {error}") from None
        except RecursionError:
            raise HTTPException(400, "The donation is not taken: its values lie too deep in each other.") from None
        except MemoryError:
            raise HTTPException(413, "The donation could not be checked: it takes too much memory.") from None

    async def _keep_form(self, request: Request, session: str, key: str, data: bytes) -> Response:
        request.state.donation_key = key
        _check_key(key)
        if len(data) > self.limits.donation:
            too_large = f"The donation has {len(data):,} bytes; at most {self.limits.donation:,} can be taken."
            raise HTTPException(413, f"{too_large} Nothing was kept.")
        return await self._keep(session, key, data)

    async def _keep(self, session: str, key: str, data: bytes) -> Response:
        await self._store(lambda: self.store.add_donation(session, key, data, self.limits.session))
        return JSONResponse({"success": True, "key": key, "status": 200}, headers={"Cache-Control": "no-store"})

    def _at_its_rate(self, way: Way) -> Way:
        """A way in that an address may take so often, and that says why what was sent is not on the disk."""

        async def taken(request: Request) -> Response:
            if wait := self._rates.wait_of(address_of_sender(request)):
                sentence = "Too much comes from this network. Try again in a moment."
                raise HTTPException(429, sentence, {"Retry-After": str(ceil(wait))})
            try:
                return await way(request)
            except SessionFull as error:
                raise HTTPException(413, str(error)) from error
            except StoreError as error:
                # What is wrong with the disk is for the researcher; the participant learns that it was not kept.
                _log.error("%s", error)
                language = interface_language(preferred_languages(request.headers.get("accept-language", "")))
                raise HTTPException(503, _NOT_SAVED[language][error.reason], {"Retry-After": "5"}) from error

        return taken

    async def _session(self, request: Request, *, cookie: bool = False) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        session = None
        if scheme.lower() == "bearer" and token:
            session = await self._store(lambda: self.store.session_id(token, self.study))
        elif cookie and (value := request.cookies.get(COOKIE)):
            session = await self._store(lambda: self.store.redeem_pass(value, self.study))
        if session is None:
            raise HTTPException(401, _NO_SESSION, {"WWW-Authenticate": "Bearer"})
        return session

    async def _store(self, work: Callable[[], _Result]) -> _Result:
        return await to_thread.run_sync(work, limiter=self._threads)


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _check_key(key: str) -> None:
    if not key:
        raise HTTPException(400, "A donation needs a key: send it to api/donations?key=NAME.")
    if len(key) > LONGEST_KEY:
        sentence = f"The key of this donation has {len(key)} characters; at most {LONGEST_KEY} are allowed."
        raise HTTPException(400, sentence)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in key):
        raise HTTPException(400, "The key of this donation holds a control character. Use letters, digits and signs.")


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "What was sent is not JSON text in UTF-8.") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "What was sent is no JSON object.")
    return value


def _log_lines(body: dict[str, Any]) -> list[ScriptLogLine]:
    lines = body.get("lines")
    if not isinstance(lines, list):
        raise HTTPException(400, 'Log lines are sent as {"lines": [{"level", "message"}]}; there is no such list.')
    if len(lines) > MOST_LOG_LINES_AT_ONCE:
        raise HTTPException(
            413, f"{len(lines)} log lines were sent at once; at most {MOST_LOG_LINES_AT_ONCE} can be taken."
        )
    return [_log_line(line) for line in lines]


def _log_line(line: object) -> ScriptLogLine:
    if not isinstance(line, dict) or not isinstance(line.get("message"), str) or line.get("level") not in _LEVELS:
        raise HTTPException(400, f"A log line has a message, a text, and a level: one of {', '.join(_LEVELS)}.")
    message = _storable(line["message"])
    if len(message) > LONGEST_LOG_LINE:
        message = f"{message[:LONGEST_LOG_LINE]} … (cut; it had {len(message)} characters)"
    timestamp = line.get("timestamp")
    return ScriptLogLine(line["level"], message, _storable(timestamp[:40]) if isinstance(timestamp, str) else None)


def _storable(text: str) -> str:
    """Without what UTF-8, or a database, has no place for."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
