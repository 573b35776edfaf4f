"""Answers that are not a page or a file: a refusal in a sentence, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse


def refusal(
    status: int, sentence: str, *, key: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A refusal that says why. With a ``key`` it is also the answer to a donation (DonationResult)."""
    # What is repeated of a request may hold half characters, which no answer can.
    sentence = sentence.encode("utf-8", "replace").decode()
    body: dict[str, object] = {"success": False, "status": status, "error": sentence}
    if key is not None:
        body["key"] = key.encode("utf-8", "replace").decode()
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})


def size_in_words(size: int) -> str:
    """A number of bytes for a sentence: ``12 bytes``, ``3.4 MB``."""
    if size < 1000:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 1000 or unit == "GB":
            break
    return f"{value:.1f} {unit}" if value < 100 else f"{value:.0f} {unit}"
