"""What a visitor does on a page, and what a test asks the page, in any browser that takes WebDriver's commands."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .webdriver import PATIENCE, Session

#: How long a page may take to show something, in seconds.
LONGEST_WAIT = 60
#: Runs the body of an asynchronous function and hands over how it ended.
RUN = """
const [given, done] = arguments;
(async () => { %s })().then(
  (value) => done({ value }),
  (error) => done({ error: `${error}\\n${error?.stack ?? ""}` }),
);
"""
#: What finds things: every element, those in shadow roots too, whether it is seen, and its name.
FINDERS = """
const everything = function* (root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* everything(element.shadowRoot);
  }
};
const plain = (text) => text.replace(/\\s+/g, " ").trim();
const labels = (element) => {
  const ids = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
  return ids.length ? ids.map((id) => element.getRootNode().getElementById(id)) : [...(element.labels ?? [])];
};
const nameOf = (element) => {
  const parts = labels(element);
  return plain(element.ariaLabel ?? (parts.length ? parts : [element]).map((part) => part.textContent).join(" "));
};
const seen = (selector) => [...everything(document)].filter(
  (element) => element.matches(selector) && element.checkVisibility(),
);
"""
CLICKABLE = "button, a[href], input, summary, [role]"
#: How WebDriver writes an element down.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Visitor:
    """Somebody with a browser."""

    def __init__(self, session: Session) -> None:
        self._session = session
        session.command("SetTimeouts", script=PATIENCE * 1000)
        self.version = str(session.capabilities["browserVersion"])

    def open(self, address: str) -> None:
        """Open a page, and wait until it has loaded."""
        self._session.command("Navigate", url=address)

    def evaluate(self, body: str, given: Any = None) -> Any:
        """Run the body of an asynchronous function in the page; its ``given`` is the argument."""
        outcome = self._session.command("ExecuteAsyncScript", script=RUN % body, args=[given])
        if "error" in outcome:
            raise RuntimeError(f"in the page: {outcome['error']}")
        return outcome.get("value")

    def click(self, name: str) -> None:
        """Click the first thing on the page that has this name, once it is there and takes a click."""
        body = """return seen(given.selector).find(
          (element) => nameOf(element) === given.name && element.getAttribute("aria-disabled") !== "true",
        ) ?? null;"""
        found = self._wait(f"nothing to click is named {name!r}", body, {"selector": CLICKABLE, "name": name})
        self._session.command("ElementClick", id=found[ELEMENT])

    def upload(self, *paths: Path) -> None:
        """Choose files in the page's field for files; a page hides it behind a button."""
        body = "return [...everything(document)].find((element) => element.matches('input[type=file]')) ?? null;"
        field = self._wait("there is no field for files", body)
        self._session.command("ElementSendKeys", id=field[ELEMENT], text="\n".join(map(str, paths)))

    def wait_for(self, text: str) -> None:
        """Wait until the page shows a text."""
        body = "return seen('*').some((element) => plain(element.textContent).includes(given));"
        self._wait(f"the page does not show {text!r}", body, text)

    def _wait(self, failure: str, body: str, given: Any = None) -> Any:
        """Ask the page until the answer is something."""
        deadline = time.monotonic() + LONGEST_WAIT
        while not (answer := self.evaluate(FINDERS + body, given)):
            if time.monotonic() > deadline:
                shown = self.evaluate(FINDERS + "return seen('h1, p, button, td').map(nameOf).join(' | ');")
                raise AssertionError(f"{failure}; what is there: {shown}")
            time.sleep(0.05)
        return answer
