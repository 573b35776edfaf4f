"""The cases that the browser's ``PythonWorker`` is held against too; ``engine_cases.json`` says how to read them."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sidestage.engine import LogLine, PythonError, PythonWorker
from sidestage.worker.reading_values import decode
from sidestage.worker.values import encode

CASES = json.loads((Path(__file__).parents[1] / "engine_cases.json").read_text(encoding="utf-8"))["cases"]
#: The cases count in milliseconds, the worker in seconds.
SECOND = 1000


class Bench:
    """A worker, and what it said."""

    def __init__(self) -> None:
        self.lines: list[LogLine] = []
        self.crashes: list[str] = []
        self.worker = PythonWorker(on_log=self.lines.append, on_crash=lambda error: self.crashes.append(str(error)))

    async def call(self, step: dict[str, Any]) -> Any:
        """Make the call of a step; returns its value."""
        await asyncio.sleep(step.get("after", 0) / SECOND)
        buffers = [bytes.fromhex(text) for text in step.get("givenBuffers", ())]
        given = {key: decode(json.dumps(step[key]), buffers) for key in ("globals", "files") if key in step}
        limit = {"timeout": step["timeout"] / SECOND} if "timeout" in step else {}
        match step["call"]:
            case "init":
                return await self.worker.init(packages=step.get("packages", ()), **given, **limit)
            case "runPython":
                return await self.worker.run_python(step["code"], **given, **limit)
            case "installPackages":
                return await self.worker.install_packages(step["packages"], **limit)
            case "startFlow":
                wanted = {key: step[key] for key in ("platform", "title") if key in step}
                return await self.worker.start_flow(step["script"], step["sessionId"], **wanted, **limit)
            case "answer":
                return await self.worker.answer(step["response"], **limit)
            case "interrupt":
                return await self.worker.interrupt()
            case "destroy":
                return await self.worker.destroy()
            case other:
                name = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", other)
                given = decode(json.dumps([step.get("args", []), step.get("options", {})]), buffers)
                return await getattr(self.worker, name)(*given[0], **given[1], **limit)

    async def take(self, step: dict[str, Any]) -> None:
        """Take a step, and hold what comes of it against what the case says."""
        try:
            result = await self.call(step)
        except Exception as error:
            if step.get("outcome") != "any":
                check_error(step, error)
            return
        assert "error" not in step, f"{step} gave {result!r}"
        if "expect" in step:
            encoded = encode(result)
            assert json.loads(encoded.text) == step["expect"], step
            assert [bytes(buffer).hex() for buffer in encoded.buffers] == step.get("buffers", []), step
        for text in step.get("contains", ()):
            assert text in json.dumps(json.loads(encode(result).text)), step

    def check_output(self, step: dict[str, Any]) -> None:
        printed = [[line.stream, line.text] for line in self.lines]
        if "logLines" in step:
            assert (len(printed), printed[-1][1]) == (step["logLines"]["count"], step["logLines"]["last"])
        elif step.get("logs") != "any":
            assert printed == step.get("logs", [])
        self.lines.clear()


def check_error(step: dict[str, Any], error: Exception) -> None:
    wanted = step.get("error")
    if wanted is None:
        raise error
    name, message = type(error).__name__, str(error)
    if isinstance(error, PythonError):
        name, message = error.name, error.message
        for text in wanted.get("traceback", ()):
            assert text in error.python_traceback
    assert name == wanted["name"], error
    assert wanted["message"] in message
    if "failedIndex" in wanted:
        assert isinstance(error, PythonError)
        results = json.loads(encode(error.partial_results).text)
        assert (error.failed_index, results) == (wanted["failedIndex"], wanted["partialResults"])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_case(case: dict[str, Any]) -> None:
    for name in [*case.get("packages", ()), *case.get("needs", ())]:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    bench = Bench()
    async with bench.worker:
        if case.get("start", True):
            await bench.call({"call": "init", "packages": case.get("packages", ()), **case.get("init", {})})
        for step in case["steps"]:
            together = step.get("together", [step])
            await asyncio.wait_for(asyncio.gather(*map(bench.take, together)), timeout=20)
            bench.check_output(next((one for one in together if one.keys() & {"logs", "logLines"}), step))
    if case.get("crashes") != "any":
        assert len(bench.crashes) == case.get("crashes", 0)


def test_each_case_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
