"""Reading a body from a sender that cannot be trusted to go on."""

from __future__ import annotations

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from sidestage.server import bodies


@pytest.mark.parametrize("name", ["_SILENCE_SECONDS", "_GRACE_SECONDS"])
async def test_a_sender_that_falls_silent_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(bodies, name, 0.05)
    arrived = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Message:
        if arrived:
            return arrived.pop()
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-length", b"9999")]}, receive)
    with anyio.fail_after(5), pytest.raises(HTTPException) as caught:
        await bodies.read_body(request, 10_000, "The donation")
    assert caught.value.status_code == 408
    assert "did not arrive whole" in caught.value.detail
