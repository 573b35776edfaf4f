"""What is particular to a worker in a process: signals, children, files, leftovers; and who stops waiting."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

import sidestage
from sidestage.engine import (
    ConversionError,
    InitError,
    LogLine,
    ProgressReport,
    PythonError,
    PythonWorker,
    TimeoutError,
    WorkerCrashed,
    WorkerDestroyed,
)
from sidestage.errors import SidestageError
from sidestage.files import ParticipantFile
from sidestage.protocol import FileReference, PayloadFile, PayloadString, Response

#: Runs until it is stopped.
ENDLESS = "while True: pass"
STUBBORN = "def spin():\n    while True: pass\nwhile True:\n    try: spin()\n    except BaseException: pass"
PROCESS = "import os\nos.getpid()"


@pytest.fixture
async def worker() -> AsyncIterator[PythonWorker]:
    async with PythonWorker() as worker:
        await worker.init()
        yield worker


def lives(process: int) -> bool:
    """Whether a process is there and is not merely waiting to be collected by its parent."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
async def test_a_process_that_is_killed_fails_what_is_pending(number: signal.Signals) -> None:
    crashes: list[WorkerCrashed] = []
    async with PythonWorker(on_crash=crashes.append) as worker:
        await worker.init(globals={"kept": 7})
        process = await worker.run_python(PROCESS)
        running = asyncio.create_task(worker.run_python(ENDLESS))
        await asyncio.sleep(0.1)
        os.kill(process, number)
        with pytest.raises(WorkerCrashed, match=f"Python stopped unexpectedly: its process was ended by {number.name}"):
            await running
        assert await worker.run_python("kept") == 7
        assert len(crashes) == 1


async def test_a_process_that_dies_while_it_has_nothing_to_do_is_replaced_too() -> None:
    crashes: list[WorkerCrashed] = []
    async with PythonWorker(on_crash=crashes.append) as worker:
        await worker.init()
        os.kill(await worker.run_python(PROCESS), signal.SIGKILL)
        await until(lambda: crashes)
        assert await worker.run_python("1 + 1") == 2


async def test_code_that_closes_the_pipes_is_a_crash(worker: PythonWorker) -> None:
    with pytest.raises(WorkerCrashed):
        await worker.run_python("import os, time\nos.closerange(3, 100)\ntime.sleep(30)", timeout=20)
    assert await worker.run_python("1 + 1") == 2


async def test_what_a_process_started_ends_with_it(worker: PythonWorker) -> None:
    child = await worker.run_python("import subprocess\nsubprocess.Popen(['sleep', '60']).pid")
    assert lives(child)
    await worker.destroy()
    await until(lambda: not lives(child))


async def test_a_forked_child_that_holds_the_pipes_hides_no_crash(worker: PythonWorker) -> None:
    code = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(10)\n    os._exit(0)\nos._exit(5)"
    with pytest.raises(WorkerCrashed, match="its process ended with code 5"):
        await asyncio.wait_for(worker.run_python(code), 9)


