"""The JavaScript of the documentation, in a real page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from markdown_pages import PAGES, ROOT, Block, blocks, split_result
from playwright.sync_api import Page

from tools.serving import Server

from .in_page import in_page

BLOCKS = [block for page in PAGES for block in blocks(page, "js")]
ENGINE = [block for block in BLOCKS if block.page.name == "python-worker.md"]

#: Writes values so that those of the same kind and content are the same text, and others are not.
DESCRIBE = """
const describe = (value) => {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  const items = (values) => [...values].map(describe).join(", ");
  if (Array.isArray(value)) return `[${items(value)}]`;
  if (ArrayBuffer.isView(value) || value instanceof Set || value instanceof Map) {
    return `${value.constructor.name}(${items(value)})`;
  }
  return `{${Object.keys(value).sort().map((key) => `${key}: ${describe(value[key])}`).join(", ")}}`;
};
const told = [];
"""


def as_told(block: Block) -> str:
    """The code of a block, where each line that tells its value writes down both."""
    lines = []
    for line in block.text.splitlines():
        if re.match(r"import .* from ", line):
            names = re.findall(r"\w+", line.partition("{")[2].partition("}")[0])
            line = f"const {{ {', '.join(names)} }} = engine;"
        if result := split_result(line):
            shown = re.fullmatch(r"\s*console\.log\((.*)\);", result[0])
            assert shown, f"{block.place}: only console.log(...) can tell a value: {line}"
            line = f"told.push([describe({shown[1]}), describe({result[1]})]);"
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("block", ENGINE, ids=lambda block: block.heading)
def test_the_javascript_of_the_documentation_runs(block: Block, engine_page: Page) -> None:
    code = as_told(block)
    made = "const worker =" not in code
    start = "const worker = make(); await worker.init();" if made else ""
    end = "worker.destroy();" if made else ""
    check_told(engine_page, f"{start}\n{{\n{code}\n}}\n{end}", [block])


def test_the_javascript_about_environments_runs_from_top_to_bottom(engine_page: Page) -> None:
    page = [block for block in BLOCKS if block.page.name == "environments.md"]
    check_told(engine_page, "{\n" + "\n".join(map(as_told, page)) + "\n}", page)


def check_told(page: Page, code: str, told_by: list[Block]) -> None:
    """Run code, in a scope of its own where it may name what the prelude names; it must give what the blocks tell."""
    told = in_page(page, f"{DESCRIBE}\n{code}\nreturn told;")
    assert len(told) == sum(block.text.count("// →") for block in told_by)
    for found, expected in told:
        assert found == expected, told_by[0].place


def test_every_method_and_export_is_documented(engine_page: Page) -> None:
    names = in_page(
        engine_page,
        "return [...Object.getOwnPropertyNames(PythonWorker.prototype), ...Object.keys(engine)]",
    )
    page = (ROOT / "docs/python-worker.md").read_text(encoding="utf-8")
    assert not [name for name in names if name != "constructor" and not re.search(rf"\b{name}\b", page)]


def test_the_host_of_the_documentation_takes_a_donation(
    page: Page, serve: Any, plain_files: str, tmp_path: Path
) -> None:
    (block,) = [block for block in BLOCKS if block.page.name == "hosting-page.md"]
    script = tmp_path / "study.py"
    script.write_text(
        "# /// script\n# [tool.sidestage.session-data]\n# a = 'A number'\n# ///\n"
        "from sidestage import flow\n\n\ndef process(session):\n"
        "    arrived = yield flow.donate('a', {'b': 1})\n"
        "    yield flow.show_text(f'It arrived: {arrived}')\n",
        encoding="utf-8",
    )
    server: Server = serve(script)
    # A host of another site, with none of the headers of an isolated page.
    page.goto(plain_files.replace("127.0.0.1", "localhost"))
    page.evaluate(f"(given) => {{ {block.text} window.received = received; }}", {"study": server.url})
    frame = page.frame_locator("iframe")
    frame.get_by_text("It arrived: True").wait_for()
    frame.get_by_role("button", name="Continue").click()
    page.wait_for_function("window.received.includes('CommandSystemExit')")
    received = page.evaluate("window.received")
    assert [name for name in received if name != "CommandSystemLog"] == [
        "CommandSystemEvent",
        "CommandSystemDonate",
        "CommandSystemExit",
    ]
    assert page.locator("iframe").evaluate("frame => parseInt(frame.style.height)") > 100


def test_every_piece_of_javascript_is_run() -> None:
    # The element of a study's own prompt is run by tests/browser/test_own_prompts.py.
    names = {"python-worker.md", "environments.md", "hosting-page.md", "own-prompts.md"}
    assert {block.page.name for block in BLOCKS} == names
