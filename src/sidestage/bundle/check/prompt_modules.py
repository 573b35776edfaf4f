"""Whether the modules that draw a study's own prompts fit their classes, as far as that shows without a browser."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sidestage.bundle.check.finding import Finding
from sidestage.bundle.check.yields import sources_of
from sidestage.bundle.errors import ArchiveError
from sidestage.bundle.own_prompts import MODULES_FOLDER, element_of, own_prompt_modules, read_module
from sidestage.flow.source_check import prompt_classes

#: What is passed over as a whole, and the definition of an element by a name that stands there.
_TOKENS = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""
    r"""|customElements\s*\.\s*define\s*\(\s*(?P<quote>["'`])(?P<name>[^"'`$\n]*)(?P=quote)"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""",
    re.DOTALL,
)
_PATIENCE = 20


def check_prompt_modules(script: Path, node: str | None = None) -> list[Finding]:
    """What is wrong with the modules of a script, and which classes have none.

    Args:
        script: the script.
        node: the program that reads their syntax; without one that is not looked at.
    """
    modules, classes = own_prompt_modules(script), prompt_classes(sources_of(script))
    findings = [found for name, path in modules.items() for found in _of_module(name, path, classes, node)]
    findings += [not_drawn(name) for name, made in classes.items() if made.is_used and name not in modules]
    return findings


def not_drawn(prompt: str) -> Finding:
    """What to say of a prompt without a module."""
    return Finding("", 0, f"nothing draws the prompt {prompt}: write {MODULES_FOLDER}/{prompt}.js beside the script")


def _of_module(name: str, path: Path, classes: Mapping[str, object], node: str | None) -> Iterator[Finding]:
    file = f"{MODULES_FOLDER}/{path.name}"
    try:
        source = read_module(path).decode()
    except ArchiveError as error:
        yield Finding("", 0, str(error))
        return
    if name not in classes:
        sentence = f"no class of the script is called {name}: write 'class {name}(flow.Prompt):', or remove the module"
        yield Finding(file, 0, sentence, False)
    if node and (broken := _syntax_error(file, source, node)):
        yield broken
        return
    defined = [(match["name"], match.start()) for match in _TOKENS.finditer(source) if match["name"] is not None]
    element = element_of(name)
    if defined and element not in {found for found, _ in defined}:
        found, place = defined[-1]
        line = source.count("\n", 0, place) + 1
        yield Finding(file, line, f"this defines the element {found!r}, and the prompt {name} needs {element!r}")
    elif not defined and "define" not in source:
        sentence = f'it defines no element: end it with customElements.define("{element}", ...)'
        yield Finding(file, 0, sentence, False)


def _syntax_error(file: str, source: str, node: str) -> Finding | None:
    """Why JavaScript cannot read a module, if that is so."""
    with tempfile.TemporaryDirectory(prefix="sidestage-") as folder:
        copy = Path(folder, "module.mjs")
        copy.write_text(source, encoding="utf-8")
        try:
            done = subprocess.run(
                [node, "--check", str(copy)], capture_output=True, text=True, timeout=_PATIENCE, encoding="utf-8"
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    reason = re.search(r"^SyntaxError: .*$", done.stderr, re.MULTILINE)
    if done.returncode == 0 or reason is None:
        return None
    line = re.search(r"module\.mjs:(\d+)$", done.stderr, re.MULTILINE)
    return Finding(file, int(line[1]) if line else 0, f"this is not valid JavaScript ({reason[0]}): mend it")
