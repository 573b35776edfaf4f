"""``PythonWorker`` in every engine: values, errors, time limits, recovery."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from tests.browser.in_page import PRELUDE

from .visitor import Visitor


def test_values_and_errors_come_out(engine_visitor: Visitor) -> None:
    result = engine_visitor.evaluate(
        PRELUDE
        + """
        const worker = make();
        const early = worker.runPython("sum(range(10))");
        await worker.init({ packages: ["numpy"] });
        const { dtype, shape, data } = await worker.runPython("import numpy\\nnumpy.arange(6.0).reshape(2, 3)");
        const failed = await caught(worker.runPython("numbers = []\\nnumbers[3]"));
        worker.destroy();
        return { early: await early, dtype, shape, kind: data.constructor.name, numbers: [...data], failed };
        """
    )
    failed = result.pop("failed")
    array = {"dtype": "float64", "shape": [2, 3], "kind": "Float64Array", "numbers": [0, 1, 2, 3, 4, 5]}
    assert result == {"early": 45, **array}
    assert (failed["name"], failed["message"]) == ("IndexError", "list index out of range")
    assert "line 2" in failed["traceback"]


def test_an_endless_loop_is_stopped_by_its_limit_or_by_hand_and_the_next_run_works(engine_visitor: Visitor) -> None:
    result = engine_visitor.evaluate(
        PRELUDE
        + """
        const worker = make();
        await worker.init();
        const late = await caught(worker.runPython("while True: pass", { timeout: 1500 }));
        const next = await worker.runPython("1 + 1");
        const loop = caught(worker.runPython("while True: pass"));
        await new Promise((resolve) => setTimeout(resolve, 300));
        await worker.interrupt();
        const stopped = await loop;
        const last = await worker.runPython("2 + 2");
        worker.destroy();
        return { late: late.name, next, stopped: stopped.name, last, crashes };
        """
    )
    assert result == {"late": "TimeoutError", "next": 2, "stopped": "KeyboardInterrupt", "last": 4, "crashes": []}


def test_a_worker_that_dies_is_told_and_a_fresh_one_takes_its_place(engine_visitor: Visitor) -> None:
    result = engine_visitor.evaluate(
        PRELUDE
        + """
        const worker = make();
        await worker.init({ globals: { given: 3 } });
        const dead = await caught(worker.runPython("import os\\nos._exit(1)"));
        const alive = await worker.runPython("given + 1");
        worker.destroy();
        return { dead: dead.name, alive, crashes: crashes.length };
        """
    )
    assert result == {"dead": "WorkerCrashed", "alive": 4, "crashes": 1}


def test_a_loop_that_was_stopped_leaves_nothing_running(engine: str, engine_visitor: Visitor) -> None:
    """WebKit ends a loop in WebAssembly only where it calls JavaScript; else its thread runs on until the tab goes."""
    before = threads_of_workers(engine)
    engine_visitor.evaluate(
        PRELUDE
        + """
        const worker = make({ spare: false });
        await worker.init();
        const loop = caught(worker.runPython("while True: pass", { timeout: 1500 }));
        await new Promise((resolve) => setTimeout(resolve, 1000));
        worker.destroy();
        await loop;
        """
    )
    deadline = time.monotonic() + 60
    while (left := threads_of_workers(engine) - before) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == set()


def threads_of_workers(engine: str) -> set[Path]:
    """The threads of all workers in the browser that this process has started, as Linux shows them."""
    name = {"Chromium": "DedicatedWorker", "Firefox": "DOM Worker", "WebKit": "WebCore: Worker"}[engine]
    parents = {}
    found = set()
    for thread in Path("/proc").glob("[0-9]*/task/[0-9]*"):
        # Threads and processes come and go meanwhile.
        with contextlib.suppress(OSError):
            called, rest = (thread / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            parents[thread.parts[2]] = rest.split()[1]
            if called.startswith(name):
                found.add(thread)
    return {thread for thread in found if is_ours(thread.parts[2], parents)}


def is_ours(process: str, parents: dict[str, str]) -> bool:
    """Whether a process is a child of this one, or a child's child."""
    while process in parents:
        process = parents[process]
        if process == str(os.getpid()):
            return True
    return False