@pytest.mark.parametrize("code", [ENDLESS, "1"], ids=["in an endless loop", "with nothing to do"])
async def test_a_worker_ends_with_its_host(tmp_path: Path, code: str) -> None:
    (tmp_path / "temporary").mkdir()
    host = tmp_path / "host.py"
    host.write_text(
        "import asyncio, os, signal\n"
        "from sidestage.engine import PythonWorker\n"
        "async def main():\n"
        "    worker = PythonWorker()\n"
        "    await worker.init()\n"
        f"    print(await worker.run_python({PROCESS!r}), flush=True)\n"
        f"    asyncio.ensure_future(worker.run_python({code!r}))\n"
        "    await asyncio.sleep(0.2)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    source = str(Path(sidestage.__file__).parents[1])
    environment = {"PYTHONPATH": source, "TMPDIR": str(tmp_path / "temporary")}
    run = subprocess.run([sys.executable, host], capture_output=True, text=True, env=environment)
    assert run.returncode == -signal.SIGKILL, run.stderr
    await until(lambda: not lives(int(run.stdout)))
    assert list((tmp_path / "temporary").iterdir()) == []


async def test_who_stops_waiting_stops_the_run(worker: PythonWorker) -> None:
    await worker.run_python("kept = 7")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(worker.run_python(ENDLESS), 0.2)
    assert await worker.run_python("kept") == 7


async def test_who_stops_waiting_for_a_turn_never_gets_it(worker: PythonWorker, tmp_path: Path) -> None:
    signal_to_end = tmp_path / "end"
    code = f"import os, time\nran = []\nwhile not os.path.exists({str(signal_to_end)!r}): time.sleep(0.01)"
    first = asyncio.create_task(worker.run_python(code))
    second = asyncio.create_task(worker.run_python("ran.append(2)"))
    await asyncio.sleep(0.02)
    second.cancel()
    signal_to_end.touch()
    await first
    assert await worker.run_python("ran") == []


async def test_a_time_limit_also_ends_what_waits_or_sleeps(worker: PythonWorker) -> None:
    for code in ["import time\ntime.sleep(60)", "import asyncio\nawait asyncio.sleep(60)"]:
        await worker.run_python("kept = 7")
        with pytest.raises(TimeoutError, match=r"Python was stopped: it ran longer than 0\.1 s"):
            await worker.run_python(code, timeout=0.1)
        assert await worker.run_python("kept") == 7


async def begin(worker: PythonWorker, before: str, code: str, folder: Path) -> asyncio.Task[Any]:
    """Run code, and wait until it has come to its second part."""
    begun = folder / "begun"
    begun.unlink(missing_ok=True)
    running = asyncio.create_task(worker.run_python(f"{before}; open({str(begun)!r}, 'w').close()\n{code}"))
    await until(begun.exists)
    return running


async def test_an_interrupt_shows_where_the_code_was(worker: PythonWorker, tmp_path: Path) -> None:
    for before, code, line in [
        ("x = 1", ENDLESS, "line 2"),
        ("import asyncio\n0", "await asyncio.sleep(60)", "line 3"),
    ]:
        running = await begin(worker, before, code, tmp_path)
        await asyncio.sleep(0.1)
        await worker.interrupt()
        with pytest.raises(PythonError) as caught:
            await running
        assert caught.value.name == "KeyboardInterrupt"
        assert line in caught.value.python_traceback
        assert caught.value.python_traceback.endswith("KeyboardInterrupt\n")


async def test_an_interrupt_that_is_ignored_replaces_the_process(worker: PythonWorker, tmp_path: Path) -> None:
    running = await begin(worker, "0", STUBBORN, tmp_path)
    await asyncio.sleep(0.1)
    await worker.interrupt()
    with pytest.raises(PythonError, match="KeyboardInterrupt"):
        await running
    assert await worker.run_python("1 + 1") == 2


async def test_a_start_that_takes_too_long_fails_and_may_be_tried_again() -> None:
    async with PythonWorker() as worker:
        early = asyncio.create_task(worker.run_python("1"))
        await asyncio.sleep(0)
        with pytest.raises(InitError, match=r"Python did not start within 0\.001 seconds; try again"):
            await worker.init(timeout=0.001)
        with pytest.raises(InitError):
            await early
        await worker.init()
        assert await worker.run_python("1 + 1") == 2


async def test_a_crash_during_the_start_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    async with PythonWorker() as worker:
        with pytest.raises(InitError, match="its process ended with code 1"):
            await worker.init()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    async with PythonWorker() as worker:
        with pytest.raises(InitError, match="No such file"):
            await worker.init()


async def test_destroying_settles_a_start() -> None:
    for moment in (0, 0.02):
        worker = PythonWorker()
        start = asyncio.create_task(worker.init())
        early = asyncio.create_task(worker.run_python("1"))
        await asyncio.sleep(moment)
        await worker.destroy()
        assert start.done()
        for request in (start, early):
            with pytest.raises(WorkerDestroyed):
                await request


async def test_requests_of_a_worker_that_was_never_started_end_with_it() -> None:
    async with PythonWorker() as worker:
        early = asyncio.create_task(worker.run_python("1"))
        await asyncio.sleep(0)
    with pytest.raises(WorkerDestroyed):
        await early


async def test_nothing_is_left_behind() -> None:
    gc.collect()
    before = os.listdir("/proc/self/fd")
    async with PythonWorker() as worker:
        await worker.init(files={"a.txt": "x"})
        folder, process = await worker.run_python("import os\n[os.getcwd(), os.getpid()]")
        assert os.listdir(folder) == ["a.txt"]
        with pytest.raises(WorkerCrashed):
            await worker.run_python("os._exit(1)")
        await worker.run_python("1")
    assert not os.path.exists(folder)
    assert not lives(process)
    await asyncio.sleep(0)
    assert len(os.listdir("/proc/self/fd")) == len(before)


async def test_a_listener_that_fails_takes_nothing_with_it() -> None:
    failures: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))

    def fail(report: Any) -> None:
        raise LookupError(report)

    async with PythonWorker(on_log=fail, on_progress=fail, on_crash=fail) as worker:
        await worker.init()
        assert await worker.run_python("print('x')\n1") == 1
        with pytest.raises(WorkerCrashed):
            await worker.run_python("import os\nos._exit(1)")
        assert await worker.run_python("2") == 2
    assert {type(failure) for failure in failures} == {LookupError}


