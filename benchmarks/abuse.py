"""How quickly a visitor is answered by ``sidestage serve`` while others try to hold it up.

The others are a process of this module's own, which knows no address but one of this machine, and ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from benchmarks.figures import Comparison, Round, Row, sample
from benchmarks.stage import Stage

TITLE = "A visitor of a server that others try to hold up"
OTHER_WAY = "the same server, the same visitor, and nobody else"
SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"
#: Seconds between two visits: a visitor is no load.
_PAUSE = 0.05
#: The visitor's own address, also on this machine: the server counts what comes from each.
_VISITOR = "127.0.0.2"
_BODY_BYTES = 100_000_000
_TRICKLE = b"x" * 20_000


@dataclass(frozen=True)
class Plan:
    """How long to visit, in seconds, and what others do meanwhile.

    Attributes:
        seconds: of each side.
        half_open: connections that begin a request and never end it.
        trickled: donations of 100 MB that come slowly.
        bomb_bytes: of JSON that describes millions of empty lists, sent again and again.
    """

    seconds: float
    half_open: int
    trickled: int
    bomb_bytes: int


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Visit a server that is held up, and the same one left alone."""
    plan = Plan(2, 50, 2, 1_000_000) if quick else Plan(15, 1_100, 20, 120_000_000)
    address = stage.serve_site(SCRIPT)
    held_up: list[Round] = []
    alone: list[Round] = []
    for _ in range(rounds):
        alone.append(_visit(address, plan.seconds))
        with _others(address, plan):
            time.sleep(min(3, plan.seconds / 2))
            held_up.append(_visit(address, plan.seconds))
    names = {name: f"{name} of a request" for name in alone[0]}
    rows = [Row(shown, sample(held_up, name, "ms"), sample(alone, name, "ms")) for name, shown in names.items()]
    return Comparison(TITLE, OTHER_WAY, rows)


def _visit(address: str, seconds: float) -> Round:
    """The page, a session and a small donation, over a connection of its own, again and again."""
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with httpx.Client(
            base_url=address, timeout=30, transport=httpx.HTTPTransport(local_address=_VISITOR)
        ) as client:
            _timed(times, client, "GET", "", b"", "")
            token = _timed(times, client, "POST", "api/session", b"", "").json()["token"]
            _timed(times, client, "POST", f"api/donations?key=k{len(times)}", b'{"a": [1, 2, 3]}', token)
        time.sleep(_PAUSE)
    return {"p50": statistics.median(times), "p99": statistics.quantiles(times, n=100)[98]}


def _timed(
    times: list[float], client: httpx.Client, method: str, path: str, content: bytes, token: str
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    began = time.perf_counter()
    reply = client.request(method, path, content=content, headers=headers)
    times.append((time.perf_counter() - began) * 1000)
    return reply.raise_for_status()


@contextmanager
def _others(address: str, plan: Plan) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.abuse", address, str(2 * plan.seconds + 10)]
    command += [str(plan.half_open), str(plan.trickled), str(plan.bomb_bytes)]
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def _hold_up(address: str, seconds: float, half_open: int, trickled: int, bomb_bytes: int) -> None:
    parts = urlsplit(address)
    if parts.hostname != "127.0.0.1" or parts.port is None:
        raise SystemExit("This is for a server on 127.0.0.1 alone.")
    # In truth they are on other machines: what they do shall cost the server nothing of its processor.
    os.nice(19)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    token = httpx.post(f"{address}api/session", trust_env=False).json()["token"]
    head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    bomb = b'{"key": "a", "data": [' + b"[]," * (bomb_bytes // 3) + b"1]}"
    slow = f"POST /api/donations?key=a HTTP/1.1\r\n{head}Content-Length: {_BODY_BYTES}\r\n\r\n"
    fast = f"POST /data-submission HTTP/1.1\r\n{head}Content-Length: {len(bomb)}\r\n\r\n"
    ways = [_again(parts.port, b"GET / HTTP/1.1\r\nX: ", b"", 1) for _ in range(half_open)]
    ways += [_again(parts.port, slow.encode(), _TRICKLE, 0.5) for _ in range(trickled)]
    ways += [_again(parts.port, fast.encode() + bomb, b"", 1) for _ in range(2)]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*ways)


async def _again(port: int, first: bytes, more: bytes, pause: float) -> None:
    """Connect, send, go on sending until the server has enough of it, and begin anew."""
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(first)
                await writer.drain()
                while not reader.at_eof() and not writer.is_closing():
                    writer.write(more)
                    await writer.drain()
                    with contextlib.suppress(TimeoutError):
                        if await asyncio.wait_for(reader.read(10_000), pause):
                            break
            finally:
                writer.close()
        await asyncio.sleep(pause)


if __name__ == "__main__":
    asyncio.run(_hold_up(sys.argv[1], float(sys.argv[2]), *map(int, sys.argv[3:6])))
