"""``PythonWorker`` in a real browser: life cycle, limits, recovery, values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tools.serving import Server

from .in_page import in_page


def test_requests_made_before_ready_are_answered_in_order(first_engine_page: Page) -> None:
    answers = in_page(
        first_engine_page,
        """
        const worker = make();
        const order = [];
        const early = [1, 2, 3].map((n) => worker.runPython(`${n} * 10`).then((value) => order.push(value)));
        const ready = worker.init().then(({ python }) => order.push(python));
        await Promise.all([ready, ...early]);
        return { order, progress };
        """,
    )
    assert answers["order"][0].startswith("3.13")
    assert answers["order"][1:] == [10, 20, 30]
    values = [report["value"] for report in answers["progress"]]
    assert values == sorted(values)
    assert values[0] == 0
    assert values[-1] == 100
    assert {report["stage"] for report in answers["progress"]} == {"download", "start", "ready"}
    assert len({value for value in values if value < 60}) > 3, "the bar moves while files come"


def test_one_request_runs_at_a_time(engine_page: Page) -> None:
    order = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        await worker.runPython("import asyncio");
        const code = (n) => `order.append(('in', ${n}))\\nawait asyncio.sleep(0.05)\\norder.append(('out', ${n}))`;
        await worker.runPython("order = []");
        await Promise.all([1, 2].map((n) => worker.runPython(code(n))));
        return worker.runPython("order");
        """,
    )
    assert order == [["in", 1], ["out", 1], ["in", 2], ["out", 2]]


def test_what_a_handler_tells_is_heard_while_it_runs(engine_page: Page) -> None:
    """The handler here is that of runPython: its code looks for what handlers have."""
    heard = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        await worker.runPython(`
        import gc, time
        from sidestage.protocol.messages import LogLine, LogReport, ProgressReport
        context = next(item for item in gc.get_objects() if type(item).__name__ == "WorkerContext")
        `.replace(/^ +/gm, ""));
        progress.length = logs.length = 0;
        const began = performance.now();
        let first = null;
        const running = worker.runPython(`
        for number in range(3):
            context.report("progress", ProgressReport("packages", "half", 50))
            context.report("log", LogReport([LogLine("system", f"line {number}")]))
            time.sleep(0.2)`.replace(/^ {8}/gm, ""));
        while (first === null) {
          await new Promise((done) => setTimeout(done, 5));
          if (logs.length > 0) first = performance.now() - began;
        }
        await running;
        const refused = await worker.runPython('context.report("frames", None)').catch((error) => error.message);
        return { first, whole: performance.now() - began, progress, logs, refused };
        """,
    )
    assert heard["first"] < heard["whole"] - 300
    assert [report["message"] for report in heard["progress"]] == ["half"] * 3
    assert [line["text"] for line in heard["logs"]] == ["line 0", "line 1", "line 2"]
    assert heard["refused"] == "runPython reports no 'frames'; known are progress, log"


def test_what_answers_a_request_is_loaded_when_it_comes_or_with_the_start(engine_page: Page) -> None:
    loaded = in_page(
        engine_page,
        """
        const code = "import sys\\n'sidestage.flow' in sys.modules";
        const found = [];
        for (const requests of [[], ["startFlow"], ["startFlow"]]) {
          const worker = make({ requests });
          await worker.init();
          found.push(await worker.runPython(code));
          if (found.length === 1) {
            await worker.startFlow({ script: "none.py", sessionId: "1" });
            found.push(await worker.runPython(code));
          }
        }
        return found;
        """,
    )
    assert loaded == [False, True, True, True]


def test_numpy_arrays_come_as_typed_arrays_with_their_shape_and_go_back(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init({ packages: ["numpy"] });
        await worker.runPython("import numpy as np");
        const kinds = {};
        for (const dtype of ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
                             "float16", "float32", "float64", ">i4"]) {
          const { data, shape, dtype: came } = await worker.runPython(`np.arange(6).reshape(2, 3).astype('${dtype}')`);
          kinds[dtype] = [data.constructor.name, came, shape, Array.from(data, Number)];
        }
        const matrix = { dtype: "float64", shape: [2, 2], data: new Float64Array([1, 2, 3, 4]) };
        const back = await worker.runPython("[type(a).__name__, a.shape, a.sum().item()]", { globals: { a: matrix } });
        const transposed = await worker.runPython("np.arange(6).reshape(2, 3).T");
        const scalar = await worker.runPython("[np.bool_(True), np.int64(3)]");
        return { kinds, back, scalar, transposed: Array.from(transposed.data, Number),
                 empty: (await worker.runPython("np.zeros((0, 3))")).shape };
        """,
    )
    assert result["kinds"]["float32"] == ["Float32Array", "float32", [2, 3], [0, 1, 2, 3, 4, 5]]
    assert result["kinds"]["float16"][:2] == ["Float32Array", "float32"]
    assert result["kinds"]["int64"][0] == "BigInt64Array"
    assert result["kinds"][">i4"] == ["Int32Array", "int32", [2, 3], [0, 1, 2, 3, 4, 5]]
    assert result["kinds"]["bool"] == ["Uint8Array", "bool", [2, 3], [0, 1, 1, 1, 1, 1]]
    assert result["back"] == ["ndarray", [2, 2], 10]
    assert result["transposed"] == [0, 3, 1, 4, 2, 5]
    assert result["scalar"] == [True, 3]
    assert result["empty"] == [0, 3]


