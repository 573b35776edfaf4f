"""What a browser keeps of a start holds nothing of who was there, in every engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.in_page import PRELUDE
from tests.eavesdropper import SECRET, write_eavesdroppers
from tools.serving import Server, start_server

from .features import BARE_PAGE
from .visitor import Visitor

VISIT = """
const worker = make({ spare: false });
await worker.init({ packages: ["eavesdropper_timer"], globals: given ? { given } : {} });
const heard = await worker.runPython("import eavesdropper_timer as e; [e.BORN, *e.heard()]");
const patience = performance.now() + 20_000;
while (!localStorage.getItem("sidestage-kept") && performance.now() < patience) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
worker.destroy();
return heard;
"""


@pytest.fixture(scope="module")
def eavesdropping_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with packages that hold a snapshot back until they know something."""
    folder = write_eavesdroppers(tmp_path_factory.mktemp("eavesdroppers"))
    script = folder / "study.py"
    script.write_text("from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    server = start_server("run", script, "--find-links", folder, data=folder / "data")
    yield server
    server.stop()


def test_the_next_visitor_reads_nothing_of_the_first(visitor: Visitor, eavesdropping_server: Server) -> None:
    visitor.open(eavesdropping_server.url + BARE_PAGE)
    first = visitor.evaluate(PRELUDE + VISIT, SECRET)
    visitor.open(eavesdropping_server.url + BARE_PAGE)
    second = visitor.evaluate(PRELUDE + VISIT)
    assert second == [first[0], "nothing heard so far, nothing heard at all", False]
