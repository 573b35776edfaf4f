"""Tests that run side by side, and one that must not."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

from .beside import processes
from .conftest import REPOSITORY

#: Each test writes down when it began and when it had ended.
TIMED = """
import time
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="module")
def slow_to_make():
    began = time.monotonic()
    time.sleep(0.2)
    yield began
    time.sleep(0.2)


@pytest.mark.parametrize("name", [pytest.param("alone", marks=pytest.mark.alone), "a", "b", "c", "d"])
def test_timed(name, slow_to_make):
    began = slow_to_make if name == "alone" else time.monotonic()
    time.sleep(0.4)
    Path(__file__).with_name(f"{name}.time").write_text(f"{began} {time.monotonic()}")
"""


def test_a_test_that_is_marked_alone_has_nothing_beside_it_and_others_have(tmp_path: Path) -> None:
    (tmp_path / "test_timed.py").write_text(TIMED)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = alone: nothing may run beside it\n")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "tests.conftest", str(tmp_path)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("5 passed")
    times = {path.stem: tuple(map(float, path.read_text().split())) for path in tmp_path.glob("*.time")}

    def beside(one: str, other: str) -> bool:
        return times[one][0] < times[other][1] and times[other][0] < times[one][1]

    assert {pair for pair in itertools.combinations(sorted(times), 2) if beside(*pair)}, "nothing ran side by side"
    assert [name for name in times if name != "alone" and beside(name, "alone")] == []


def test_each_core_has_a_process_and_one_more_fills_the_pauses() -> None:
    assert processes(2) == 3
    assert processes(64) == 8, "each has a browser of its own"
