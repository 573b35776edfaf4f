"""The wheel, in an empty virtual environment, with the network cut and no Node: ``sidestage demo`` works."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tools.chromium import CHROMIUM

VISIT = Path(__file__).with_name("visit_offline.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True)
    return next(folder.glob("sidestage-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The Python of an environment that holds the wheel and what it declares, and nothing else."""
    environment = wheel.parent / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)], check=True)
    return python


def test_the_demo_works_from_the_wheel_with_no_network_and_no_node(installed: Path, tmp_path: Path) -> None:
    """The visit runs in a network of its own that has a loopback and nothing else."""
    cut = ["unshare", "--map-root-user", "--net"] if os.geteuid() else ["unshare", "--net"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "CHROMIUM": str(CHROMIUM), "LANG": "C.UTF-8"}
    visit = subprocess.run(
        [*cut, sys.executable, str(VISIT), str(installed)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert visit.returncode == 0, visit.stdout + visit.stderr
    assert "the network is cut" in visit.stdout
    assert "donated: hello" in visit.stdout


def test_the_wheel_holds_what_it_needs_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {
        "sidestage/examples/chat_donation/study.py",
        "sidestage/static/web/sidestage.js",
        "sidestage/static/runtime/pyodide.asm.wasm",
        "sidestage/server/page.html",
    } <= set(names)
    assert {"LICENSE", "NOTICES.md"} <= {Path(name).name for name in names}
    assert not [name for name in names if name.endswith((".pyc", ".complete")) or "node_modules" in name]