async def test_progress_moves_from_0_to_100() -> None:
    reports: list[ProgressReport] = []
    async with PythonWorker(on_progress=reports.append) as worker:
        await worker.init(packages=["numpy", "pandas", "json"])
    assert [report.stage for report in reports] == ["start", "packages", "packages", "packages", "ready"]
    assert [report.message for report in reports][1:4] == ["Found numpy", "Found pandas", "Found json"]
    values = [report.value for report in reports]
    assert (values[0], values[-1]) == (0, 100)
    assert values == sorted(set(values))


async def test_a_missing_package_is_named_with_what_to_do(worker: PythonWorker) -> None:
    with pytest.raises(PythonError, match="not installed here: 'no-such-thing'; run 'pip install no-such-thing'"):
        await worker.install_packages(["numpy", "no-such-thing"])


async def test_an_error_tells_where_it_happened_in_the_worker(worker: PythonWorker) -> None:
    with pytest.raises(PythonError) as caught:
        await worker.run_python("x = 1\nx / 0")
    error = caught.value
    assert isinstance(error, SidestageError)
    assert (str(error), error.name, error.message) == (
        "ZeroDivisionError: division by zero",
        "ZeroDivisionError",
        "division by zero",
    )
    assert "line 2" in error.__notes__[0]


async def test_a_value_that_cannot_be_sent_is_named_and_the_worker_goes_on(worker: PythonWorker) -> None:
    with pytest.raises(
        ConversionError, match=r"type object has no form outside Python; it was to be sent to Python at"
    ):
        await worker.run_python("1", globals={"a": [object()]})
    assert await worker.run_python("1 + 1") == 2


async def test_large_data_goes_both_ways(worker: PythonWorker) -> None:
    frames = numpy.arange(6_000_000, dtype="float64").reshape(3, -1)
    back = await worker.run_python("frames * 2", globals={"frames": frames})
    assert numpy.array_equal(back, frames * 2)
    text = "x" * 10_000_000
    assert await worker.run_python("text", globals={"text": text}) == text


async def test_a_flood_of_output_arrives_whole_and_in_order() -> None:
    lines: list[LogLine] = []
    async with PythonWorker(on_log=lines.append) as worker:
        await worker.init()
        code = "import sys\nfor n in range(20_000): print(n, file=(sys.stdout, sys.stderr)[n % 2])"
        await worker.run_python(code)
    assert [line.text for line in lines] == [str(n) for n in range(20_000)]
    assert [line.stream for line in lines[:3]] == ["stdout", "stderr", "stdout"]