def test_pandas_runs(first_engine_page: Page) -> None:
    result = in_page(
        first_engine_page,
        """
        const worker = make();
        await worker.init({ packages: ["pandas"] });
        const frame = "pd.DataFrame({'who': ['a', 'b', 'a'], 'n': [1, 2, 3]})";
        const value = await worker.runPython(`import pandas as pd\\n${frame}.groupby('who').n.sum().to_dict()`);
        const packages = progress.filter((report) => report.stage === "packages");
        return { value, stages: packages.map((report) => report.value) };
        """,
    )
    assert result["value"] == {"a": 4, "b": 2}
    assert result["stages"], "importing a large package is told"


def test_a_package_that_the_server_has_not_is_named(engine_page: Page) -> None:
    failure = in_page(engine_page, "const w = make(); return caught(w.init({ packages: ['scipy'] }))")
    assert failure["name"] == "InitError"
    assert "scipy" in failure["message"]
    assert "--find-links" in failure["message"]


def test_a_value_that_cannot_be_sent_to_python_is_refused_and_the_worker_goes_on(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const refused = [];
        for (const value of [() => 1, document.body, new Date(), Symbol("x")]) {
          refused.push((await caught(worker.runPython("x", { globals: { x: value } }))).name);
        }
        return { refused, after: await worker.runPython("1 + 1") };
        """,
    )
    assert result == {"refused": ["ConversionError"] * 4, "after": 2}


@pytest.mark.parametrize(
    "code", ["while True: pass", "import time\ntime.sleep(60)", "import asyncio\nawait asyncio.sleep(60)"]
)
def test_a_time_limit_ends_a_run_and_the_worker_is_usable_again(engine_page: Page, code: str) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init({ globals: { kept: 7 } });
        await worker.runPython("state = 1");
        const late = await caught(worker.runPython(given, { timeout: 300 }));
        return { late, kept: await worker.runPython("kept"), state: await worker.runPython("'state' in globals()") };
        """,
        code,
    )
    assert result["late"]["name"] == "TimeoutError"
    assert "300 ms" in result["late"]["message"]
    assert result["kept"] == 7
    assert result["state"] is (code == "while True: pass"), "an interrupt keeps the state, a new worker does not"


