"""``PythonWorker`` in a real browser, at its edges: time limits of any length, and values of any kind."""

from __future__ import annotations

from playwright.sync_api import Page

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


def test_a_time_limit_ends_an_installation_and_it_can_be_done_again(engine_page: Page) -> None:
    result = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const install = (timeout) => worker.installPackages(["pandas"], { timeout });
        const late = [];
        for (const timeout of [1, 20, 60]) late.push((await caught(install(timeout))).name);
        await worker.installPackages(["pandas"]);
        return { late, value: await worker.runPython("import pandas; pandas.Series([1, 2]).sum().item()") };
        """,
    )
    assert result["late"][0] == "TimeoutError"
    assert set(result["late"]) <= {"TimeoutError", None}, "an installation that was in time is none that failed"
    assert result["value"] == 3


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