async def test_what_a_child_process_prints_is_heard_and_what_cannot_be_encoded_too() -> None:
    lines: list[LogLine] = []
    async with PythonWorker(on_log=lines.append) as worker:
        await worker.init()
        await worker.run_python("import subprocess\nsubprocess.run(['echo', 'from a child'])\nprint('\\ud83d')")
    assert [line.text for line in lines] == ["from a child", "\\ud83d"]


async def test_code_may_run_an_event_loop_of_its_own(worker: PythonWorker) -> None:
    code = "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 5\nasyncio.run(main())"
    assert await worker.run_python(code) == 5
    assert await worker.run_python("await main()") == 5


async def test_a_task_that_ends_itself_is_not_the_end(worker: PythonWorker) -> None:
    code = "import asyncio\nasync def leave():\n    raise SystemExit\ntask = asyncio.ensure_future(leave())\n1"
    assert await worker.run_python("import asyncio\nawait asyncio.sleep(0)\n" + code) == 1
    assert await worker.run_python("await asyncio.sleep(0.01)\n2") == 2


STUDY = """
import zipfile
from sidestage import flow

def process(session):
    file = yield flow.ask_file("Your export")
    yield flow.donate("names", [file.name, file.size, zipfile.ZipFile(file).namelist()])
    answer = yield flow.ask_choice("How long?", ["short", "long"])
    while answer == "long":
        pass
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")
    return path


@pytest.mark.parametrize(
    "reference",
    [
        lambda path, size: path,
        lambda path, size: ParticipantFile(path),
        lambda path, size: FileReference(str(path), "export.zip", size),
    ],
    ids=["a path", "a file", "a reference"],
)
async def test_a_participants_file_reaches_the_flow(export: Path, reference: Callable[[Path, int], Any]) -> None:
    size = export.stat().st_size
    file = reference(export, size)
    async with PythonWorker() as worker:
        await worker.init(files={"study.py": STUDY})
        await worker.start_flow("study.py", "s1")
        command = await worker.answer(Response("CommandUIRender", PayloadFile(file)))
    if isinstance(file, ParticipantFile):
        file.close()
    assert command["json_string"] == f'["export.zip", {size}, ["a.txt"]]'


async def test_a_script_that_takes_too_long_goes_on_to_its_error_page(export: Path) -> None:
    async with PythonWorker() as worker:
        await worker.init(files={"study.py": STUDY})
        await worker.start_flow("study.py", "s1", title={"en": "A study"})
        await worker.answer(Response("CommandUIRender", PayloadFile(export)))  # type: ignore[arg-type]
        await worker.answer({"__type__": "Response", "command": "CommandSystemDonate", "payload": None})
        command = await worker.answer(Response("CommandUIRender", PayloadString("long")), timeout=0.2)
        assert "took too long" in command["page"]["message"]
        command = await worker.answer({"command": "CommandUIRender", "payload": {"__type__": "PayloadFalse"}})
        assert (command["__type__"], command["code"]) == ("CommandSystemExit", 1)


async def test_several_workers_run_side_by_side() -> None:
    async def one(number: int) -> int:
        async with PythonWorker() as worker:
            await worker.init(globals={"number": number})
            await worker.run_python("import time\ntime.sleep(0.1)")
            return int(await worker.run_python("number"))

    assert await asyncio.gather(*map(one, range(3))) == [0, 1, 2]


async def test_one_name_instead_of_a_list_of_packages_is_told() -> None:
    worker = PythonWorker()
    with pytest.raises(InitError, match="packages must be a list of names, such as \\['numpy'\\]"):
        await worker.init(packages="numpy")
    await worker.init()
    with pytest.raises(SidestageError, match="packages must be a list of names"):
        await worker.install_packages("numpy")
    assert await worker.run_python("1 + 1") == 2
    await worker.destroy()


async def test_recursion_without_end_stops_whatever_limit_the_code_has_set() -> None:
    async with PythonWorker() as worker:
        await worker.init()
        deep = "import sys\nsys.setrecursionlimit(10**9)\ndef deeper(n): return deeper(n + 1)\ndeeper(0)"
        with pytest.raises(PythonError, match="maximum recursion depth exceeded"):
            await worker.run_python(deep)
        assert await worker.run_python("1 + 1") == 2
