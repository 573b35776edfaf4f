"""Why no versions were found, in a sentence: which package, who asks for it, and what can be done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from packaging.utils import canonicalize_name, parse_wheel_filename

from sidestage.bundle.packages import uv
from sidestage.bundle.packages.catalogue import Catalogue
from sidestage.bundle.packages.errors import NotAtHand, PackageNotFound, ProvisionError, VersionConflict

#: uv's words.
_UNKNOWN = ("was not found in", "were not found in")
_NO_WHEELS = ("has no usable wheels", "have no usable wheels", "has no wheels with", "have no wheels with")
#: What a terminal can bear of uv's reasoning. It ends with the conclusion.
_LONGEST = 700


def explain_no_versions(question: uv.Question, explanation: str, catalogue: Catalogue, script: str) -> ProvisionError:
    """What to tell the author, where uv explains in its own way that nothing fits."""
    if unknown := uv.named_in(explanation, _UNKNOWN):
        return _unknown(unknown[0], explanation, catalogue, script)
    if culprits := _cannot_run(question, catalogue, script):
        return _no_wheel(culprits, catalogue, script)
    lacking = uv.named_in(explanation, _NO_WHEELS)
    if at_hand := [name for name in lacking if name in _at_hand(catalogue)]:
        return _other_version(at_hand[0], explanation, catalogue, script)
    if lacking:
        return _no_wheel({lacking[0]: [_asker(script, lacking[0], explanation)]}, catalogue, script)
    return VersionConflict(
        f"{script} and its packages ask for versions that do not go together: {_shortened(explanation, script)} "
        f"Change the versions in the dependencies of {script}"
    )


def explain_offline(explanation: str, catalogue: Catalogue, script: str, reason: str) -> ProvisionError:
    """What to tell where the index does not answer, and what was fetched before is not enough."""
    missing = uv.named_in(explanation, _UNKNOWN)
    if not missing:
        return NotAtHand(
            f"the packages of {script} cannot be looked up ({reason}), and of those fetched before none go together: "
            f"{_shortened(explanation, script)} Connect to the network and start again"
        )
    asked = _asks_for(script, missing[0], explanation)
    why = catalogue.why_not(missing[0])
    return NotAtHand(
        f"{asked}, of which nothing is on this machine{_aside(why)}, and the package index cannot be "
        f"asked ({reason}): connect to the network and start again, or put its wheel in a folder and give that with "
        f"--find-links FOLDER"
    )


def _unknown(name: str, explanation: str, catalogue: Catalogue, script: str) -> ProvisionError:
    places = ["the package index", *(str(folder) for folder in catalogue.folders)]
    why = catalogue.why_not(name)
    return PackageNotFound(
        f"{_asks_for(script, name, explanation)}, and there is no wheel of it in {' or in '.join(places)}"
        f"{_aside(why)}: check the name, or put its wheel in a folder and give that with "
        f"--find-links FOLDER"
    )


def _asks_for(script: str, name: str, explanation: str) -> str:
    """Who asks for a package, and for which versions, by uv's explanation."""
    asker = _asker(script, name, explanation)
    asking = "you require" if asker == script else r"depends? on"
    versions = re.search(rf"{asking} {re.escape(name)}([<>=!~][^\s,]*(?:,[^\s,]+)*)", explanation)
    return f"{asker} asks for the package {name}{f' {versions.group(1)}' if versions else ''}"


def _asker(script: str, name: str, explanation: str) -> str:
    found = re.search(rf"([A-Za-z0-9][\w.-]*)\S* depends? on {re.escape(name)}(?![\w.-])", explanation)
    return found.group(1) if found else script


def _cannot_run(question: uv.Question, catalogue: Catalogue, script: str) -> dict[str, list[str]]:
    """The packages that an ordinary computer would get and no browser can, each with those that ask for it.

    Not those that only come along with one of them.
    """
    elsewhere = replace(question, platform=uv.COMPUTER, prefer={})
    try:
        choices = {choice.name: choice for choice in uv.choose(elsewhere)}
        askers = uv.who_asks(elsewhere)
    except (uv.NoSolution, uv.Unreachable, ProvisionError):
        return {}  # Then uv's own reasons have to do.
    at_hand = _at_hand(catalogue)
    runs = {
        name: name in at_hand or any(_runs(file.name, catalogue) for file in choice.files)
        for name, choice in choices.items()
    }
    found: dict[str, list[str]] = {}
    waiting, seen = [uv.ASKED_DIRECTLY], set()
    while waiting:
        asker = waiting.pop(0)
        for name in sorted(name for name in runs if asker in askers.get(name, ())):
            if not runs[name]:
                by = script if asker == uv.ASKED_DIRECTLY else asker
                found.setdefault(f"{name} {choices[name].version}", []).append(by)
            elif name not in seen:
                seen.add(name)
                waiting.append(name)
    return found


def _at_hand(catalogue: Catalogue) -> Mapping[str, list[str]]:
    """The packages that run in the browser and are on no index: in which versions, and where."""
    found: dict[str, list[str]] = {}
    for wheel in catalogue.candidates:
        found.setdefault(wheel.name, []).append(f"{wheel.path.parent} has {wheel.version}")
    for entry in catalogue.distribution.wheels():
        if not entry["file_name"].endswith("-none-any.whl"):
            name = canonicalize_name(entry["name"])
            found.setdefault(name, []).append(f"Pyodide {catalogue.target.pyodide} has {entry['version']}")
    return found


def _runs(file: str, catalogue: Catalogue) -> bool:
    return catalogue.target.rank(parse_wheel_filename(file)[3]) is not None


def _no_wheel(culprits: Mapping[str, list[str]], catalogue: Catalogue, script: str) -> ProvisionError:
    listed = " and ".join(f"{name} (asked for by {' and '.join(by)})" for name, by in culprits.items())
    reasons = [reason for name in culprits if (reason := catalogue.why_not(name.split()[0]))]
    return PackageNotFound(
        f"{script} needs {listed}, and no wheel of it runs in a browser: only wheels in pure Python do, and "
        f"those built for Pyodide {catalogue.target.pyodide}{_aside('; '.join(reasons))}. Do "
        f"without it, take another package that does the same, or give a wheel built for Pyodide with "
        f"--find-links FOLDER"
    )


def _other_version(name: str, explanation: str, catalogue: Catalogue, script: str) -> ProvisionError:
    return VersionConflict(
        f"{_asks_for(script, name, explanation)}, and no such version runs in a browser: "
        f"{'; '.join(_at_hand(catalogue)[name])}. Ask for what there is, or give another wheel built for Pyodide with "
        f"--find-links FOLDER"
    )


def _aside(text: str) -> str:
    return f" ({text})" if text else ""


def _shortened(explanation: str, script: str) -> str:
    text = explanation.replace("you require", f"{script} requires").replace("Because ", "because ", 1)
    text = text.replace("your requirements are unsatisfiable", "they cannot all be met").rstrip(".") + "."
    return text if len(text) <= _LONGEST else f"... {text[-_LONGEST:].partition('. ')[2] or text[-_LONGEST:]}"
