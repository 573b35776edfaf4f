"""The documentation says what is so: its code runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from companions import COMPANIONS
from markdown_pages import PAGES, ROOT, Block, anchors, blocks, links, prose, split_result

from sidestage import cli, engine, files, flow, tables, testing
from sidestage.bundle import Catalogue, Study
from sidestage.bundle.runtime.find_runtime import own_runtime
from sidestage.bundle.script_metadata import read_metadata
from sidestage.cli.donation_export import export_all
from sidestage.errors import SidestageError
from sidestage.server.listening import listen
from sidestage.server.store import Store
from sidestage.testing import play

NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
EVERYTHING = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
CODE = [block for page in PAGES for block in blocks(page, "python")]
FLOWS = [block for block in CODE if "def process(" in block.text]
SHELL = [line for page in PAGES for block in blocks(page, "sh") for line in block.text.splitlines()]
INLINE = [line for page in PAGES for line in re.findall(r"`((?:sidestage|make) [^`]+)`", prose(page))]
COMMANDS = sorted({*SHELL, *INLINE})


def test_the_documentation_is_found() -> None:
    assert len(CODE) > 20
    assert len(SHELL) > 20


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_the_python_on_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    namespace: dict[str, Any] = {"__name__": "documentation"}
    for block in blocks(page, "python"):
        if block.file_name:
            (tmp_path / block.file_name).write_text(block.text, encoding="utf-8")
        if not (block.file_name or "").startswith("test_"):
            run(block, namespace)
        if block in FLOWS:
            with play(namespace["process"]) as p:
                COMPANIONS[page.name, block.heading](p, tmp_path)
    if list(tmp_path.glob("test_*.py")):
        command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-o", "addopts=", "-p", "no:asyncio"]
        tested = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stdout


def run(block: Block, namespace: dict[str, Any]) -> None:
    """Run a block, statement by statement; compare the value of each that tells it: ``1 + 1  # → 2``."""
    lines = block.text.splitlines()
    for statement in ast.parse(block.text, block.place).body:
        # Tracebacks then show the line of the page.
        ast.increment_lineno(statement, block.line - 1)
        told = split_result(lines[(statement.end_lineno or 0) - block.line])
        if isinstance(statement, ast.Expr):
            value = eval(compile(ast.Expression(statement.value), block.place, "eval", dont_inherit=True), namespace)
        else:
            exec(compile(ast.Module([statement], []), block.place, "exec", dont_inherit=True), namespace)
            value = None
        if told:
            assert isinstance(statement, ast.Expr), f"{block.place}: only an expression can tell its value"
            assert value == ast.literal_eval(told[1]), f"{block.place}: {told[0]}"


def test_every_flow_has_its_participant() -> None:
    assert {(block.page.name, block.heading) for block in FLOWS} == COMPANIONS.keys()


@pytest.mark.parametrize(
    "block", [block for block in CODE if "# /// script" in block.text], ids=lambda block: block.place
)
def test_metadata_can_be_read(block: Block) -> None:
    read_metadata("study.py", block.text)


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("sidestage ")])
def test_a_command_exists_with_its_options(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)[1:]
    command: Any = typer.main.get_command(cli.commands)
    while hasattr(command, "commands"):
        word = words.pop(0)
        assert word in command.commands, f"there is no command {word}"
        command = command.commands[word]
    if words or line in SHELL:
        # Refuses options that there are not, and values of the wrong kind; runs nothing.
        command.make_context(line, words)


def commands(command: Any, path: str = "sidestage") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with the words that call it."""
    if not hasattr(command, "commands"):
        yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{path} {name}")


@pytest.mark.parametrize(("words", "command"), list(commands(typer.main.get_command(cli.commands))))
def test_every_command_and_option_is_documented(words: str, command: Any) -> None:
    assert words in EVERYTHING
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.hidden:
            assert parameter.opts[0] in EVERYTHING, f"{words} {parameter.opts[0]}"


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("make ")])
def test_a_make_target_exists(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{shlex.split(line)[1]}:", makefile, flags=re.MULTILINE)


def test_an_export_is_read_as_the_documentation_says(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "data")
    for number in (1, 2):
        session = store.new_session("study").id
        store.add_donation(session, "plays", json.dumps({"days": {"data": [{"plays": number}]}}).encode())
    export_all(store, tmp_path / "export")
    store.close()
    (block,) = blocks(ROOT / "docs/donations.md", "python")
    namespace: dict[str, Any] = {}
    run(block, namespace)
    rows = namespace["read_donations"](tmp_path / "export", "plays", "days")
    assert rows.plays.tolist() == [1, 2]
    assert rows.session.nunique() == 2


def sentences_told() -> list[str]:
    """What the terminal says, by the page on errors."""
    page = (ROOT / "docs/errors-and-recovery.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `Error: (.+?)` \|", page, flags=re.MULTILINE)


def test_the_terminal_says_what_the_documentation_says(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    catalogue = Catalogue(own_runtime().lock_path)
    said = []
    for source in ("x = 1", "def process(session:", "# /// script\n# dependencies = ['numpy']\n# ///\nprocess = 1"):
        script.write_text(source, encoding="utf-8")
        with pytest.raises(SidestageError) as caught:
            Study(script, catalogue).check()
        said.append(str(caught.value))
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SidestageError) as caught:
            listen("127.0.0.1", port)
    said.append(str(caught.value).replace(str(port), "8000"))
    for sentence in sentences_told():
        assert any(real.startswith(sentence) for real in said), (sentence, said)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_files_that_are_named_exist(page: Path) -> None:
    for name in re.findall(r"`((?:src|web|tools|tests|examples|docs)/[\w./-]+)`", prose(page)):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_every_page_is_in_the_index() -> None:
    index = {ROOT / "docs" / link for link in links(ROOT / "docs/README.md")}
    assert {page for page in PAGES if page.parent.name == "docs"} - index == {ROOT / "docs/README.md"}


@pytest.mark.parametrize("room", [engine, files, flow, tables, testing], ids=lambda room: room.__name__)
def test_every_public_name_is_documented(room: Any) -> None:
    missing = [name for name in room.__all__ if not re.search(rf"\b{name}\b", EVERYTHING)]
    assert not missing


def test_every_method_of_a_player_and_a_worker_is_documented() -> None:
    for kind in (testing.Player, engine.PythonWorker):
        public = [name for name in vars(kind) if not name.startswith("_")]
        assert not [name for name in public if not re.search(rf"\b{name}\b", EVERYTHING) and name != "close"]
