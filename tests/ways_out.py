"""The ways out of the seal in ``ways_out.txt``, what they are made with, and the server that must hear nothing."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LIST = Path(__file__).with_suffix(".txt")
#: Runs in a page, after the prelude of ``tests/browser/in_page.py``.
RUN_WAYS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
#: What the lines of the list find.
MODULE = '''
import asyncio, gc, json, sys

import js
from pyodide.ffi import create_proxy as proxy, to_js


def options(**given):
    return to_js(given, dict_converter=js.Object.fromEntries)


def address_of(source):
    return js.URL.createObjectURL(js.Blob.new([source], options(type="text/javascript")))


def script(source):
    js.importScripts(address_of(source))


def nested(source):
    return js.Worker.new(address_of(source))


def own_id():
    frame = sys._getframe()
    while "request_id" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request_id"]


def line():
    return next(item for item in gc.get_objects() if type(item).__name__ == "BrowserTransport")._host


def post(type, id, payload):
    line().post(json.dumps({"type": type, "id": id, "payload": payload}), to_js([]))


def forge_snapshot(word):
    script("""
        const { parse } = JSON;
        const linker = { libraries: [], tableLength: 1e6, slots: [], free: [], symbols: {} };
        const rest = { parts: [[0, 6]], size: 65536, libraries: [], state: new Uint8Array(64) };
        const payload = { memory: new Blob(["forged"]), sum: 1, ...rest, linker: JSON.stringify(linker) };
        JSON.parse = (text) => text === "forged" ? { type: "snapshot", id: null, payload } : parse(text);
    """)
    line().post("forged", to_js([]))


async def hear():
    """Have the page send something."""
    try:
        await line().install(to_js(["six"]), own_id())
    except Exception:
        pass


KEEP_PORTS = """
    self.ports = [];
    const { Event, MessagePort } = self;
    const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
    const target = getOwnPropertyDescriptor(Event.prototype, "target").get;
    const keep = (value) => {
        const found = value instanceof Event ? apply(target, value, []) : value;
        if (found instanceof MessagePort) ports[ports.length] = found;
    };
"""


def catch_ports():
    """Have whatever the worker's script may call on a message's way look at what it is given."""
    script("{" + KEEP_PORTS + """
        const watch = (owner, name) => {
            const found = getOwnPropertyDescriptor(owner, name);
            for (const kind of ["value", "get", "set"]) {
                const called = found[kind];
                if (typeof called !== "function" || !found.configurable) continue;
                found[kind] = function (...given) {
                    keep(this);
                    for (let place = 0; place < given.length; place++) keep(given[place]);
                    const result = new.target ? construct(called, given) : apply(called, this, given);
                    keep(result);
                    return result;
                };
            }
            defineProperty(owner, name, found);
        };
        for (const owner of [MessagePort.prototype, MessageEvent.prototype, Event.prototype, EventTarget.prototype,
                             Promise.prototype, Reflect, JSON]) {
            for (const name of ownKeys(owner)) if (name !== "constructor") watch(owner, name);
        }
        for (const name of ["apply", "call", "bind"]) watch(Function.prototype, name);
    }""")


def catch_stacks():
    """Look at what stands on the stack whenever the worker's script calls what code could put in another's place."""
    script("{" + KEEP_PORTS + """
        Error.stackTraceLimit = 1000;
        Error.prepareStackTrace = (_, sites) => sites.forEach((site) => {
            keep(site.getThis());
            try { for (const given of site.getFunction().arguments) keep(given); } catch { /* It is strict. */ }
        });
        const look = () => new Error().stack;
        const { parse } = JSON;
        JSON.parse = (text) => {
            look();
            const message = parse(text);
            return { ...message, get payload() { look(); return message.payload; } };
        };
        Object.prototype.__defineSetter__("onmessage", look);
    }""")
'''
ANSWER = b"\r\n".join(
    [
        b"HTTP/1.0 200 OK",
        b"Access-Control-Allow-Origin: *",
        b"Cross-Origin-Resource-Policy: cross-origin",
        b"Content-Type: text/javascript",
        b"Content-Length: 0",
        b"\r\n",
    ]
)


@dataclass(frozen=True)
class Way:
    """One line of the list. ``word`` is its own; ``spoils``: nothing else can run in its worker afterwards."""

    name: str
    word: str
    line: str
    spoils: bool

    def given(self, server: str, page: str) -> dict[str, Any]:
        """What ``RUN_WAYS`` is given: the way against a server at an address, from a page at another."""
        host = f"{urlsplit(server).netloc}/{self.word}"
        parts = {
            "{server}": f"http://{host}",
            "{host}": host,
            "{port}": str(urlsplit(server).port),
            "{page}": f"{page}sidestage/manifest.json?{self.word}",
            "{word}": self.word,
        }
        code = f"from ways import *\n{self.line}\nNone"
        for placeholder, part in parts.items():
            code = code.replace(placeholder, part)
        return {"name": self.name, "word": self.word, "code": code, "spoils": self.spoils}


def ways_out(kind: str) -> list[Way]:
    """The list. ``kind`` is a part of each word, for those who try it twice."""
    lines = [line.strip() for line in LIST.read_text(encoding="utf-8").splitlines()]
    entries = [line.split(" | ", 1) for line in lines if line and not line.startswith("#")]
    return [
        Way(name.removeprefix("! "), f"{kind}way{number}out", line, name.startswith("! "))
        for number, (name, line) in enumerate(entries, 1)
    ]


def told(ways: list[Way], text: str) -> set[str]:
    """The names of the ways whose words are in a text."""
    words = set(re.findall(r"[a-z]+way\d+out", text))
    return {way.name for way in ways if way.word in words}


@dataclass
class Listener:
    """A server that answers whatever is asked of it, and keeps what it hears, over TCP and UDP."""

    address: str
    heard: list[str] = field(default_factory=list)

    def journey(self, ways: list[Way], page: str, *, sealed: bool) -> dict[str, Any]:
        """What ``RUN_WAYS`` is given, on a page of the server at an address."""
        return {"sealed": sealed, "module": MODULE, "ways": [way.given(self.address, page) for way in ways]}


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on a free port."""
    with (
        socket.create_server(("127.0.0.1", 0)) as connections,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        port = connections.getsockname()[1]
        datagrams.bind(("127.0.0.1", port))
        listener = Listener(f"http://127.0.0.1:{port}")
        _in_background(_answer, connections, listener.heard.append)
        _in_background(_receive, datagrams, listener.heard.append)
        yield listener


def _in_background(serve: Callable[[socket.socket, Callable[[str], None]], None], *given: Any) -> None:
    def until_closed() -> None:
        try:
            while True:
                serve(*given)
        except OSError:
            return

    threading.Thread(target=until_closed, daemon=True).start()


def _answer(connections: socket.socket, keep: Callable[[str], None]) -> None:
    connection, _ = connections.accept()
    with connection:
        connection.settimeout(1)
        try:
            keep(connection.recv(65_536).decode("latin-1"))
            connection.sendall(ANSWER)
        except OSError:
            keep("a connection that said nothing")


def _receive(datagrams: socket.socket, keep: Callable[[str], None]) -> None:
    keep(datagrams.recv(65_536).decode("latin-1"))
