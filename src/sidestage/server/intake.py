"""The ways in: sessions, donations and log lines of one study. There is no way out; the researcher reads the store."""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import anyio
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidestage.protocol import LogLevel
from sidestage.protocol.limits import (
    LARGEST_LOG_REQUEST_BYTES,
    LONGEST_KEY,
    LONGEST_LOG_LINE,
    MOST_LOG_LINES_AT_ONCE,
)
from sidestage.server.bodies import check_json, read_body
from sidestage.server.errors import StoreError
from sidestage.server.html_pages import interface_language, preferred_languages
from sidestage.server.store import ScriptLogLine, Store

#: The cookie with which the original pages' form of a donation is let in.
COOKIE = "sidestage"

_LEVELS = get_args(LogLevel)
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


class Intake:
    """The routes under a study's ``api/``, and ``data-submission`` for pages that speak the original form."""

    def __init__(self, study: str, store: Store, max_donation_bytes: int) -> None:
        self.study = study
        self.store = store
        self.max_donation_bytes = max_donation_bytes
        # Writes go one at a time anyway; the rest of the threads stay free for reading files.
        self._threads = anyio.CapacityLimiter(8)

    def routes(self, prefix: str) -> list[Route]:
        """What participants' pages send to."""
        return [
            Route(f"{prefix}/api/session", self.new_session, methods=["POST"]),
            Route(f"{prefix}/api/donations", self.donate, methods=["POST"]),
            Route(f"{prefix}/api/logs", self.add_logs, methods=["POST"]),
            Route(f"{prefix}/data-submission", self.donate_as_form, methods=["POST"]),
        ]

    async def new_session(self, request: Request) -> Response:
        """Issue a session to a page."""
        session = await self._store(request, lambda: self.store.new_session(self.study))
        body = {"sessionId": session.id, "token": session.token, "maxBytes": self.max_donation_bytes}
        return JSONResponse(body, 201, {"Cache-Control": "no-store"})

    async def donate(self, request: Request) -> Response:
        """Take a donation: the body is the JSON text, the key is in the address."""
        key = request.query_params.get("key", "")
        request.state.donation_key = key
        session = await self._session(request)
        _check_key(key)
        data = await read_body(request, self.max_donation_bytes, "The donation")
        return await self._keep(request, session, key, data)

    async def donate_as_form(self, request: Request) -> Response:
        """Take a donation as the original pages send it: ``{"key", "data"}``, where data is JSON text in a string."""
        request.state.donation_key = ""
        session = await self._session(request, cookie=True)
        # Inside a string, every quote and backslash of a JSON text takes two characters.
        body = await read_body(request, 2 * self.max_donation_bytes + 10_000, "The donation")
        form = await to_thread.run_sync(_parse, body, limiter=self._threads)
        key = form.get("key")
        if not isinstance(key, str) or "data" not in form:
            raise HTTPException(400, 'A donation is sent as {"key": "...", "data": "the JSON text"}; one is missing.')
        request.state.donation_key = key
        _check_key(key)
        data = await to_thread.run_sync(_as_json_text, form["data"], limiter=self._threads)
        if len(data) > self.max_donation_bytes:
            too_large = f"The donation has {len(data):,} bytes; at most {self.max_donation_bytes:,} can be taken."
            raise HTTPException(413, f"{too_large} Nothing was kept.")
        return await self._keep(request, session, key, data)

    async def add_logs(self, request: Request) -> Response:
        """Take a script's log lines."""
        session = await self._session(request)
        body = await read_body(request, LARGEST_LOG_REQUEST_BYTES, "This batch of log lines")
        lines = _log_lines(await to_thread.run_sync(_parse, body, limiter=self._threads))
        if not await self._store(request, lambda: self.store.add_log_lines(session, lines)):
            raise HTTPException(429, "This session has logged as many lines as are kept; these were not kept.")
        return Response(status_code=204)

    async def _keep(self, request: Request, session: str, key: str, data: bytes) -> Response:
        await to_thread.run_sync(check_json, data, "The donation", limiter=self._threads)
        await self._store(request, lambda: self.store.add_donation(session, key, data))
        return JSONResponse({"success": True, "key": key, "status": 200}, headers={"Cache-Control": "no-store"})

    async def _session(self, request: Request, *, cookie: bool = False) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        session = None
        if scheme.lower() == "bearer" and token:
            session = await self._store(request, lambda: self.store.session_id(token, self.study))
        elif cookie and (value := request.cookies.get(COOKIE)):
            session = await self._store(request, lambda: self.store.redeem_pass(value, self.study))
        if session is None:
            raise HTTPException(401, _NO_SESSION, {"WWW-Authenticate": "Bearer"})
        return session

    async def _store(self, request: Request, work: Callable[[], _Result]) -> _Result:
        try:
            return await to_thread.run_sync(work, limiter=self._threads)
        except StoreError as error:
            # What is wrong with the disk is for the researcher; the participant learns that it was not kept.
            _log.error("%s", error)
            language = interface_language(preferred_languages(request.headers.get("accept-language", "")))
            raise HTTPException(503, _NOT_SAVED[language][error.reason], {"Retry-After": "5"}) from error


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


def _as_json_text(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise HTTPException(400, "The donation holds half a character (a lone surrogate), which UTF-8 lacks.") from None


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
    message = line["message"].encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    if len(message) > LONGEST_LOG_LINE:
        message = f"{message[:LONGEST_LOG_LINE]} … (cut; it had {len(message)} characters)"
    timestamp = line.get("timestamp")
    return ScriptLogLine(line["level"], message, None if timestamp is None else str(timestamp)[:40])
