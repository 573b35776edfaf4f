"""Reading a zip that is larger than memory would bear: where it lies, against copied in."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.figures import Comparison, Round, Row, Sample, interleaved, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.processes import memory_of, remember_peaks
from benchmarks.round_trip import SCRIPT
from benchmarks.stage import CACHE, Stage, run_in

TITLE = "A large zip: opened, listed and looked into"
OTHER_WAY = "the file copied into Pyodide's in-memory file system (FS.writeFile) and opened there"
GENERATOR = Path(__file__).resolve().parents[1] / "examples/chat_donation/generate.py"
SMALL = 2_000

#: Both sides run this; ``export`` is a file object, or the path of the copy.
_READ = """
import time
import zipfile
import pyodide_js

def read(export):
    begin = time.perf_counter()
    archive = zipfile.ZipFile(export)
    names = archive.namelist()
    opened = time.perf_counter()
    for name in names:
        if name.startswith("messages/"):
            archive.read(name)
    small = time.perf_counter()
    for name in names:
        if name.endswith(".jpg"):
            with archive.open(name) as photo:
                photo.read(1000)
    photos = time.perf_counter()
    times = {"all": photos - begin, "open": opened - begin, "small": small - opened, "photos": photos - small}
    return {name: seconds * 1000 for name, seconds in times.items()}

def heap():
    return pyodide_js._module.HEAPU8.length / 1e6
"""
_OURS = """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const python = new PythonWorker();
await python.init({ files: { "reading.py": given } });
await python.runPython("from reading import heap, read");
window.side = async (file) => {
  const before = await python.runPython("heap()");
  const found = await python.runPython("read(export)", { globals: { export: file } });
  return { ...found, heap: (await python.runPython("heap()")) - before };
};
"""
_PLAIN = (
    PLAIN_WORKER
    + ASK
    + """
const worker = await plainWorker(`
  await pyodide.runPythonAsync(${JSON.stringify(given)});
  const python = async (code) => {
    const value = await pyodide.runPythonAsync(code);
    return value?.toJs ? value.toJs({ dict_converter: Object.fromEntries }) : value;
  };
  onmessage = async ({ data }) => {
    try {
      const heap = await python("heap()");
      const begin = performance.now();
      pyodide.FS.writeFile("/export.zip", new Uint8Array(await data.arrayBuffer()));
      const copy = performance.now() - begin;
      const found = await python('read("/export.zip")');
      const open = found.open + copy;
      postMessage({ ...found, open, all: found.all + copy, heap: (await python("heap()")) - heap });
    } catch (error) {
      postMessage({ failure: "fails: " + error.name });
    }
  };
  postMessage("ready");
`);
await heard(worker);
window.side = (file) => ask(worker, file);
"""
)
_LINES = (
    ("all", "all together", "ms"),
    ("open", "open and list", "ms"),
    ("small", f"read {SMALL:,} small members", "ms"),
    ("photos", "read the first 1,000 bytes of every photo", "ms"),
    ("heap", "growth of Python's heap", "MB"),
    ("memory", "growth of the page's memory, at its peak", "MB"),
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """A file that both sides can read, and one of 3 GB."""
    sizes = ("2MB", "3MB") if quick else ("300MB", "3GB")
    address = stage.serve(SCRIPT)
    rows: list[Row] = []
    for size in sizes:
        with large_zip(size) as path:
            ours, plain = interleaved(rounds, _side(stage, address, _OURS, path), _side(stage, address, _PLAIN, path))
        rows += [_row(f"{size}: {name}", ours, plain, key, unit) for key, name, unit in _LINES]
    return Comparison(TITLE, OTHER_WAY, rows)


def _row(name: str, ours: list[Round], plain: list[Round], key: str, unit: str) -> Row:
    failure = sample(plain, "failure")
    reached: Sample | str = failure if isinstance(failure, str) and failure else sample(plain, key, unit)
    return Row(name, sample(ours, key, unit), reached)


@contextmanager
def large_zip(size: str) -> Iterator[Path]:
    """A chat export of about this size, with small members behind the photos; gone at the end."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"export-{size}.zip"
    try:
        subprocess.run(
            [sys.executable, GENERATOR, "whatsapp", path, "--size", size], check=True, stdout=subprocess.DEVNULL
        )
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            for number in range(SMALL):
                archive.writestr(f"messages/{number}.json", f'{{"text": "message {number}"}}' * 50)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _side(stage: Stage, address: str, prepare: str, path: Path) -> Callable[[], Round]:
    def once() -> Round:
        with stage.bare_page(address) as page:
            run_in(page, prepare, _READ)
            return _read_chosen(stage, page, path)

    return once


def _read_chosen(stage: Stage, page: Page, path: Path) -> Round:
    """Choose the file as a participant does, and have it read."""
    run_in(page, 'document.body.innerHTML = "<input type=file>";')
    page.set_input_files("input", path)
    remember_peaks(stage.browser)
    before = memory_of(stage.browser, "VmRSS")
    found: dict[str, float | str] = run_in(page, 'return side(document.querySelector("input").files[0]);')
    after = memory_of(stage.browser, "VmHWM")
    found["memory"] = after - before if before and after else "Linux only"
    return found
