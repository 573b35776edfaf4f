"""Plays a script through, again and again, to see which answers make it fail.

Every answer to every page is given once; then, for a while, in other combinations.

Also a program, for a process of its own: ``python -m sidestage.testing.rehearsal SETTINGS`` reads a JSON file with the
arguments of ``rehearse``, and writes what came of it into the file that ``result`` names there. Standard library only:
it runs in the browser's Python, too.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sidestage.flow.forgotten import Forgotten
from sidestage.flow.pages import PropsUIPageError
from sidestage.flow.prompts.own import PropsUIPromptCustom
from sidestage.testing.participant import arguments
from sidestage.testing.player import Player, play

#: The most times that a script is played, and the most pages of each.
MOST_RUNS = 100
MOST_PAGES = 100
#: After so many seconds nothing new is begun; and after so many, no mere combinations.
LONGEST = 90.0
LONGEST_COMBINING = 10.0


@dataclass(frozen=True)
class Failure:
    """One way through the script that ends in an error.

    Attributes:
        traceback: as participants would see it.
        after: what was answered before, in words.
    """

    traceback: str
    after: tuple[str, ...]


@dataclass
class Rehearsal:
    """What came of it.

    Attributes:
        runs: how often the script was played.
        pages: how many different pages were seen.
        failures: of several with the same last line of their traceback, the first.
        donated: the keys of donations.
        no_files: whether files were asked for, and none was there to give.
        own_prompts: the names of the study's own prompts that were shown.
        forgotten: the steps that were made and never yielded: their files, lines, and what to do.
        cut: whether there were more combinations of answers than were tried.
    """

    runs: int = 0
    pages: int = 0
    failures: list[Failure] = field(default_factory=list)
    donated: list[str] = field(default_factory=list)
    no_files: bool = False
    own_prompts: list[str] = field(default_factory=list)
    forgotten: list[Forgotten] = field(default_factory=list)
    cut: bool = False


def rehearse(
    script: str | os.PathLike[str], platform: str | None = None, locale: str = "en", files: Sequence[str] = ()
) -> Rehearsal:
    """Play a script with every answer to every page, and in other combinations of them, as far as time allows.

    Args:
        script: its path.
        platform: for a ``process`` with two parameters.
        locale: the participant's language.
        files: what to answer with where a file is asked for; it is also skipped.
    """
    return _Rehearsing(Path(script), platform, locale, files).run()


class _Rehearsing:
    def __init__(self, script: Path, platform: str | None, locale: str, files: Sequence[str]) -> None:
        self._script = script
        self._platform = platform
        self._locale = locale
        self._files = files
        self._result = Rehearsal()
        #: Pages, each with the place of an answer to it, that were or will be tried.
        self._tried: set[tuple[str, int]] = set()
        self._pages: set[str] = set()
        #: Ways to begin, as places of answers: those that give an answer for the first time, and the others.
        self._waiting: deque[tuple[int, ...]] = deque([()])
        self._combinations: deque[tuple[int, ...]] = deque()

    def run(self) -> Rehearsal:
        """Take one way after another; then the first once more, with a server that refuses donations."""
        started = time.monotonic()
        for ways, longest in ((self._waiting, LONGEST), (self._combinations, LONGEST_COMBINING)):
            while ways and self._result.runs < MOST_RUNS and time.monotonic() - started < longest:
                self._play(ways.popleft())
        self._result.cut = bool(self._waiting or self._combinations)
        self._play((), refusing=True)
        self._result.pages = len(self._pages)
        return self._result

    def _play(self, way: tuple[int, ...], *, refusing: bool = False) -> None:
        self._result.runs += 1
        answered: list[str] = ["the server refuses donations"] if refusing else []
        try:
            with play(self._script, platform=self._platform, locale=self._locale) as player:
                if refusing:
                    player.refuse_donations()
                player.participant.files = self._files
                self._go(player, way, answered)
                self._note_forgotten(player)
                self._result.donated = sorted({*self._result.donated, *player.donations})
        except AssertionError as error:
            self._fail(str(error), answered)

    def _go(self, player: Player, way: tuple[int, ...], answered: list[str]) -> None:
        """Answer by this way, and beyond it by the first answer to each page, or the next where a page comes again."""
        taken: list[int] = []
        met: Counter[str] = Counter()
        while not player.ended and len(taken) < MOST_PAGES:
            self._note_forgotten(player)
            waiting = player.participant.page.waiting()
            if isinstance(waiting, PropsUIPageError):
                self._fail(player.expect_error(), answered)
                return
            page = json.dumps([type(waiting).__name__, player.text])
            self._pages.add(page)
            answers = waiting.answers_to_try(player.participant)
            if isinstance(waiting, PropsUIPromptCustom) and waiting.name not in self._result.own_prompts:
                self._result.own_prompts.append(waiting.name)
            self._result.no_files |= player.participant.asked_for_files and not self._files
            if len(taken) < len(way):
                place = way[len(taken)]
            else:
                place = met[page] % len(answers)
                self._remember(page, place, len(answers), taken)
            met[page] += 1
            taken.append(place)
            words, given = answers[place]
            answered.append(words)
            choice, others = arguments(given)
            player.answer(*choice, **others)

    def _note_forgotten(self, player: Player) -> None:
        self._result.forgotten += [each for each in player.take_forgotten() if each not in self._result.forgotten]

    def _remember(self, page: str, place: int, count: int, taken: Sequence[int]) -> None:
        """Leave the other answers to a page for later."""
        self._tried.add((page, place))
        for other in range(count):
            if other != place:
                known = (page, other) in self._tried
                (self._combinations if known else self._waiting).append((*taken, other))
                self._tried.add((page, other))

    def _fail(self, traceback: str, answered: Sequence[str]) -> None:
        last = traceback.rstrip().rpartition("\n")[2]
        if all(last != failure.traceback.rstrip().rpartition("\n")[2] for failure in self._result.failures):
            self._result.failures.append(Failure(traceback, tuple(answered)))


def main(settings: Path) -> None:
    """Rehearse as a file says, and write what came of it."""
    given = json.loads(settings.read_text(encoding="utf-8"))
    result = Path(given.pop("result"))
    # As on the page: what lies beside the script is found by its name.
    os.chdir(Path(given["script"]).parent)
    result.write_text(json.dumps(asdict(rehearse(**given))), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
