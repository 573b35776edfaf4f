"""The ways out of the frame of a study's own prompt in ``frame_ways_out.js``, and the study that tries them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MODULE = Path(__file__).with_suffix(".js")
STUDY = """
# /// script
# [tool.sidestage]
# files = ["given.json"]
#
# [tool.sidestage.session-data]
# outcomes = "What came of it"
# ///
import json
from pathlib import Path

from sidestage import flow

class WaysOut(flow.Prompt):
    ways: list
    word: str
    answers = dict

class WayAway(flow.Prompt):
    way: dict
    answers = str

def process(session):
    given = json.loads(Path("given.json").read_text())
    outcomes = yield WaysOut(given["ways"], "forged")
    for way in given["away"]:
        try:
            outcomes[way["name"]] = yield flow.ask(WayAway(way), title=way["word"])
        except flow.PromptError as error:
            outcomes[way["name"]] = str(error)
    yield flow.donate("outcomes", outcomes)
"""


def names_in(table: str) -> list[str]:
    """The names of the ways in a table of the module."""
    text = MODULE.read_text(encoding="utf-8").partition(f"const {table} = {{")[2].partition("\n};")[0]
    return [quoted or plain for quoted, plain in re.findall(r'^  (?:"([^"]+)"|(\w+)): ', text, flags=re.MULTILINE)]


@dataclass(frozen=True)
class Way:
    """A way out, and the word that is in all that it is tried with."""

    name: str
    word: str

    def given(self, server: str, page: str) -> dict[str, str]:
        """What the module gets for it."""
        host = urlsplit(server).netloc
        return {
            "name": self.name,
            "word": self.word,
            "server": f"{server}/{self.word}",
            "host": f"{host}/{self.word}",
            "port": host.rpartition(":")[2],
            "page": f"{page}config.json?{self.word}",
            "lookup": f"{self.word}.ways-out.test",
        }


def ways_in(table: str, kind: str) -> list[Way]:
    """The ways in a table of the module. ``kind`` is a part of each word, for those who try them twice."""
    return [Way(name, f"{kind}way{number}out") for number, name in enumerate(names_in(table))]


def told(ways: Sequence[Way], text: str) -> set[str]:
    """The names of the ways whose words are in a text."""
    return {way.name for way in ways if way.word in text}


def write_study(folder: Path) -> Path:
    """The study and its modules; ``give`` says which ways it tries."""
    (folder / "prompts").mkdir()
    for name in ("WaysOut", "WayAway"):
        (folder / f"prompts/{name}.js").write_bytes(MODULE.read_bytes())
    (folder / "study.py").write_text(STUDY)
    return folder / "study.py"


def give(script: Path, server: str, page: str, *, ways: Sequence[Way] = (), away: Sequence[Way] = ()) -> None:
    """Have the study try these ways against a server at an address, from a page at another."""
    tables = {"ways": ways, "away": away}
    given = {name: [way.given(server, page) for way in each] for name, each in tables.items()}
    script.with_name("given.json").write_text(json.dumps(given))