def test_an_interrupt_ends_a_run(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const endless = caught(worker.runPython("print('begun')\\nwhile True: pass"));
        await printed("begun");
        await worker.interrupt();
        return { endless: await endless, after: await worker.runPython("1 + 1") };
        """,
    )
    assert result["endless"]["name"] == "KeyboardInterrupt"
    assert result["after"] == 2


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos._exit(3)",
        "import js\njs.close()",
        "import ctypes\nctypes.string_at(2**31 - 8, 2**20)",
        "import asyncio, js\njs.setTimeout(js.JSON.parse, 0, '{')\nawait asyncio.sleep(5)",
    ],
    ids=["exit", "closed by itself", "out of bounds", "uncaught"],
)
def test_a_crash_settles_everything_and_the_next_request_finds_a_fresh_worker(engine_page: Page, code: str) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init({ globals: { kept: 7 } });
        await worker.runPython("lost = 1");
        const requests = [given, "'lost' in globals()"].map((code) => caught(worker.runPython(code)));
        const [dead, waiting] = await Promise.all(requests);
        return { dead, waiting, crashes, kept: await worker.runPython("kept") };
        """,
        code,
    )
    assert result["dead"]["name"] == "WorkerCrashed"
    assert len(result["crashes"]) == 1
    assert result["waiting"] == {"value": False}
    assert result["kept"] == 7


def test_running_out_of_memory_is_an_error_and_not_the_end(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const code = "hoard = []\\nwhile True: hoard.append(bytearray(256 * 1024 * 1024))";
        const full = await caught(worker.runPython(code));
        return { full, after: await worker.runPython("hoard = None\\n1 + 1") };
        """,
    )
    assert result["full"]["name"] in ("MemoryError", "WorkerCrashed")
    assert result["after"] == 2


def test_packages_installed_later_are_there_again_after_a_crash(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        await worker.installPackages(["six"]);
        await caught(worker.runPython("import os\\nos._exit(1)"));
        return worker.runPython("import six\\nsix.__name__");
        """,
    )
    assert result == "six"


def test_destroy_settles_what_is_pending_and_what_comes_later(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const running = caught(worker.runPython("while True: pass"));
        const waiting = caught(worker.runPython("1"));
        await new Promise((resolve) => setTimeout(resolve, 50));
        worker.destroy();
        const unready = make();
        const starting = caught(unready.init());
        unready.destroy();
        const later = [await caught(worker.runPython("1")), await caught(worker.init())];
        return [await running, await waiting, ...later, await starting];
        """,
    )
    assert [outcome["name"] for outcome in result] == ["WorkerDestroyed"] * 5


def test_everything_printed_reaches_the_log_line_by_line_before_the_result(engine_page: Page) -> None:
    code = """
import os, sys
print("one")
print("two\\nthree")
sys.stderr.write("four\\n")
os.write(1, b"five\\n")
print("six", end="")
"""
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        await worker.runPython(given);
        const first = logs.map((line) => [line.stream, line.text]);
        await worker.runPython("for n in range(20_000): print(n)");
        return { first, count: logs.length - first.length, last: logs.at(-1).text };
        """,
        code,
    )
    assert sorted(result["first"]) == sorted(
        [
            ["stdout", "one"],
            ["stdout", "two"],
            ["stdout", "three"],
            ["stderr", "four"],
            ["stdout", "five"],
            ["stdout", "six"],
        ]
    )
    assert (result["count"], result["last"]) == (20_000, "19999")


