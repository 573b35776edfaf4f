"""From a file to a flow: loading a script and calling its ``process``."""

from __future__ import annotations

import importlib.util
import inspect
import os
import random
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from sidestage.flow.step import FlowError


def load_process(path: str | os.PathLike[str]) -> Callable[..., Any]:
    """The function ``process`` of a script. The script's folder becomes importable first.

    Raises:
        FlowError: if there is no such file, or it defines no function ``process``.
        Exception: whatever the script itself raises while it is imported, such as SyntaxError.
    """
    file = Path(path)
    if not file.is_file():
        raise FlowError(f"there is no script {file.name!r} in {file.parent}")
    folder = str(file.parent.resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(_module_name(file), file)
    if spec is None or spec.loader is None:
        raise FlowError(f"{file.name!r} is no Python script; its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    process = getattr(module, "process", None)
    if not callable(process):
        raise FlowError(f"{file.name} defines no function process; write 'def process(session):' with a yield in it")
    return process  # type: ignore[no-any-return]


def start_process(process: Callable[..., Any], session_id: str, platform: str | None) -> Generator[Any, Any, Any]:
    """Call ``process`` with the session's id and, where it takes two parameters, the platform.

    Raises:
        FlowError: if it takes other parameters, or what it returns is no generator.
    """
    arguments = (session_id, platform) if _takes_two(process) else (session_id,)
    try:
        inspect.signature(process).bind(*arguments)
    except TypeError as error:
        raise FlowError(
            f"process cannot be called with the session ({error}): write 'def process(session):', or "
            "'def process(session, platform):'"
        ) from None
    script = process(*arguments)
    if inspect.isgenerator(script):
        return script
    if inspect.isasyncgen(script) or inspect.iscoroutine(script):
        raise FlowError("process is an async function; a flow is an ordinary generator: write 'def process(session):'")
    raise FlowError("process must yield its steps, such as 'yield flow.show_text(...)'; there is no yield in it")


def seed_random(session: str) -> None:
    """Let random numbers follow from the session, so that a flow that is started again takes the same way."""
    random.seed(session)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(random.getrandbits(32))


def _takes_two(process: Callable[..., Any]) -> bool:
    parameters = inspect.signature(process).parameters.values()
    positional = [item for item in parameters if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)]
    return len(positional) >= 2 or any(item.kind is item.VAR_POSITIONAL for item in parameters)


def _module_name(file: Path) -> str:
    return file.stem if file.stem.isidentifier() else f"_script_{abs(hash(file.stem))}"
