"""A limit stands in one place: no other file in Python or TypeScript defines it again, or writes its number out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from sidestage.protocol import limits

ROOT = Path(__file__).resolve().parents[2]
LIMITS = {name: value for name, value in vars(limits).items() if name.isupper()}
LENGTHS = {value for name, value in LIMITS.items() if not name.endswith("_SECONDS")}
OWN = ("src/sidestage/protocol/limits.py", "web/src/protocol/limits.gen.ts")
#: A constant that is a plain number, in either language, and a length that is held against one.
CONSTANT = re.compile(
    r"^\s*(?:export )?(?:const |readonly )?_?(?P<name>[A-Z][A-Z_]+)(?:: \w+)? = (?P<number>[\d_]+);?\s*$", re.M
)
COMPARED = re.compile(r"(?:len\([\w.]+\)|\.length|\.size) *[<>]=? *(?P<number>[\d_]+)\b")
LIMITING = ("LONGEST_", "LARGEST_", "MOST_", "MAX_")


def sources() -> dict[str, str]:
    files = [*(ROOT / "src/sidestage").rglob("*.py"), *(ROOT / "web/src").rglob("*.ts")]
    named = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}
    return {name: text for name, text in named.items() if name not in OWN and "/static/" not in name}


def defined_twice(texts: Mapping[str, str]) -> Iterator[str]:
    """What is a limit of the protocol, or of two files, and stands in a file of its own once more."""
    places: dict[tuple[str, int], list[str]] = defaultdict(list)
    for file, text in texts.items():
        for found in CONSTANT.finditer(text):
            name, number = found["name"], int(found["number"])
            if name in LIMITS:
                yield f"{file}: {name} stands in protocol/limits.py"
            elif name.startswith(LIMITING):
                places[name, number].append(file)
        for found in COMPARED.finditer(text):
            if int(found["number"]) in LENGTHS:
                yield f"{file}: {found[0]!r} writes out a limit of protocol/limits.py"
    for (name, number), files in places.items():
        if len(files) > 1:
            yield f"{name} = {number} stands in {' and in '.join(files)}"


def test_no_limit_is_defined_twice() -> None:
    assert list(defined_twice(sources())) == []


def test_a_limit_that_is_defined_twice_is_noticed() -> None:
    texts = {
        "one.py": "#: Why.\nLONGEST_KEY = 300\n_MOST_THINGS: int = 1_000\nif len(name.text) <= 200:\n    pass\n",
        "two.ts": "export const MOST_THINGS = 1_000;\nconst LONGEST_WORD = 5;\nif (key.length > 10_000) throw error;\n",
        "three.ts": "const LONGEST_WORD = 6;\nif (key.length > 150) throw error;\n",
    }
    assert list(defined_twice(texts)) == [
        "one.py: LONGEST_KEY stands in protocol/limits.py",
        "one.py: 'len(name.text) <= 200' writes out a limit of protocol/limits.py",
        "two.ts: '.length > 10_000' writes out a limit of protocol/limits.py",
        "MOST_THINGS = 1000 stands in one.py and in two.ts",
    ]


def test_the_documentation_tells_the_limits_as_they_are() -> None:
    donations = (ROOT / "docs/donations.md").read_text(encoding="utf-8")
    privacy = (ROOT / "docs/privacy-and-security.md").read_text(encoding="utf-8")
    assert f"A key has 1 to {limits.LONGEST_KEY} printable characters." in donations
    assert f"at most {limits.MOST_LOG_LINES:,} log lines of at most {limits.LONGEST_LOG_LINE:,} characters" in donations
    assert f"A donation may have {limits.LARGEST_DONATION_BYTES // 1_000_000} MB" in donations
    lines = f"at most {limits.LONGEST_SCRIPT_LOG_LINE:,} characters and a session {limits.MOST_SCRIPT_LOG_CHARACTERS:,}"
    assert lines in privacy
    assert f"up to {limits.LONGEST_UNSEEN_NAME} characters each" in privacy
    assert f"a code from 0 to {limits.LARGEST_EXIT_CODE}" in privacy
