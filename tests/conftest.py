"""The order of the whole suite, what runs beside what, and Sidestage's own commands as servers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.serving import Server, start_server

from .beside import admitted, processes

REPOSITORY = Path(__file__).resolve().parents[1]
#: numpy and pandas for Pyodide.
WHEELS = REPOSITORY / ".cache/wheels"
#: Gymnasium and PettingZoo.
ENVIRONMENT_WHEELS = REPOSITORY / ".cache/environments"
#: Another Pyodide than Sidestage's own.
OTHER_PYODIDE = REPOSITORY / ".cache/pyodide-314.0.7"

#: Where the processes of one run find the locks that keep a test alone.
LOCKS = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` means here."""
    return processes()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process that is about to start where the locks of this run are."""
    config: pytest.Config = node.config
    if LOCKS not in config.stash:
        config.stash[LOCKS] = tempfile.TemporaryDirectory(prefix="sidestage-locks-")
        config.add_cleanup(config.stash[LOCKS].cleanup)
    node.workerinput["locks"] = config.stash[LOCKS].name


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that is marked ``alone`` has the machine to itself, with all of its fixtures."""
    given: dict[str, Any] | None = getattr(item.config, "workerinput", None)
    if given is None:
        return (yield)
    with admitted(Path(given["locks"]), alone=item.get_closest_marker("alone") is not None):
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a browser go last: its event loop stays until the end, and tests that start their own go before."""
    with_browser = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path in with_browser)


@pytest.fixture(scope="session", autouse=True)
def no_package_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Packages come from folders, unless a test has an index of its own: nobody depends on what is published today."""
    nowhere = tmp_path_factory.mktemp("nowhere")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_DEFAULT_INDEX", nowhere.as_uri())
        patch.setenv("UV_CACHE_DIR", str(nowhere / "cache"))
        patch.setenv("SIDESTAGE_NPM_REGISTRY", (nowhere / "npm").as_uri())
        patch.setenv("SIDESTAGE_PYODIDE_MIRROR", (nowhere / "pyodide").as_uri())
        yield


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start ``sidestage run SCRIPT`` (or another command) on a free port; stopped at the end of the test."""
    servers: list[Server] = []

    def start(*words: str | Path, command: str = "run", data: Path | None = None, port: int = 0) -> Server:
        server = start_server(command, *words, data=data or tmp_path / "data", port=port)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def engine_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with numpy, pandas and environments, for pages that use the engine alone."""
    folder = tmp_path_factory.mktemp("engine")
    script = folder / "study.py"
    script.write_text("from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    links = ("--find-links", WHEELS, "--find-links", ENVIRONMENT_WHEELS)
    server = start_server("run", script, *links, data=folder / "data")
    yield server
    server.stop()
