"""What a check says about the modules of a study's own prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle.check import check_prompt_modules
from sidestage.bundle.packages.compiler import find_node

SCRIPT = """from sidestage import flow
from more import Base


class ColourWheel(Base):
    answers = str


def process(session):
    yield ColourWheel("Which?")
"""
MORE = "from sidestage.flow import Prompt\n\nclass Base(Prompt):\n    text: str\n    answers = str\n"
DEFINES = 'customElements.define("prompt-colour-wheel", class extends HTMLElement {});\n'


def check(folder: Path, **modules: str) -> list[str]:
    (folder / "study.py").write_text(SCRIPT)
    (folder / "more.py").write_text(MORE)
    (folder / "prompts").mkdir()
    for name, source in modules.items():
        (folder / f"prompts/{name}.js").write_text(source)
    return [str(finding) for finding in check_prompt_modules(folder / "study.py", find_node())]


def test_a_module_that_fits_its_class_is_not_mentioned(tmp_path: Path) -> None:
    assert check(tmp_path, ColourWheel=f"// customElements.define('other')\nconst a = 1;\n{DEFINES}") == []


def test_a_class_without_a_module_is_told_though_it_may_never_be_shown(tmp_path: Path) -> None:
    assert check(tmp_path) == ["nothing draws the prompt ColourWheel: write prompts/ColourWheel.js beside the script"]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "\n" + DEFINES.replace("colour", "color"),
            "prompts/ColourWheel.js, line 2: this defines the element 'prompt-color-wheel', and the prompt ColourWheel "
            "needs 'prompt-colour-wheel'",
        ),
        (
            "const a = 1;",
            "prompts/ColourWheel.js: it defines no element: end it with "
            'customElements.define("prompt-colour-wheel", ...)',
        ),
        (
            "const a = ;\n" + DEFINES,
            "prompts/ColourWheel.js, line 1: this is not valid JavaScript (SyntaxError: Unexpected token ';'): mend it",
        ),
    ],
)
def test_what_would_not_be_drawn_is_told(tmp_path: Path, source: str, sentence: str) -> None:
    assert check(tmp_path, ColourWheel=source) == [sentence]


def test_a_module_without_a_class_is_told(tmp_path: Path) -> None:
    found = check(tmp_path, ColourWheel=DEFINES, Wheel=DEFINES.replace("colour-", ""))
    assert len(found) == 1
    assert found[0].startswith("prompts/Wheel.js: no class of the script is called Wheel: write 'class Wheel(flow.Pr")
