"""Every benchmark runs and prints both sides. What it measures is for a reader, and not looked at here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("boot", "again, no packages"),
        ("first_prompt", "second visit: the prompt"),
        ("round_trip", "p99, `x + 1`, against raw postMessage"),
        ("run_cycle", "p50"),
        ("large_zip", "3MB: read 2,000 small members"),
        ("large_text", "ASCII text: what the page's processes grew by"),
        ("review_table", "longest task of the page meanwhile"),
        ("donate_table", "longest task of the page meanwhile"),
        ("recovery", "after a crash, without a spare"),
        ("restarts", "a restart, on average"),
        ("memory", "again: pages and frames"),
        ("abuse", "p99 of a request"),
    ],
)
def test_a_benchmark_prints_both_sides_and_their_ratio(name: str, row: str) -> None:
    outcome = run(name, "--quick", "--rounds", "1", "--markdown")
    assert outcome.returncode == 0, outcome.stderr
    line = next(line for line in outcome.stdout.splitlines() if line.startswith(f"| {row} |"))
    ratio, ours, other = (cell.strip() for cell in line.split("|")[2:5])
    assert ratio.endswith("×")
    for side in (ours, other):
        assert "s (" in side or "MB (" in side


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    outcome = run("first_promt")
    assert outcome.returncode == 2
    assert "there is no benchmark first_promt; there are boot, first_prompt, round_trip" in outcome.stderr


def test_no_other_machine_can_be_held_up() -> None:
    command = [sys.executable, "-m", "benchmarks.abuse", "http://192.0.2.1:80/", "1", "1", "0", "3"]
    outcome = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 1
    assert "This is for a server on 127.0.0.1 alone." in outcome.stderr
