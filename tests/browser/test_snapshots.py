"""Workers that start from a snapshot: fresh where they must be, and started the ordinary way where it is of no use."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

from tools.serving import Server

from .in_page import in_page

#: Everything that must differ, and at the end what cannot.
RANDOM = """
import os, random, secrets, tempfile, uuid
import numpy
chance = [random.random(), random.Random().random(), random.SystemRandom().random(), numpy.random.random(),
          numpy.random.default_rng().random(), str(uuid.uuid4()), str(uuid.uuid1()), secrets.token_hex(),
          os.urandom(8).hex(), tempfile.mktemp()]
[*chance, hash('the seed of this')]
"""
#: Modules and files that no start has looked at, in folders that nobody had looked into; and some that there are not.
FILES = """
import importlib, os, sys
import numpy
folder = os.path.dirname(numpy.__file__)
missing = []
for ask in (lambda: importlib.import_module("numpy.nowhere"), lambda: open(f"{folder}/ma/nowhere.txt")):
    try:
        ask()
    except Exception as error:
        missing.append(type(error).__name__)
names = ["csv", "numpy.testing", "unittest"]
{
    "fresh": [name for name in names if name not in sys.modules],
    "listed": len(os.listdir(f"{folder}/random")),
    "imported": [importlib.import_module(name).__name__ for name in names],
    "missing": missing,
}
"""
#: What is kept of a start, and how to put something else in its place.
KEPT = """
const opened = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const starts = async () => {
  const database = await opened(indexedDB.open("sidestage-starts"));
  return database.transaction("starts", "readwrite").objectStore("starts");
};
const [key] = await opened((await starts()).getAllKeys());
const kept = await opened((await starts()).get(key));
const altered = async (blob, place) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  bytes[place] ^= 1;
  return new Blob([bytes]);
};
const alterFile = async (part) => {
  const [address, file] = [...kept.files].find(([address]) => address.includes(part));
  kept.files.set(address, await altered(file, 0));
};
"""
PUT_BACK = "await opened((await starts()).put(kept, key));"
DAMAGE = [
    "kept.memory = await altered(kept.memory, 3_000_000);",
    "kept.snapshot.linker = null;",
    "await alterFile('.wasm');",
    "await alterFile('pyodide.asm');",
]
#: Starts a worker, and tells what it answers and what was said meanwhile; waits until the browser has kept its start.
START = """
const worker = make({ spare: false });
await worker.init();
const value = await worker.runPython("sum(range(10))");
const isKept = () => (localStorage.getItem("sidestage-kept") ?? "{}") !== "{}";
while (!isKept()) await new Promise((resolve) => setTimeout(resolve, 20));
worker.destroy();
return { value, said: logs.map(({ stream, text }) => `${stream}: ${text}`) };
"""


def test_workers_from_one_snapshot_have_randomness_of_their_own(first_engine_page: Page) -> None:
    first, *restored, ordinary = in_page(
        first_engine_page,
        """
        const run = async (options) => {
          const worker = make({ spare: false, ...options });
          await worker.init({ packages: ["numpy"] });
          const found = await worker.runPython(given);
          worker.destroy();
          return found;
        };
        return [await run(), ...(await Promise.all([run(), run()])), await run({ snapshot: false })];
        """,
        RANDOM,
    )
    values = [value for *chance, _ in (first, *restored) for value in chance]
    assert len(set(values)) == len(values)
    assert {found[-1] for found in (*restored, ordinary)} == {first[-1]}, "sets have one order everywhere"


def test_what_was_not_imported_before_is_found_after_it(first_engine_page: Page) -> None:
    found = in_page(
        first_engine_page,
        """
        const found = [];
        for (let start = 0; start < 2; start += 1) {
          const worker = make({ spare: false });
          await worker.init({ packages: ["numpy"] });
          found.push(await worker.runPython(given));
          worker.destroy();
        }
        return found;
        """,
        FILES,
    )
    assert found[0] == found[1]
    assert found[0]["listed"] > 10
    assert found[0]["imported"] == ["csv", "numpy.testing", "unittest"]
    assert found[0]["missing"] == ["ModuleNotFoundError", "FileNotFoundError"]


def test_a_damaged_snapshot_gives_way_to_an_ordinary_start_and_is_replaced(
    first_engine_page: Page, context: BrowserContext
) -> None:
    in_page(first_engine_page, START)
    for damage in DAMAGE:
        in_page(first_engine_page, f"{KEPT} {damage} {PUT_BACK} localStorage.clear();")
        # What was kept in the page that made it is sound.
        page = context.new_page()
        page.goto(first_engine_page.url)
        found = in_page(page, START)
        assert found["value"] == 45
        (said,) = found["said"]
        assert said.startswith("system: Python starts the ordinary way, because its snapshot did not work: "), damage
    last = context.new_page()
    last.goto(first_engine_page.url)
    assert in_page(last, START) == {"value": 45, "said": []}


def test_without_storage_python_starts_the_ordinary_way(page: Page, engine_server: Server) -> None:
    page.add_init_script("Object.defineProperty(globalThis, 'indexedDB', { value: undefined });")
    page.goto(engine_server.url + "sidestage/manifest.json")
    found = in_page(
        page,
        """
        const worker = make({ spare: false });
        await worker.init();
        const value = await worker.runPython("sum(range(10))");
        while (logs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        worker.destroy();
        return { value, said: logs };
        """,
    )
    assert found["value"] == 45
    (line,) = found["said"]
    assert line["stream"] == "system"
    assert line["text"].startswith("Python's start is not kept for the next visit: ")
