"""What each engine can do that a study or a page may notice, measured; and the table of it in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.in_page import PRELUDE

from .visitor import Visitor

PAGE = Path(__file__).resolve().parents[2] / "docs/browsers.md"
TABLE = re.compile(r"^Measured in .*\n\n(\| feature \|.*(?:\n\|.*)*)", re.MULTILINE)
#: An address of a Sidestage server that has no flow: it holds JSON.
BARE_PAGE = "sidestage/manifest.json"
#: What a later visit starts from is kept a moment after the first has begun; the last sign of it is told to the page.
KEEP = """
const first = make();
await first.init();
while (!localStorage.getItem("sidestage-kept")) await new Promise((resolve) => setTimeout(resolve, 50));
first.destroy();
"""
#: Each feature, as the documentation calls it, and what is true in a page where it is there.
FEATURES = {
    "Python is sealed off: it reaches no network": """
        const code = "import js\\nawait js.fetch(address)";
        return (await caught(worker.runPython(code, { globals: { address: location.href } }))).name !== undefined;
    """,
    "a later visit starts from a snapshot, and fetches nothing of Python": """
        const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
        return logs.length === 0 && !fetched.some((name) => name.includes("pyodide"));
    """,
    "the page is cross-origin isolated": "return crossOriginIsolated;",
    "the page and Python share memory": """
        const code = "import js\\nhasattr(js, 'SharedArrayBuffer')";
        return globalThis.SharedArrayBuffer !== undefined && (await worker.runPython(code));
    """,
    "Python that was stopped keeps what it had defined": """
        await worker.runPython("kept = 1");
        await caught(worker.runPython("while True: pass", { timeout: 300 }));
        return await worker.runPython("'kept' in globals()");
    """,
    "`input()` waits for an answer": """
        return (await caught(worker.runPython("input()", { timeout: 2_000 }))).name !== "EOFError";
    """,
}


def measure(visitor: Visitor, page: str) -> dict[str, str]:
    """What is there, as the table says it. Each feature has a visit to the page, and a worker, of its own."""
    visitor.open(page)
    visitor.evaluate(PRELUDE + KEEP)
    found = {}
    for feature, body in FEATURES.items():
        visitor.open(page)
        start = "const worker = make(); await worker.init();"
        outcome = visitor.evaluate(f"{PRELUDE} {start} try {{ {body} }} finally {{ worker.destroy(); }}")
        found[feature] = "yes" if outcome else "no"
    return found


def table(versions: dict[str, str], measured: dict[str, dict[str, str]]) -> str:
    """The table and the line above it, from what was measured in each engine."""
    engines = [f"{engine} {'.'.join(version.split('.')[:2])}" for engine, version in versions.items()]
    rows = [["feature", *measured]]
    rows += [[feature, *(found[feature] for found in measured.values())] for feature in FEATURES]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    lines.insert(1, "|---" * (len(measured) + 1) + "|")
    return "\n".join([f"Measured in {', '.join(engines)}:", "", *lines])


def documented() -> dict[str, dict[str, str]]:
    """What the documentation says of each engine."""
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found, f"there is no table of features in {PAGE.name}"
    head, _, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in found[1].splitlines())
    return {engine: {row[0]: row[column] for row in rows} for column, engine in enumerate(head) if column}
