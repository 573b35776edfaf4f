"""A kept start holds nothing of a participant, and belongs to one page; packages that are imported before it try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.eavesdropper import SECRET, write_eavesdroppers
from tools.serving import Server, start_server

from .conftest import BARE, open_page
from .in_page import in_page
from .test_boot import wait_until_kept

NOTHING = ["nothing heard so far, nothing heard at all", False]
#: Starts a worker that is given what only this visitor knows; a start that is held back ends by its time limit.
VISIT = """
const { package, secret, timeout = 60_000 } = given;
const worker = make({ spare: false });
const started = await caught(worker.init({ packages: [package], globals: secret ? { secret } : {}, timeout }));
const heard = started.name ? null : await worker.runPython(`import ${package} as e; [e.BORN, *e.heard()]`);
// Whatever is held back, or being kept, comes now.
await new Promise((resolve) => setTimeout(resolve, 1_500));
worker.destroy();
return { refused: started.name ?? null, heard, kept: localStorage.getItem("sidestage-kept") !== null };
"""
#: Starts a worker that knows something, and gives its spare one time to come up, and to hear of it; then it dies.
SPARE = """
const { package, secret } = given;
const worker = make({ spare: true });
await worker.init({ packages: [package], globals: { secret } });
await worker.runPython(`import ${package}`);
await new Promise((resolve) => setTimeout(resolve, 6_000));
const frames = document.querySelectorAll("iframe").length;
await caught(worker.runPython("import os; os._exit(1)"));
const heard = await worker.runPython(`import ${package} as e; e.heard()`);
worker.destroy();
return { frames, heard, kept: localStorage.getItem("sidestage-kept") !== null };
"""

#: Starts a worker, waits until its start is kept, installs another package, and has the worker die.
INSTALL = """
const born = "import eavesdropper_idle as e; e.BORN";
const worker = make({ spare: false });
await worker.init({ packages: ["eavesdropper_idle"] });
const found = [await worker.runPython(born)];
while (!localStorage.getItem("sidestage-kept")) await new Promise((resolve) => setTimeout(resolve, 50));
await worker.installPackages(["eavesdropper_hash"]);
await caught(worker.runPython("import os; os._exit(1)"));
found.push(await worker.runPython(`import eavesdropper_hash; ${born}`));
worker.destroy();
return found;
"""
#: How many starts the browser keeps.
STARTS = """
new Promise((resolve) => {
  indexedDB.open("sidestage-starts").onsuccess = ({ target }) => {
    const count = target.result.transaction("starts").objectStore("starts").count();
    count.onsuccess = () => resolve(count.result);
  };
})
"""
STUDY = """
from sidestage import flow

def process(session):
    yield flow.show_text("TEXT")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = write_eavesdroppers(tmp_path_factory.mktemp("eavesdroppers"))
    script = folder / "study.py"
    script.write_text("from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    found = start_server("run", script, "--find-links", folder, data=folder / "data")
    yield found
    found.stop()


def visit(context: BrowserContext, server: Server, path: str = BARE, body: str = VISIT, **given: Any) -> Any:
    page = open_page(context)
    page.goto(server.url + path)
    found = in_page(page, body, given)
    page.close()
    return found


def test_a_snapshot_that_is_held_back_by_a_patched_timer_is_taken_before_there_is_anything_to_hear(
    context: BrowserContext, server: Server
) -> None:
    first = visit(context, server, package="eavesdropper_timer", secret=SECRET)
    second = visit(context, server, package="eavesdropper_timer")
    assert first["refused"] is None
    assert first["kept"]
    assert second["heard"][1:] == NOTHING
    assert second["heard"][0] == first["heard"][0], "the second visit started from what the first one left"


def test_a_worker_that_holds_its_snapshot_back_is_told_nothing_and_nothing_of_it_is_kept(
    context: BrowserContext, server: Server
) -> None:
    first = visit(context, server, package="eavesdropper_hash", secret=SECRET, timeout=8_000)
    assert first == {"refused": "InitError", "heard": None, "kept": False}


def test_a_spare_worker_hears_nothing_of_another_one_and_nothing_of_it_is_kept(
    context: BrowserContext, server: Server
) -> None:
    first = visit(context, server, body=SPARE, package="eavesdropper_channel", secret=SECRET)
    # In one frame, workers could talk to each other.
    assert first == {"frames": 2, "heard": NOTHING, "kept": False}


def test_a_kept_start_is_found_at_its_own_address_only(context: BrowserContext, server: Server) -> None:
    first, again, elsewhere = (
        visit(context, server, path=path, package="eavesdropper_idle")["heard"][0]
        for path in (BARE, BARE, "config.json")
    )
    assert again == first
    assert elsewhere != first


def test_after_an_installation_a_fresh_worker_starts_as_the_first_did_and_gets_the_rest_on_top(
    context: BrowserContext, server: Server
) -> None:
    before, after = visit(context, server, body=INSTALL)
    assert after == before


def test_saving_a_script_costs_no_cold_start(
    context: BrowserContext, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY.replace("TEXT", "as it was"), encoding="utf-8")
    server = serve(script)
    page = open_page(context)
    page.goto(server.url)
    page.get_by_text("as it was").wait_for()
    wait_until_kept(page)
    page.close()
    script.write_text(STUDY.replace("TEXT", "as it is now"), encoding="utf-8")
    fetched: list[str] = []
    page = open_page(context)
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(server.url)
    page.get_by_text("as it is now").wait_for()
    assert not [address for address in fetched if "pyodide" in address]


#: A browser that takes its time to say how much room it has, until it is let.
SLOW_TO_KEEP = """
const { estimate } = StorageManager.prototype;
const asked = Promise.withResolvers();
StorageManager.prototype.estimate = function () {
  window.isBeingKept = true;
  return asked.promise.then(() => estimate.call(this));
};
window.letKeep = asked.resolve;
"""


def test_what_was_on_its_way_is_not_kept_after_the_participant_has_cleared_it(
    context: BrowserContext, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY.replace("TEXT", "Hello"), encoding="utf-8")
    context.add_init_script(SLOW_TO_KEEP)
    page = open_page(context)
    page.goto(serve(script).url)
    page.get_by_text("Hello").wait_for()
    while not page.evaluate("window.isBeingKept"):
        page.wait_for_timeout(50)
    page.get_by_role("button", name="What leaves this page").click()
    page.get_by_role("button", name="Clear it").click()
    page.get_by_text("It is cleared.").wait_for()
    page.evaluate("window.letKeep()")
    page.wait_for_timeout(1_000)
    assert page.evaluate(STARTS) == 0
    assert not page.evaluate("localStorage.getItem('sidestage-kept')")


def test_the_participant_can_clear_what_their_browser_keeps(
    context: BrowserContext, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY.replace("TEXT", "Hello"), encoding="utf-8")
    server = serve(script)
    page = open_page(context)
    page.goto(server.url)
    page.get_by_text("Hello").wait_for()
    wait_until_kept(page)
    assert page.evaluate(STARTS) == 1
    page.get_by_role("button", name="What leaves this page").click()
    page.get_by_role("button", name="Clear it").click()
    page.get_by_text("It is cleared.").wait_for()
    assert page.evaluate(STARTS) == 0
    assert page.evaluate("localStorage.getItem('sidestage-kept')") is None
