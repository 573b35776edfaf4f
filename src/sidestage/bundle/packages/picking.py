"""From what a script asks for to the files to take: uv chooses the versions, the sources have the files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sidestage.bundle.packages import uv
from sidestage.bundle.packages.explain import explain_no_versions, explain_offline
from sidestage.bundle.packages.install_order import ALREADY_THERE
from sidestage.bundle.packages.script_lock import Pin
from sidestage.bundle.packages.wheel_sources import PickedFile, WheelSources
from sidestage.bundle.tell import Tell


@dataclass(frozen=True)
class PackageRequest:
    """What one script asks for.

    Attributes:
        script: what sentences call it, such as ``study.py``.
        folder: where it lies; uv looks for its settings there and above.
        dependencies: names, version ranges, extras, markers; and parts of the standard library, by name.
    """

    script: str
    folder: Path
    dependencies: Sequence[str]


def pick_files(wish: PackageRequest, sources: WheelSources, locked: Sequence[Pin], tell: Tell) -> list[PickedFile]:
    """The files that a script needs.

    What was locked stays where it fits. Where that and the folders have everything, the index is not asked.

    Raises:
        ProvisionError: if there are none; the sentence says why.
    """
    requirements, parts = _sort_out(wish.dependencies, sources)
    picks = _Choosing(wish, requirements, sources, locked, tell).run() if requirements else []
    wanted = [sources.pick_built(name, optional=True) for name in sorted(sources.with_libraries(parts))]
    return list({pick.name: pick for pick in [*wanted, *sources.pick_companions(picks), *picks]}.values())


def _sort_out(dependencies: Iterable[str], sources: WheelSources) -> tuple[list[str], list[str]]:
    """The requirements that uv has to meet, and the parts of the standard library, which are on no index."""
    requirements, parts = [], []
    for text in dependencies:
        requirement = Requirement(text)
        if canonicalize_name(requirement.name) in ALREADY_THERE or not sources.target.applies(requirement.marker):
            continue
        if sources.distribution.is_standard(requirement.name):
            parts.append(requirement.name)
        else:
            requirements.append(text)
    return requirements, parts


class _Choosing:
    def __init__(
        self,
        wish: PackageRequest,
        requirements: Sequence[str],
        sources: WheelSources,
        locked: Sequence[Pin],
        tell: Tell,
    ) -> None:
        self.script = wish.script
        self.sources = sources
        self.tell = tell
        self.kept = sources.keep(locked)
        self.locked = {pin.name: pin.version for pin in locked if sources.is_chosen(pin)}
        folders = {str(wheel.name): str(wheel.version) for wheel in reversed(sources.catalogue.candidates)}
        self.at_hand = sources.stubs_at_hand(self.kept)
        self.question = uv.Question(
            sources.target, requirements, stubs=[self.at_hand], prefer=folders | self.locked, folder=wish.folder
        )

    def run(self) -> list[PickedFile]:
        """Ask uv, with what is at hand first."""
        if self.kept or self.sources.catalogue.candidates:
            # Where they have not everything, or not what was locked, they are still preferred below.
            with contextlib.suppress(uv.NoSolution):
                choices = uv.choose(replace(self.question, index=False))
                if all(self.locked.get(choice.name, choice.version) == choice.version for choice in choices):
                    return self._pick(choices)
        self.tell(f"Looking for the packages of {self.script}")
        question = replace(self.question, stubs=[self.at_hand, self.sources.built_stubs()])
        try:
            return self._pick(uv.choose(question))
        except uv.Unreachable as unreachable:
            return self._run_offline(str(unreachable))
        except uv.NoSolution as problem:
            raise explain_no_versions(question, str(problem), self.sources.catalogue, self.script) from None

    def _run_offline(self, reason: str) -> list[PickedFile]:
        """Choose among what was fetched before; where that is not enough, find out what is missing."""
        stubs = [self.at_hand, self.sources.fetched_stubs()]
        with contextlib.suppress(uv.NoSolution):
            choices = uv.choose(replace(self.question, stubs=stubs, index=False))
            self.tell(
                f"The package index cannot be asked ({reason}): the packages of {self.script} are those fetched before"
            )
            return self._pick(choices, offline=True)
        stubs.append(self.sources.all_built_stubs())
        try:
            return self._pick(uv.choose(replace(self.question, stubs=stubs, index=False)), offline=True)
        except uv.NoSolution as problem:
            raise explain_offline(str(problem), self.sources.catalogue, self.script, reason) from None

    def _pick(self, choices: Iterable[uv.Choice], *, offline: bool = False) -> list[PickedFile]:
        return [self.sources.pick(choice, self.kept, offline=offline) for choice in choices]
