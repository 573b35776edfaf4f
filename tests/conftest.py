"""The order of the whole suite, and Sidestage's own commands as servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.serving import Server, start_server

REPOSITORY = Path(__file__).resolve().parents[1]
#: numpy and pandas for Pyodide.
WHEELS = REPOSITORY / ".cache/wheels"
#: Another Pyodide than Sidestage's own.
OTHER_PYODIDE = REPOSITORY / ".cache/pyodide-314.0.7"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser go last: its event loop stays until the end, and tests that start their own go before."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


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

    def start(*words: str | Path, command: str = "run", data: Path | None = None) -> Server:
        server = start_server(command, *words, data=data or tmp_path / "data")
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def engine_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with numpy and pandas, for pages that use the engine alone."""
    folder = tmp_path_factory.mktemp("engine")
    script = folder / "study.py"
    script.write_text("from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    server = start_server("run", script, "--find-links", WHEELS, data=folder / "data")
    yield server
    server.stop()