def test_what_code_posts_by_itself_is_no_answer(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        return worker.runPython("import js\\nfor odd in (None, 'text', 7): js.postMessage(odd)\\n'answer'");
        """,
    )
    assert result == "answer"
    assert not [line for line in engine_page.console if "404" not in line]  # type: ignore[attr-defined]


def test_the_runtime_can_be_the_one_that_pyodide_ships(page: Page, serve: Callable[..., Server]) -> None:
    page.goto(serve("--runtime", "plain", command="demo").url + "sidestage/manifest.json")
    source = "import json\nimport inspect\n'def dumps' in inspect.getsource(json.dumps)"
    assert in_page(page, "const worker = make(); await worker.init(); return worker.runPython(given)", source) is True


def test_code_finds_no_trace_of_how_its_worker_came_up(first_engine_page: Page) -> None:
    result = in_page(
        first_engine_page,
        """
        const worker = make();
        await worker.init();
        return worker.runPython("import js\\n[name for name in ('exports', '__filename') if hasattr(js, name)]");
        """,
    )
    assert result == []


def test_nothing_reaches_the_console(engine_page: Page) -> None:
    in_page(
        engine_page,
        """
        const worker = make({ onLog: undefined });
        await worker.init();
        await caught(worker.runPython("print('secret')\\n1 / 0"));
        await caught(worker.runPython("import js\\njs.console.error('secret')"));
        await caught(worker.runPython("import os\\nos.abort()"));
        """,
    )
    assert not [line for line in engine_page.console if "404" not in line]  # type: ignore[attr-defined]


def _served_wrongly(kind: str) -> Any:
    def answer(route: Route) -> None:
        if kind == "missing":
            route.fulfill(status=404, body="")
        elif kind == "unreachable":
            route.abort()
        elif kind == "a page":
            route.fulfill(status=200, content_type="text/html", body="<h1>Welcome</h1>")
        else:
            route.fulfill(status=200, content_type="application/octet-stream", body=b"broken")

    return answer


_LOADED = [
    *("manifest.json", "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib", "python/", "lock/"),
    "frame/",
]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        *((file, "missing") for file in _LOADED),
        *(("pyodide.asm.wasm", kind) for kind in ("unreachable", "a page", "broken")),
        *(("python_stdlib", kind) for kind in ("unreachable", "broken")),
        *(("manifest.json", kind) for kind in ("unreachable", "a page")),
        *(("python/", kind) for kind in ("broken", "a page")),
    ],
)
def test_a_load_that_fails_rejects_init_with_a_sentence(first_engine_page: Page, file: str, kind: str) -> None:
    first_engine_page.route(f"**/sidestage/**{file}**", _served_wrongly(kind))
    if file == "manifest.json":
        first_engine_page.route("**/sidestage/manifest.json", _served_wrongly(kind))
    failure = in_page(
        first_engine_page,
        """
        const worker = make();
        const early = caught(worker.runPython("1"));
        const failed = await caught(worker.init({ timeout: 20_000 }));
        return { failed, early: await early };
        """,
    )
    assert failure["failed"]["name"] == "InitError"
    assert failure["early"]["name"] == "InitError"
    message = failure["failed"]["message"]
    assert file.rstrip("/") in message, "the sentence names what could not be loaded"
    assert "did not start within" not in message
    assert message == failure["early"]["message"]


@pytest.mark.alone
def test_a_start_that_never_answers_ends_within_its_limit_and_can_be_tried_again(first_engine_page: Page) -> None:
    first_engine_page.route("**/pyodide.asm.wasm", lambda route: None)
    result = in_page(
        first_engine_page,
        """
        window.worker = make();
        const started = performance.now();
        const failed = await caught(window.worker.init({ timeout: 1500 }));
        return { failed, took: performance.now() - started };
        """,
    )
    assert result["failed"]["name"] == "InitError"
    assert "1.5 seconds" in result["failed"]["message"]
    assert result["took"] < 5_000
    first_engine_page.unroute_all()
    assert in_page(first_engine_page, "await window.worker.init(); return window.worker.runPython('1 + 1')") == 2


def test_without_shared_memory_a_time_limit_replaces_the_worker(page: Page, plain_files: str) -> None:
    page.goto(plain_files + "sidestage/manifest.json")
    result = in_page(
        page,
        """
        const worker = make();
        await worker.init({ globals: { kept: 7 } });
        const late = await caught(worker.runPython("while True: pass", { timeout: 300 }));
        const endless = caught(worker.runPython("print('begun')\\nwhile True: pass"));
        await printed("begun");
        await worker.interrupt();
        return { isolated: crossOriginIsolated, late, endless: await endless, kept: await worker.runPython("kept") };
        """,
    )
    assert result["isolated"] is False
    assert result["late"]["name"] == "TimeoutError"
    assert result["endless"]["name"] == "KeyboardInterrupt"
    assert result["kept"] == 7


def test_code_that_swallows_the_interrupt_is_stopped_all_the_same(engine_page: Page) -> None:
    code = "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt:\n        pass"
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const late = await caught(worker.runPython(given, { timeout: 200 }));
        return { late, after: await worker.runPython("1 + 1") };
        """,
        code,
    )
    assert result["late"]["name"] == "TimeoutError"
    assert result["after"] == 2
