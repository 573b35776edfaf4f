"""Python in a subprocess, as one object: requests in, answers out, whatever happens to the process."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from sidestage.engine.errors import InitError, PythonError, TimeoutError, WorkerCrashed, WorkerDestroyed
from sidestage.engine.live_worker import Listeners, LiveWorker, ReportListeners
from sidestage.engine.methods_gen import RequestMethods
from sidestage.errors import SidestageError
from sidestage.protocol.limits import LONGEST_START_SECONDS
from sidestage.protocol.messages import LogLine, ProgressReport
from sidestage.worker.requests import InitRequest, ReadyReply, SetUpRequest
from sidestage.worker.rooms import definition_of


@dataclass(eq=False)
class _Entry:
    """A request that waits for its turn, or has it."""

    kind: str
    payload: Mapping[str, Any]
    timeout: float | None
    listeners: ReportListeners
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class PythonWorker(RequestMethods):
    """Python in a subprocess.

    Requests made before Python is ready wait; one runs at a time, in the order they were made. Every request ends: with
    its answer, or with an error of this room. Times are in seconds. Who stops waiting for an answer (a cancelled task,
    ``asyncio.wait_for``) stops the request too.

        async with PythonWorker(on_log=print) as worker:
            await worker.init(packages=["numpy"])
            mean = await worker.run_python("import numpy\\nnumpy.mean(values)", globals={"values": [1, 2, 4]})

    Args:
        on_progress: told how far the start or an installation is; ``value`` goes from 0 to 100.
        on_log: told each line that Python prints.
        on_crash: told when the process died. What was pending has failed; the next request starts a fresh one.
    """

    def __init__(
        self,
        *,
        on_progress: Callable[[ProgressReport], None] | None = None,
        on_log: Callable[[LogLine], None] | None = None,
        on_crash: Callable[[WorkerCrashed], None] | None = None,
    ) -> None:
        self._listeners = Listeners(on_progress, on_log, on_crash)
        self._queue: deque[_Entry] = deque()
        self._ids = itertools.count(1)
        self._init: tuple[InitRequest, SetUpRequest, float] | None = None
        self._installed: dict[str, None] = {}
        self._live: LiveWorker | None = None
        self._all_live: set[LiveWorker] = set()
        self._starting: asyncio.Future[None] | None = None
        self._running: _Entry | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._destroyed = False

    async def __aenter__(self) -> PythonWorker:
        """The worker itself; ``init`` is still to be called."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Destroy the worker."""
        await self.destroy()

    async def init(
        self,
        *,
        packages: Sequence[str] = (),
        files: Mapping[str, str | bytes] | None = None,
        archives: Sequence[bytes] = (),
        globals: Mapping[str, Any] | None = None,
        timeout: float = LONGEST_START_SECONDS,
    ) -> ReadyReply:
        """Start Python; whatever replaces it after a crash is started in the same way.

        Args:
            packages: distributions that must be installed in the environment of the calling Python.
            files: written before anything runs: path in the worker's folder to text or bytes.
            archives: zip files to unpack there.
            globals: names that code finds defined.
            timeout: how long the start may take.

        Raises:
            InitError: if it cannot be started in time; it may then be called again.
            WorkerDestroyed: if the worker was destroyed.
        """
        self._check()
        if self._init is not None:
            raise InitError("init() was called already; destroy() this worker and make a new one")
        if isinstance(packages, str):
            raise InitError(_one_name(packages))
        self._init = (InitRequest(packages), SetUpRequest(archives, files or {}, globals or {}), timeout)
        try:
            return await self._start()
        except BaseException as error:
            self._init = None
            self._fail_queue(error if isinstance(error, SidestageError) else InitError("the start was cancelled"))
            raise
        finally:
            self._pump()

    async def install_packages(self, packages: Sequence[str], *, timeout: float | None = None) -> Sequence[str]:
        """Make sure that packages can be imported, also in a process that replaces this one; returns their names.

        Raises:
            PythonError: named ``PackageError``, if one is not installed; the message says which, and what to do.
            SidestageError: if one text is given instead of a list.
        """
        if isinstance(packages, str):
            raise SidestageError(_one_name(packages))
        installed = await super().install_packages(packages, timeout=timeout)
        self._installed |= dict.fromkeys(packages)
        return installed

    async def interrupt(self) -> None:
        """Stop the request that runs, or that waits for a fresh process.

        It fails with a PythonError named ``KeyboardInterrupt``; the state is kept. If Python does not react within a
        second, the process is replaced.
        """
        if self._running is None:
            return
        reason = PythonError("KeyboardInterrupt", "the run was interrupted")
        if self._starting is not None:
            # The next request takes the process that starts.
            if not self._running.answer.done():
                self._running.answer.set_exception(reason)
        elif self._live is not None:
            await self._live.stop(reason)

    async def destroy(self) -> None:
        """End the worker for good, and wait until its process has gone. What is pending fails with WorkerDestroyed."""
        self._destroyed = True
        reason = WorkerDestroyed("the worker was destroyed")
        self._fail_queue(reason)
        for live in self._all_live:
            live.end(reason)
        while pending := {*self._tasks, *self._goings(), *filter(None, [self._starting])}:
            await asyncio.wait(pending)

    def _goings(self) -> set[asyncio.Future[None]]:
        """What is done when the processes have gone, those that already have aside."""
        self._all_live = {live for live in self._all_live if not live.gone.done()}
        return {live.gone for live in self._all_live}

    def _check(self) -> None:
        if self._destroyed:
            raise WorkerDestroyed("this worker was destroyed; make a new PythonWorker")

    def _fail_queue(self, reason: SidestageError) -> None:
        while self._queue:
            answer = self._queue.popleft().answer
            if not answer.done():
                answer.set_exception(reason)

    async def _request(
        self,
        kind: str,
        payload: Mapping[str, Any],
        timeout: float | None,
        listeners: ReportListeners | None = None,
    ) -> Any:
        self._check()
        entry = _Entry(kind, payload, timeout, listeners or {})
        self._queue.append(entry)
        self._pump()
        try:
            return await entry.answer
        except asyncio.CancelledError:
            if self._running is entry and self._live is not None:
                self._spawn(self._live.stop(SidestageError("nobody waits for the answer any more")))
            raise

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _pump(self) -> None:
        """Run the next request, if nothing else is under way."""
        while not (self._running or self._starting or self._init is None or self._destroyed) and self._queue:
            entry = self._queue.popleft()
            if not entry.answer.done():
                self._running = entry
                self._spawn(self._run(entry))

    async def _run(self, entry: _Entry) -> None:
        """Have a request answered; whatever happens, its answer is settled and the next one gets its turn."""
        try:
            if self._live is None or self._live.ended:
                await self._start()
            assert self._live is not None
            reply = await self._within(entry, self._live)
        except asyncio.CancelledError:
            # The event loop is being closed.
            self._destroyed = True
            entry.answer.cancel()
            raise
        except Exception as error:
            if not entry.answer.done():
                entry.answer.set_exception(error)
        else:
            if not entry.answer.done():
                entry.answer.set_result(reply)
        finally:
            self._running = None
            self._pump()

    async def _within(self, entry: _Entry, live: LiveWorker) -> Any:
        """The reply to a request, within its time limit."""
        if entry.answer.done():
            return None
        definition = definition_of(entry.kind)
        asked = asyncio.ensure_future(live.request(definition, next(self._ids), entry.payload, entry.listeners))
        done, _ = await asyncio.wait([asked], timeout=entry.timeout)
        if done:
            return asked.result()
        late = TimeoutError(f"Python was stopped: it ran longer than {entry.timeout:g} s")
        await live.stop(late)
        try:
            # An answer that comes all the same counts: code may end of its own when it is stopped, a flow goes to its
            # error page.
            return await asked
        except PythonError as error:
            raise (late if error.name == "KeyboardInterrupt" else error) from None

    async def _start(self) -> ReadyReply:
        """Start a process, within the time limit."""
        assert self._init is not None
        request, set_up, timeout = self._init
        packages = list(dict.fromkeys([*request.packages, *self._installed]))
        live: LiveWorker | None = None
        starting = self._starting = asyncio.get_running_loop().create_future()
        try:
            self._tell("start", "Starting Python", 0)
            async with asyncio.timeout(timeout):
                live = await LiveWorker.start(self._listeners)
                self._all_live.add(live)
                self._check()
                request = InitRequest(packages)
                ready: ReadyReply = await live.request(definition_of("init"), next(self._ids), request)
                await live.request(definition_of("setUp"), next(self._ids), set_up)
            self._live = live
            self._tell("ready", "Python is ready", 100)
            return ready
        except BaseException as error:
            failure = _start_failure(error, timeout)
            if live is not None:
                live.end(failure if isinstance(failure, SidestageError) else InitError("the start was cancelled"))
            raise failure from (None if failure is error else error)
        finally:
            starting.set_result(None)
            self._starting = None

    def _tell(self, stage: Any, message: str, value: float) -> None:
        self._listeners.tell(self._listeners.on_progress, ProgressReport(stage, message, value))


def _one_name(name: str) -> str:
    """A text is a sequence of its letters, which nobody means."""
    return f"packages must be a list of names, such as [{name!r}]; got the text {name!r}"


def _start_failure(error: BaseException, timeout: float) -> BaseException:
    """A crash or an exception during the start is, for the caller, a start that failed."""
    if isinstance(error, WorkerDestroyed):
        return error
    if isinstance(error, PythonError):
        return InitError(error.message)
    if isinstance(error, asyncio.TimeoutError):
        return InitError(f"Python did not start within {timeout:g} seconds; try again")
    return InitError(str(error)) if isinstance(error, (SidestageError, OSError)) else error
