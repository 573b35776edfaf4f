"""``PythonWorker`` in a real browser, at its edges: time limits of any length, and values of any kind."""

from __future__ import annotations

from playwright.sync_api import Page, Route

from .in_page import in_page


def test_a_time_limit_may_be_as_long_as_one_likes(engine_page: Page) -> None:
    values = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init({ timeout: Infinity });
        const code = "import time\\ntime.sleep(0.1)\\n7";
        const run = (timeout) => worker.runPython(code, { timeout });
        return [await run(Infinity), await run(2 ** 32)];
        """,
    )
    assert values == [7, 7]


def test_no_stop_is_lost_and_the_state_is_kept(engine_page: Page) -> None:
    # Of those that Pyodide's own reading of the buffer loses, one in twenty, some would be among these.
    kept = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        await worker.runPython("kept = 'state'");
        for (let stop = 0; stop < 100; stop++) {
          await caught(worker.runPython("while True: pass", { timeout: 20 }));
        }
        return worker.runPython("import js\\n[kept, js.crossOriginIsolated]");
        """,
    )
    assert kept == ["state", True], "what is sealed off is isolated too, or nothing could be interrupted there"


def test_a_time_limit_ends_an_installation_and_it_can_be_done_again(first_engine_page: Page) -> None:
    held: list[Route] = []
    first_engine_page.route("**/sidestage/packages/**", lambda route: held.append(route))
    first_engine_page.expose_function("letGo", lambda: _let_go(first_engine_page, held))
    result = in_page(
        first_engine_page,
        """
        const worker = make();
        await worker.init();
        const late = (await caught(worker.installPackages(["pandas"], { timeout: 100 }))).name;
        await letGo();
        await worker.installPackages(["pandas"]);
        return { late, value: await worker.runPython("import pandas; pandas.Series([1, 2]).sum().item()") };
        """,
    )
    assert result["late"] == "TimeoutError"
    assert result["value"] == 3


def _let_go(page: Page, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    page.unroute("**/sidestage/packages/**")


def test_an_object_of_a_kind_of_its_own_is_refused_by_name_rather_than_emptied(engine_page: Page) -> None:
    messages = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const messages = [];
        for (const value of [/x/, new Error("x"), new Date()]) {
          messages.push((await caught(worker.runPython("x", { globals: { x: [value] } }))).message);
        }
        return messages;
        """,
    )
    kinds = ("RegExp", "Error", "Date")
    assert messages == [f"payload.globals.x[0] is a {kind}, which cannot be sent to Python" for kind in kinds]


def test_one_name_instead_of_a_list_of_packages_is_told(engine_page: Page) -> None:
    failures = in_page(
        engine_page,
        """
        const worker = make();
        const first = await caught(worker.init({ packages: "numpy" }));
        await worker.init();
        return [first, await caught(worker.installPackages("numpy")), await worker.runPython("1 + 1")];
        """,
    )
    sentence = 'packages must be a list of names, such as ["numpy"]; got the text "numpy"'
    assert [failure["message"] for failure in failures[:2]] == [sentence, sentence]
    assert failures[2] == 2


def test_python_behaves_as_its_documentation_says_or_says_that_it_cannot(engine_page: Page) -> None:
    told = in_page(
        engine_page,
        r"""
        const lines = [];
        const worker = make({ onLog: ({ stream, text }) => lines.push(`${stream}: ${text}`) });
        await worker.init();
        const failing = async (code) => (await caught(worker.runPython(code, { timeout: 60000 }))).message;
        const waits = "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 3\n";
        const deep = "import sys\nsys.setrecursionlimit(10**9)\ndef deeper(n): return deeper(n + 1)\n";
        return {
          terminal: await worker.runPython("import sys\n[sys.stdout.isatty(), sys.stderr.isatty()]"),
          plain: await failing(waits + "asyncio.run(main())"),
          awaited: await worker.runPython(waits + "await main()"),
          zone: await failing("from zoneinfo import ZoneInfo\nZoneInfo('Europe/Amsterdam')"),
          deep: await failing(deep + "deeper(0)"),
          after: await worker.runPython("len(bytearray(300_000_000))"),
          locale: await worker.runPython("import locale\nlocale.setlocale(locale.LC_ALL, 'nl_NL.UTF-8')"),
          lines,
        };
        """,
    )
    assert told["terminal"] == [False, False]
    assert told["plain"].startswith("asyncio.run cannot wait here")
    assert told["awaited"] == 3
    assert "run 'sidestage add study.py tzdata'" in told["zone"]
    assert told["deep"] == "maximum recursion depth exceeded"
    assert told["after"] == 300_000_000
    assert "RuntimeWarning: setlocale('nl_NL.UTF-8') changes nothing" in told["lines"][0]
