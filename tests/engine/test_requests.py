"""What every request has, of whichever room: it is found and checked, tells things while it runs, may hold arrays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy
import pytest

from sidestage.engine import ConversionError, LogLine, ProgressReport, PythonError, PythonWorker
from sidestage.files import ParticipantFile
from sidestage.protocol import FileReference
from sidestage.worker import rooms_gen

ROOMS = Path(__file__).with_name("rooms")


class Listening:
    """A worker that knows the room of this test, and what it said."""

    def __init__(self) -> None:
        self.progress: list[ProgressReport] = []
        self.lines: list[LogLine] = []
        self.worker = PythonWorker(on_progress=self.progress.append, on_log=self.lines.append)


@pytest.fixture
async def listening(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listening]:
    monkeypatch.syspath_prepend(str(ROOMS))
    monkeypatch.setitem(rooms_gen.ROOMS, "measure", "measuring")
    made = Listening()
    async with made.worker:
        await made.worker.init()
        await made.worker.run_python("from sidestage.worker.rooms_gen import ROOMS\nROOMS['measure'] = 'measuring'")
        made.progress.clear()
        yield made


async def test_a_room_answers_its_requests_and_the_dispatcher_knows_nothing_of_it(listening: Listening) -> None:
    reply = await listening.worker._request("measure", {"lengths": [1, 2.5]}, None)
    assert numpy.array_equal(reply.samples, [1, 2.5])
    assert (reply.raw, reply.whole) == (b"\0\1", 2**60)


async def test_what_a_request_tells_is_heard_while_it_runs_with_its_arrays(listening: Listening) -> None:
    heard: list[tuple[float, Any]] = []
    began = time.monotonic()
    listeners = {"measured": lambda report: heard.append((time.monotonic() - began, report))}
    await listening.worker._request("measure", {"lengths": [4, 5, 6], "pause": 0.1}, None, listeners)
    ended = time.monotonic() - began
    assert [report.position for _, report in heard] == [0, 1, 2]
    assert [report.samples.tolist() for _, report in heard] == [[4, 4, 4], [5, 5, 5], [6, 6, 6]]
    assert heard[0][0] < ended - 0.15
    assert [report.message for report in listening.progress] == ["measured 4", "measured 5", "measured 6"]
    assert listening.lines == [LogLine("system", f"line {position}") for position in range(3)]


async def test_a_report_that_does_not_belong_to_a_request_is_refused_by_name(listening: Listening) -> None:
    with pytest.raises(PythonError, match="measure reports no 'frames'; known are progress, log, measured"):
        await listening.worker._request("measure", {"lengths": [], "wrong": "frames"}, None)
    with pytest.raises(PythonError, match="a report of 'measured' is a MeasuredReport; got a ProgressReport"):
        await listening.worker._request("measure", {"lengths": [], "wrong": "measured"}, None)


async def test_a_listener_that_fails_does_not_take_the_request_with_it(listening: Listening) -> None:
    failures: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))

    def fail(report: Any) -> None:
        raise LookupError(report)

    reply = await listening.worker._request("measure", {"lengths": [1]}, None, {"measured": fail})
    assert reply.samples.tolist() == [1]
    assert [type(failure) for failure in failures] == [LookupError]


async def test_a_request_that_does_not_fit_is_told_with_its_place(listening: Listening) -> None:
    with pytest.raises(PythonError) as caught:
        await listening.worker._request("measure", {"lengths": [1, "two"]}, None)
    assert (caught.value.name, caught.value.message) == (
        "RequestError",
        "the request does not fit: measure.lengths[1] must be a number",
    )
    with pytest.raises(PythonError, match=r"runPython\.code must be a string"):
        await listening.worker.run_python(5)  # type: ignore[arg-type]


async def test_a_room_is_imported_with_its_first_request(listening: Listening) -> None:
    imported = "import sys\nsorted(name for name in sys.modules if name in ('measuring', 'sidestage.flow'))"
    assert await listening.worker.run_python(imported) == []
    await listening.worker._request("measure", {"lengths": []}, None)
    assert await listening.worker.run_python(imported) == ["measuring"]


@pytest.mark.parametrize("kind", ["a path", "a file", "a reference"])
async def test_a_file_has_one_form_in_every_request(listening: Listening, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "told.txt"
    path.write_text("hello")
    opened = ParticipantFile(path, "as chosen.txt")
    given = {
        "a path": path,
        "a file": opened,
        "a reference": FileReference(str(path), "as chosen.txt", 5),
    }[kind]
    code = "[type(f).__name__, f.name, f.size, f.read().decode()]"
    name = "told.txt" if kind == "a path" else "as chosen.txt"
    assert await listening.worker.run_python(code, globals={"f": given}) == ["ParticipantFile", name, 5, "hello"]
    opened.close()


async def test_a_file_that_is_not_there_cannot_be_given_and_none_can_be_returned(
    listening: Listening, tmp_path: Path
) -> None:
    with pytest.raises(ConversionError, match=r"none\.txt' cannot be given: No such file"):
        await listening.worker.run_python("f", globals={"f": tmp_path / "none.txt"})
    with pytest.raises(PythonError, match="a file has no form outside Python"):
        await listening.worker.run_python("from sidestage.protocol import FileReference\nFileReference('a', 'a', 1)")
