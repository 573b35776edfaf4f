"""Running JavaScript against the engine in a real page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

#: What every piece of a test finds: the engine, what its callbacks got, and errors as plain values.
PRELUDE = """
const engine = await import("/sidestage/sidestage.js");
const { PythonWorker } = engine;
const progress = [], logs = [], crashes = [];
const make = (options = {}) => new PythonWorker({
  onProgress: (report) => progress.push(report),
  onLog: (line) => logs.push(line),
  onCrash: (error) => crashes.push(error.message),
  ...options,
});
const printed = async (text) => {
  while (!logs.some((line) => line.text === text)) await new Promise((resolve) => setTimeout(resolve, 20));
};
const caught = (promise) => promise.then(
  (value) => ({ value }),
  (error) => ({ name: error.name, message: error.message, id: error.id, traceback: error.pythonTraceback }),
);
"""


def in_page(page: Page, body: str, argument: Any = None) -> Any:
    """Run the body of an asynchronous function in the page; its ``argument`` is ``given`` there."""
    return page.evaluate(f"async (given) => {{ {PRELUDE} {body} }}", argument)
