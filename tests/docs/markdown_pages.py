"""The pages of the documentation as tests see them: blocks of code, headings, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCE = re.compile(r"^```(?P<language>\w*)$")
_RESULT = re.compile(r"^(?P<code>.*\S)\s*(?:#|//) → (?P<value>.*)$")


@dataclass(frozen=True)
class Block:
    """A piece of code on a page, with the heading that it stands under."""

    page: Path
    line: int
    language: str
    heading: str
    text: str

    @property
    def place(self) -> str:
        """Where it is, as editors know to open it."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def file_name(self) -> str | None:
        """The file that the block is, where its first line says so: ``# study.py``."""
        first = re.match(r"# (\w+\.py)\n", self.text)
        return first[1] if first else None


def blocks(page: Path, *languages: str) -> list[Block]:
    """The blocks of code in these languages."""
    return [block for block in _blocks(page) if block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    heading, start = "", 0
    language: str | None = None
    content: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if language is None and fence:
            language, start, content = fence["language"], number + 1, []
        elif language is not None and line == "```":
            yield Block(page, start, language, heading, "\n".join(content) + "\n")
            language = None
        elif language is not None:
            content.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """The targets of links and images that stay in the repository."""
    text = prose(page)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)
    return [target for target in targets if "://" not in target]


def anchors(page: Path) -> set[str]:
    """What can stand behind the ``#`` of a link to a page: its headings, in the form that GitHub gives them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def split_result(line: str) -> tuple[str, str] | None:
    """The code and the value of a line that tells its value: ``1 + 1  # → 2``."""
    found = _RESULT.match(line)
    return (found["code"], found["value"]) if found else None
