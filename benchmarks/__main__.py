"""Measure what Sidestage promises against the other way to do the same."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import date

from benchmarks import (
    abuse,
    boot,
    donate_table,
    environment_steps,
    first_prompt,
    large_text,
    large_zip,
    memory,
    recovery,
    restarts,
    review_table,
    round_trip,
    run_cycle,
)
from benchmarks.figures import Comparison, markdown_table, plain_table
from benchmarks.stage import Stage, open_stage

#: Each measures both sides that many rounds; quickly, with sizes that mean nothing.
BENCHMARKS: dict[str, Callable[[Stage, int, bool], Comparison]] = {
    "boot": boot.measure,
    "first_prompt": first_prompt.measure,
    "round_trip": round_trip.measure,
    "run_cycle": run_cycle.measure,
    "large_zip": large_zip.measure,
    "large_text": large_text.measure,
    "review_table": review_table.measure,
    "donate_table": donate_table.measure,
    "environment_steps": environment_steps.measure,
    "recovery": recovery.measure,
    "restarts": restarts.measure,
    "memory": memory.measure,
    "abuse": abuse.measure,
}
LEGEND = (
    "Medians of the rounds, in brackets the lowest and highest. "
    "Ratio: Sidestage's figure divided by the other way's of the same round."
)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ones; all unless given: {', '.join(BENCHMARKS)}"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each side is measured, in turn (5)")
    parser.add_argument(
        "--markdown", action="store_true", help="one table at the end, to paste into docs/benchmarks.md"
    )
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes: shows that it works, the figures mean nothing"
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    comparisons = []
    with open_stage() as stage:
        machine = f"{date.today()}, {os.cpu_count()} cores, {platform.system()}, Chromium {stage.browser.version}"
        head = f"{machine}; rounds: {options.rounds}. {LEGEND}"
        print(f"{head}\n", flush=True)
        for name in options.names or BENCHMARKS:
            comparison = BENCHMARKS[name](stage, options.rounds, options.quick)
            comparisons.append(comparison)
            print(f"{name}: {plain_table(comparison)}\n", flush=True)
    if options.markdown:
        print(f"{head}\n\n{markdown_table(comparisons)}")


if __name__ == "__main__":
    main()
