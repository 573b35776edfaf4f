"""From the files that were picked to files on this machine, each the one that its SHA-256 stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from sidestage.bundle.packages import uv
from sidestage.bundle.packages.download import Unfetched
from sidestage.bundle.packages.errors import NotAtHand, ProvisionError, WrongHash
from sidestage.bundle.packages.wheel_sources import PickedFile, WheelSources
from sidestage.hashing import sha256_of

#: Downloads at a time.
_AT_ONCE = 4


@dataclass
class FetchedFiles:
    """What came of it.

    Attributes:
        files: the files by package.
        missing: optional ones that could not be had, each with the reason.
    """

    files: dict[str, Path] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def fetch_files(
    picks: Sequence[PickedFile], sources: WheelSources, script: str, folder: Path, tell: Callable[[str], None]
) -> FetchedFiles:
    """Find the picked files on this machine, and download the others.

    Args:
        picks: the files.
        sources: where they may be.
        script: what sentences call the script that needs them.
        folder: where it lies; uv looks for its settings there and above.
        tell: takes a sentence when something takes its time.

    Raises:
        NotAtHand: if one cannot be had; the sentence names what is here and what is missing.
        WrongHash: if one is another file than was asked for.
    """
    result = FetchedFiles({pick.name: path for pick in picks if (path := _at_hand(pick, sources, folder))})
    absent = [pick for pick in picks if pick.name not in result.files]
    reasons = _download(absent, sources, folder, tell, result)
    result.missing = {pick.name: reasons[pick.name] for pick in absent if pick.optional and pick.name in reasons}
    lost = [pick for pick in absent if pick.name in reasons and not pick.optional]
    if lost:
        raise _not_had(lost, reasons, picks, sources, script)
    return result


def _at_hand(pick: PickedFile, sources: WheelSources, folder: Path) -> Path | None:
    if pick.path or not pick.sha256:
        return pick.path
    # A lock file names files as if they lay beside it, and there they may.
    beside = folder / pick.file
    if beside.is_file() and sha256_of(beside) == pick.sha256:
        return beside
    return sources.wheelhouse.find(pick.file, pick.sha256)


def _download(
    picks: Sequence[PickedFile], sources: WheelSources, folder: Path, tell: Callable[[str], None], result: FetchedFiles
) -> dict[str, str]:
    """Add what can be had to the result; return why the others cannot, by package."""
    if not picks:
        return {}
    tell(f"Fetching {len(picks)} package{'s' if len(picks) > 1 else ''}: {', '.join(pick.name for pick in picks)}")
    reasons: dict[str, str] = {}
    located = _locate(picks, sources, folder, reasons)

    def get(pick: PickedFile) -> None:
        try:
            result.files[pick.name] = sources.wheelhouse.fetch(pick.url or "", pick.file, pick.sha256)
        except Unfetched as error:
            reasons[pick.name] = str(error)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(get, located):
            pass
    return reasons


def _locate(
    picks: Iterable[PickedFile], sources: WheelSources, folder: Path, reasons: dict[str, str]
) -> list[PickedFile]:
    """The picks with their addresses; a lock file tells none, so the index is asked."""
    located = [pick for pick in picks if pick.url]
    others = [pick for pick in picks if not pick.url]
    try:
        offered = _offered(others, sources, folder) if others else {}
    except uv.Unreachable as error:
        reasons |= dict.fromkeys((pick.name for pick in others), str(error))
        return located
    for pick in others:
        files = [file for file in offered.get((pick.name, pick.version), ()) if file.name == pick.file]
        if not files:
            reasons[pick.name] = "it is not, or no longer, on the package index"
        elif files[0].sha256 not in (None, pick.sha256):
            reasons[pick.name] = (
                f"the file of that name on the package index is another: its SHA-256 should be {pick.sha256} and is "
                f"{files[0].sha256}"
            )
        else:
            located.append(replace(pick, url=files[0].url))
    return located


def _offered(
    picks: Sequence[PickedFile], sources: WheelSources, folder: Path
) -> dict[tuple[str, str], tuple[uv.IndexFile, ...]]:
    """What the index has of these very versions."""
    requirements = [f"{pick.name}=={pick.version}" for pick in picks]
    try:
        choices = uv.choose(uv.Question(sources.target, requirements, dependencies=False, folder=folder))
        return {(choice.name, choice.version): choice.files for choice in choices}
    except uv.NoSolution:
        # It lacks one of them; so they are asked for one by one.
        singly = [[pick] for pick in picks] if len(picks) > 1 else []
        return {key: files for single in singly for key, files in _offered(single, sources, folder).items()}


def _not_had(
    lost: Sequence[PickedFile], reasons: dict[str, str], picks: Iterable[PickedFile], sources: WheelSources, script: str
) -> ProvisionError:
    for pick in lost:
        for wheel in sources.catalogue.candidates:
            if wheel.path.name == pick.file:
                return WrongHash(
                    f"{wheel.path} is not the file that the lock of {script} names: its SHA-256 should be "
                    f"{pick.sha256} and is {wheel.sha256}. Put the right file there, or let "
                    f"'sidestage lock --upgrade {script}' choose anew"
                )
    missing = "; ".join(f"{pick.file} ({reasons[pick.name]})" for pick in lost)
    names = {pick.name for pick in lost}
    here = ", ".join(f"{pick.name} {pick.version}" for pick in picks if pick.name not in names and not pick.optional)
    return NotAtHand(
        f"packages of {script} cannot be fetched: {missing}. On this machine there is {here or 'none of the others'}. "
        f"Start again when they can be fetched, or put the missing files in a folder and give that with "
        f"--find-links FOLDER"
    )
