"""Code that runs on, digs too deep or dies: each ends in time with an error of its own, and the next run works."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tools.serving import Server

from .conftest import BARE, visitor
from .in_page import in_page

#: Short for what runs on; long for what ends by itself, on however busy a machine.
LIMIT = {"TimeoutError": 300}
LONG = 30_000
FLOOD = "import sys\nwhile True: sys.stdout.write('x' * 1000); print(file=sys.stderr)"
LOCKED = "from js import *\nAtomics.wait(Int32Array.new(SharedArrayBuffer.new(4)), 0, 0)"
SHOWN = "class Deep:\n    def __repr__(self): return f'{[self]}'\nrepr(Deep())"
PARTIAL = "import functools\ndef deep(n): return functools.partial(deep, n)()\ndeep(0)"
CACHED = "import functools\n@functools.lru_cache\ndef deep(n): return deep(n + 1)\ndeep(0)"
NESTED = "deep = []\nfor _ in range(100_000): deep = [deep]\n"
#: As the browser says it, wherever that happens.
USED_UP = "import js, pyodide_js\npyodide_js._api.fatal_error(js.RangeError.new('Maximum call stack size exceeded'))"
#: Code, what comes of it, and whether what was defined before is still there.
CASES = {
    "a search without end": ("import re\nre.match('(a+)+$', 'a' * 50 + 'b')", "TimeoutError", True),
    "a flood of output": (FLOOD, "TimeoutError", True),
    "a flood of messages": ("import js\nwhile True: js.postMessage('x' * 100_000)", "TimeoutError", True),
    "a loop in C": ("sum(iter(int, 1))", "TimeoutError", False),
    "an await of nothing": ("import js\nawait js.Promise.new(lambda *_: None)", "TimeoutError", False),
    "a lock of the browser's": (LOCKED, "TimeoutError", False),
    "a sort in a sort": ("def deep(n): return sorted([1, 2], key=deep)\ndeep(0)", "RecursionError", True),
    "a text of itself": (SHOWN, "RecursionError", True),
    "a part of itself": (PARTIAL, "RecursionError", True),
    "a cache of itself": (CACHED, "RecursionError", True),
    "a deep value compared": (f"{NESTED}deep == [deep]", "RecursionError", True),
    "a deep value pickled": (f"import pickle\n{NESTED}pickle.dumps(deep)", "RecursionError", True),
    "a stack that is used up": (USED_UP, "WorkerCrashed", False),
    "memory": ("bytearray(2 ** 31 - 1), bytearray(2 ** 31 - 1)", "MemoryError", True),
    "an exit while waiting": ("import asyncio, sys\nawait asyncio.sleep(0)\nsys.exit('done')", "SystemExit", True),
    "an abort": ("import os\nos.abort()", "WorkerCrashed", False),
    "a signal": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "WorkerCrashed", False),
    "an interrupt of its own": ("import signal\nsignal.raise_signal(signal.SIGINT)", "KeyboardInterrupt", True),
}


#: What code can take away from the worker's script, which lives in the same worker.
SCRIPT_BREAKING = {
    "JSON": "js.JSON = None",
    "objects": "js.Object.entries = js.Object.fromEntries = js.Object.getPrototypeOf = None",
    "classes": "js.Array = js.Uint8Array = js.Map = js.Promise = None",
    "lists": "js.Array.prototype.map = js.Array.prototype.push = None",
    "functions": "js.Function.prototype.call = js.Function.prototype.apply = js.Function.prototype.bind = None",
    "messages": "js.postMessage = js.MessagePort.prototype.postMessage = None",
    "timers": "js.setTimeout = js.setImmediate = js.MessageChannel = None",
    "the worker itself": "js.close()",
}


@pytest.fixture(scope="module")
def shared_page(browser: Browser, engine_server: Server) -> Iterator[Page]:
    """A page with one worker for all cases: each leaves it usable."""
    with visitor(browser) as context:
        page = context.new_page()
        page.goto(engine_server.url + BARE)
        in_page(page, "const worker = make(); await worker.init(); window.shared = { worker, logs, crashes };")
        yield page


@pytest.mark.parametrize(("code", "error", "kept"), CASES.values(), ids=CASES.keys())
def test_an_end_of_its_own(shared_page: Page, code: str, error: str, kept: bool) -> None:
    result = in_page(
        shared_page,
        """
        const { shared } = window;
        await shared.worker.runPython("x = 1");
        shared.crashes.length = 0;
        const { name, message } = await caught(shared.worker.runPython(given.code, { timeout: given.timeout }));
        shared.logs.length = 0;
        const next = await shared.worker.runPython("print('again')\\n'x' in globals()");
        return { name, message, next, said: shared.logs, crashes: shared.crashes.length };
        """,
        {"code": code, "timeout": LIMIT.get(error, LONG)},
    )
    assert result["name"] == error, result
    assert result["next"] is kept
    assert result["said"] == [{"stream": "stdout", "text": "again"}]
    assert result["crashes"] == (error == "WorkerCrashed")
    assert "call stack" not in result["message"]


def test_a_long_chain_can_be_let_go(shared_page: Page) -> None:
    code = f"{NESTED}del deep\n'let go'"
    assert in_page(shared_page, "return window.shared.worker.runPython(given);", code) == "let go"


class Devtools:
    """The browser's own view of a page, which outlives the page's processes."""

    def __init__(self, page: Page, browser: Browser) -> None:
        self._page: CDPSession = page.context.new_cdp_session(page)
        self._browser: CDPSession = browser.new_browser_cdp_session()

    def evaluate(self, expression: str) -> Any:
        outcome = self._page.send(
            "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
        )
        return outcome["result"].get("value")

    def busiest(self) -> int:
        """The process that works hardest just now, of those that render pages and frames."""
        before = self._times()
        time.sleep(0.5)
        return max((spent - before.get(process, 0), process) for process, spent in self._times().items())[1]

    def _times(self) -> dict[int, float]:
        found = self._browser.send("SystemInfo.getProcessInfo")["processInfo"]
        return {process["id"]: process["cpuTime"] for process in found if process["type"] == "renderer"}

    def workers(self) -> int:
        """The workers of all pages."""
        targets = self._browser.send("Target.getTargets", {"filter": [{}]})["targetInfos"]
        return sum(target["type"] == "worker" for target in targets)

    def counts(self) -> dict[str, int]:
        """Documents, nodes and listeners of the page, after all that is garbage has gone."""
        self._page.send("HeapProfiler.collectGarbage")
        return dict(self._page.send("Memory.getDOMCounters"))


RUN = "worker.runPython(%s, { timeout: %s }).then(String, (error) => error.name)"


def test_a_frame_that_the_browser_ends_is_replaced(browser: Browser, engine_page: Page) -> None:
    devtools = Devtools(engine_page, browser)
    in_page(engine_page, "window.worker = make({ spare: false }); await window.worker.init();")
    devtools.evaluate(f"window.busy = {RUN % (json.dumps('while True: pass'), 3_000)}; null")
    os.kill(devtools.busiest(), signal.SIGKILL)
    assert devtools.evaluate("busy") == "TimeoutError"
    assert devtools.evaluate(RUN % (json.dumps("1 + 1"), LONG)) == "2"
    assert devtools.evaluate("document.querySelectorAll('iframe').length") == 1


def test_restarts_leave_nothing_behind(browser: Browser, engine_page: Page) -> None:
    devtools = Devtools(engine_page, browser)
    others = devtools.workers()
    restart = """
        for (let turn = 0; turn < given; turn += 1) {
          await caught(window.worker.runPython("import os\\nos._exit(1)"));
          await window.worker.runPython("1 + 1");
        }
        """
    in_page(engine_page, f"window.worker = make({{ spare: false }}); await window.worker.init(); {restart}", 2)
    before = devtools.counts()
    in_page(engine_page, restart, 8)
    assert devtools.counts() == before
    assert devtools.workers() == others + 1
    in_page(engine_page, "window.worker.destroy();")
    assert devtools.evaluate("document.querySelectorAll('iframe').length") == 0


def test_what_code_takes_away_from_the_workers_script_costs_one_request_at_most(shared_page: Page) -> None:
    outcomes = in_page(
        shared_page,
        """
        const { worker } = window.shared;
        const outcomes = {};
        for (const [what, code] of Object.entries(given)) {
          await worker.runPython(`import js\\n${code}`).catch(() => undefined);
          await worker.runPython("1 / 0").catch(() => undefined);
          outcomes[what] = await worker.runPython("import asyncio\\nawait asyncio.sleep(0)\\n[1 + 1, {'a': None}]");
        }
        return outcomes;
        """,
        SCRIPT_BREAKING,
    )
    assert outcomes == {what: [2, {"a": None}] for what in SCRIPT_BREAKING}
