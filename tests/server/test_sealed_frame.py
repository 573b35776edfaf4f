"""The document that Python's frame has, and the frame as a page has it in its HTML."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from sidestage.server.sealed_frame import frame_element, sealed_document

INSIDE = "const told = '<b>' && 1 < 2;"
WORKER = "const more = '</script><script>alert(1)</script>\\n\u2026';"
DOCUMENT = sealed_document(INSIDE, WORKER)


class Elements(HTMLParser):
    """What a browser makes of HTML: each element's attributes, and what is in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        tag, attributes, text = self.found[-1]
        self.found[-1] = (tag, attributes, text + data)


def test_only_its_own_script_and_what_is_posted_in_may_run_and_nothing_is_fetched() -> None:
    rules = dict(rule.split(" ", 1) for rule in re.split("; ", Elements(DOCUMENT).found[1][1]["content"] or ""))
    digest = base64.b64encode(hashlib.sha256(INSIDE.encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'sha256-{digest}' blob: 'wasm-unsafe-eval'",
        "worker-src": "blob:",
        "connect-src": "'none'",
    }


def test_the_policy_comes_before_all_that_it_is_for() -> None:
    tags = [tag for tag, _, _ in Elements(DOCUMENT).found]
    assert tags == ["meta", "meta", "script", "script"]


def test_the_scripts_are_in_it_as_they_are() -> None:
    worker, inside = (text for tag, _, text in Elements(DOCUMENT).found if tag == "script")
    assert json.loads(worker) == WORKER
    assert inside == INSIDE


def test_a_page_has_it_in_a_frame_with_an_origin_of_its_own() -> None:
    [(tag, attributes, _)] = Elements(frame_element(DOCUMENT).strip()).found
    assert tag == "iframe"
    assert attributes.pop("srcdoc") == DOCUMENT
    assert attributes == {
        "id": "sealed",
        "title": "Python",
        "sandbox": "allow-scripts",
        "allow": "cross-origin-isolated",
        "hidden": None,
        "aria-hidden": "true",
    }
