"""What a prompt on a page has at hand: the engine, which it may ask while it waits for its answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tools.serving import Server

from .participant import donations, open_study, press, wait_for_heading
from .test_flow_survival import kill_worker

STUDY = """
# /// script
# [tool.sidestage.session-data]
# answer = "What was answered"
# ///
from sidestage import flow

def process(session):
    answer = yield flow.confirm("Shall we?")
    yield flow.donate("answer", answer)
"""

#: As an element below the app asks for a context.
ASK_ENGINE = """async (prompt, code) => {
  const event = new Event("context-request", { bubbles: true, composed: true });
  let engine;
  const callback = (value) => { engine = value; };
  Object.assign(event, { context: "sidestage-engine", contextTarget: prompt, callback });
  prompt.dispatchEvent(event);
  globalThis.firstEngine ??= engine;
  return [engine === globalThis.firstEngine, await engine.runPython(code)];
}"""


def test_a_prompt_asks_the_engine_which_stays_the_same_when_its_worker_dies(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    server = serve(script)
    session = open_study(page, server)
    prompt = page.locator("sidestage-confirm")
    expect(prompt).to_be_visible()

    def ask(code: str) -> Any:
        return prompt.evaluate(ASK_ENGINE, code)

    assert ask("kept = 20; kept + 1") == [True, 21]
    assert ask("kept") == [True, 20]
    kill_worker(page)
    assert ask("'kept' in globals()") == [True, False]
    press(page, "Yes")
    wait_for_heading(page, "Thank you")
    assert [donation.data for donation in donations(server.data, session)] == [True]
