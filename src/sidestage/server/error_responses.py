"""What a request is answered with when it cannot be served: a sentence, whatever went wrong."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from sidestage.server.guard import HEADERS
from sidestage.server.html_pages import error_page
from sidestage.server.replies import refusal


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, headers, path = error.status_code, error.headers, request.scope["path"]
    sentence = error.detail
    if status == 405:
        allowed = (headers or {}).get("Allow", "something else")
        sentence = f"{path} does not take {request.method}, only {allowed}."
    elif status == 404:
        sentence = f"There is nothing at {path} on this server. Check the address."
        if "text/html" in request.headers.get("accept", "") and request.method == "GET":
            return HTMLResponse(error_page("Nothing here", sentence), 404, {"Cache-Control": "no-store"})
    return refusal(status, sentence, key=getattr(request.state, "donation_key", None), headers=headers)


async def _nobody_there(_request: Request, _error: Exception) -> Response:
    """The page went away while it was sending; what came is thrown away, and nobody hears the answer."""
    return Response(status_code=400)


async def _fail(_request: Request, _error: Exception) -> Response:
    """An error of ours. It is answered outside the middleware, so the headers are added here."""
    return refusal(500, "Something went wrong on the server. Try again, or tell the researcher.", headers=HEADERS)


#: For the app of any server of ours: by the kind of failure.
EXCEPTION_HANDLERS: dict[Any, Any] = {HTTPException: _refuse, ClientDisconnect: _nobody_there, Exception: _fail}
