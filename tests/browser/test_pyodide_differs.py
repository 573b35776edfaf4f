"""A Pyodide whose insides differ from those that are known: Python starts all the same, and the log says how.

The scripts that the server sends are altered on their way: a private name is another one, as in another version.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import partial, reduce
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, Route

from tools.serving import Server

from .in_page import in_page
from .test_boot import wait_until_kept

Alter = Callable[[str], str]

#: A package from its archive, and a file of the participant's.
LOOK = """
const file = new File(["as it was chosen"], "export.txt");
const worker = make({ spare: false, snapshot: given });
await worker.init({ packages: ["numpy"] });
const code = `
import numpy, numpy.testing, os
[export.read().decode(), int(numpy.arange(4).sum()), len(os.listdir(os.path.dirname(numpy.__file__) + "/random")) > 10]
`;
const value = await worker.runPython(code, { globals: { export: file } });
const said = () => logs.filter(({ stream }) => stream === "system").map(({ text }) => text);
"""
FOUND = ["as it was chosen", 6, True]


def renamed(*names: str) -> Alter:
    """Has another name stand for each of these, wherever it stands."""
    return lambda script: re.sub(rf"\b({'|'.join(names)})\b", r"\1_of_another_version", script)


def compiling(script: str) -> str:
    """Has the loader compile the interpreter's code by itself."""
    altered, count = re.subn(
        r"await WebAssembly\.instantiateStreaming\((\w+),(\w+)\)",
        r"await WebAssembly.instantiate(await (await \1).arrayBuffer(),\2)",
        script,
    )
    return altered if count else script


def differing(page: Page, server: Server, alter: Alter) -> None:
    """Have the server's Pyodide differ, for this page."""
    address = server.url + "sidestage/"
    manifest = json.loads(_fetch(address + "manifest.json"))
    differs = False
    for path in (manifest["asm"], manifest["loader"]):
        script = _fetch(address + path)
        content = alter(script).encode()
        differs |= content != script.encode()
        manifest["files"][path] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        page.route(address + path, partial(_send, content=content))
    assert differs
    page.route(address + "manifest.json", partial(_send, content=json.dumps(manifest).encode()))
    page.goto(address + "manifest.json")


def _send(route: Route, *, content: bytes) -> None:
    kind = "application/json" if route.request.url.endswith(".json") else "text/javascript"
    headers = {"Content-Type": kind}
    headers |= {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "credentialless"}
    route.fulfill(body=content, headers=headers)


def _fetch(address: str) -> str:
    with urlopen(address) as response:
        return str(response.read().decode())


#: For each group of names: what is altered, whether a snapshot is to be made, and what the log says.
GROUPS: dict[str, tuple[Alter, bool, str]] = {
    "creating": (renamed("_createPyodideModule"), True, "no snapshot is made"),
    "compiled code": (compiling, False, "Python's code is compiled at each start"),
    "lazy files": (renamed("node_ops"), False, "packages are written into Python's memory"),
    "memory": (renamed("makeSnapshot"), True, "no snapshot is made"),
    "linker": (renamed("LDSO"), True, "no snapshot is made"),
    "chosen files": (renamed("stream_ops"), False, "one that changes while Python reads it ends Python"),
    "recursion": (renamed("HEAPU32"), False, "code that goes too deep into itself ends Python"),
    "fatal errors": (renamed("fatal_error"), False, "is replaced only when it is next asked for something"),
    "interrupts": (renamed("setInterruptBuffer"), False, "a run that is stopped ends its worker"),
}


@pytest.mark.parametrize("group", GROUPS)
def test_python_starts_without(group: str, page: Page, engine_server: Server) -> None:
    alter, snapshot, consequence = GROUPS[group]
    differing(page, engine_server, alter)
    found: dict[str, Any] = in_page(page, LOOK + "return { value, said: said() };", snapshot)
    assert found["value"] == FOUND
    (said,) = found["said"]
    assert said.startswith(f"This Pyodide is not as Sidestage knows it ({group}: ")
    assert consequence in said


def test_python_starts_without_any_of_it(page: Page, engine_server: Server) -> None:
    alterations = [alter for alter, _, _ in GROUPS.values()]
    differing(page, engine_server, lambda script: reduce(lambda altered, alter: alter(altered), alterations, script))
    found = in_page(page, LOOK + "return { value, said: said() };", True)
    assert found["value"] == FOUND
    assert len(found["said"]) == len(GROUPS) - 2, "of the three that snapshots need the first one is told"


def test_a_snapshot_is_put_back_without_lazy_files(page: Page, engine_server: Server) -> None:
    differing(page, engine_server, renamed("node_ops"))
    first = in_page(page, LOOK + "return { value, said: said() };", True)
    wait_until_kept(page)
    page.reload()
    # Without these there is no other way to start.
    page.route("**/runtime/**", lambda route: route.abort())
    assert in_page(page, LOOK + "return { value, said: said() };", True) == first


def test_a_run_is_stopped_without_interrupts(page: Page, engine_server: Server) -> None:
    differing(page, engine_server, renamed("setInterruptBuffer"))
    found = in_page(
        page,
        """
        const worker = make({ spare: false });
        await worker.init();
        const stopped = await caught(worker.runPython("while True: pass", { timeout: 500 }));
        return [stopped.name, await worker.runPython("1 + 1")];
        """,
    )
    assert found == ["TimeoutError", 2]
