"""``sidestage check``: what would go wrong with a script, found before a participant finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sidestage.bundle import Runtime, Script, Study, find_runtime, read_script
from sidestage.bundle.check import (
    Finding,
    HeadlessPlayer,
    NotRun,
    TooLong,
    check_donations,
    check_imports,
    check_prompt_modules,
    check_texts,
    check_yields,
    rehearsal_findings,
)
from sidestage.bundle.data_files import UnnamedFiles
from sidestage.bundle.own_prompts import own_prompt_modules
from sidestage.bundle.packages import Catalogue, Provisioner, ProvisionError, ServedPackage
from sidestage.bundle.packages.compiler import find_node
from sidestage.bundle.page_assets import fill_page_assets
from sidestage.bundle.script import no_script
from sidestage.bundle.script_archive import check_files, data_beside
from sidestage.cli import options
from sidestage.cli.published import tell_published
from sidestage.cli.script_packages import packages_for
from sidestage.errors import SidestageError


class FileMissing(SidestageError):
    """A file to answer with is not there."""


def check(
    script: options.ScriptArgument,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--file",
            help="A file to answer with where the script asks for one. May be given several times.",
            metavar="FILE",
        ),
    ] = None,
    find_links: options.FindLinksOption = None,
    locked: options.LockedOption = False,
) -> None:
    """Look for what would fail on a participant's page.

    Imports, texts in each language and packages are looked up, and what a participant downloads is told. Then the
    script is played through with every answer that its pages take, in the browser's own Python. The exit code is 1 if
    something would fail.

    \b
    Examples:
      sidestage check study.py
      sidestage check study.py --file export.zip     also what comes after a file
    """
    if not script.is_file():
        raise no_script(script)
    for file in files or ():
        if not file.is_file():
            raise FileMissing(f"there is no file {file} to answer with: check the name after --file")
    found = read_script(script)
    runtime = find_runtime(found, typer.echo)
    catalogue = packages_for(runtime, find_links)
    findings = [*check_texts(found), *check_yields(found.path)]
    findings += _of_prompts(found.path)
    findings += _unnamed(found, files or ())
    packages, about = _provision(found, Provisioner(catalogue, locked=locked, tell=typer.echo), catalogue)
    findings += about
    if packages is not None:
        findings += check_imports(found, runtime, catalogue, packages)
        _tell_sizes(found, runtime, catalogue, packages)
        tell_published(Study(found.path, catalogue))
        findings += _rehearse(found, HeadlessPlayer(runtime, catalogue, packages, typer.echo), files or ())
    _tell(findings, found)


def _of_prompts(script: Path) -> list[Finding]:
    """What is wrong with the modules of the study's own prompts."""
    node = find_node()
    findings = check_prompt_modules(script, node)
    if node is None and own_prompt_modules(script):
        sentence = "the JavaScript of the prompts was not read, since there is no Node 20 or later here"
        findings.append(Finding("", 0, sentence, False))
    return findings


def _unnamed(script: Script, given: Sequence[Path]) -> list[Finding]:
    """That data files beside the script are not named; not those that the script is played with."""
    played_with = {file.resolve() for file in given}
    ignored = [name for name in data_beside(script.path) if (script.path.parent / name).resolve() in played_with]
    try:
        check_files(script.path, ignored)
    except UnnamedFiles as error:
        return [Finding("", 0, str(error), False)]
    return []


def _provision(
    script: Script, provisioner: Provisioner, catalogue: Catalogue
) -> tuple[list[ServedPackage] | None, list[Finding]]:
    """The packages, None if they cannot be had; and what there is to say about them."""
    try:
        provision = provisioner.provision(script)
        study = Study(script.path, catalogue)
        packages = study.packages()
    except ProvisionError as error:
        return None, [Finding("", 0, str(error))]
    if provision is None:
        return packages, []
    sentences = [*provision.warnings, *provisioner.unsupported(script, provision)]
    if provision.changed:
        sentences.append(f"{provision.path.name} is not there or not current: run 'sidestage lock {script.name}'")
    return packages, [Finding("", 0, sentence, False) for sentence in sentences]


def _tell_sizes(script: Script, runtime: Runtime, catalogue: Catalogue, packages: Sequence[ServedPackage]) -> None:
    from sidestage.bundle.check.sizes import download_sizes
    from sidestage.server.assets import Assets
    from sidestage.server.replies import size_in_words

    assets = Assets()
    fill_page_assets(assets, catalogue, runtime=runtime, only={package.name for package in packages}, tell=typer.echo)
    sizes = download_sizes(assets, packages, script.archive())
    rows = [*sizes.items(), ("in all", sum(sizes.values()))]
    width = max(len(part) for part, _ in rows)
    typer.echo("What a participant's first visit downloads, compressed:")
    for part, size in rows:
        typer.echo(f"  {part:<{width}}  {size_in_words(size):>9}")


def _rehearse(script: Script, headless: HeadlessPlayer, files: Sequence[Path]) -> list[Finding]:
    """Play the script through, and say how that went."""
    try:
        result = headless.rehearse(script, files)
    except TooLong as error:
        return [Finding(script.name, 0, str(error))]
    except NotRun as error:
        return [Finding("", 0, f"{script.name} was not played through: {error}", False)]
    typer.echo(_story(script, result))
    return [*rehearsal_findings(result, script), *check_donations(script.path, result)]


def _story(script: Script, result: Mapping[str, Any]) -> str:
    pages, runs, donated = result["pages"], result["runs"], result["donated"]
    sentences = [f"{script.name} was played through {runs} times, by {pages} different page{'s'[: pages != 1]}."]
    sentences.append(f"It donated {', '.join(donated)}." if donated else "It donated nothing.")
    if result["no_files"]:
        sentences.append("It asks for a file: with --file FILE you see what comes then.")
    if result["cut"]:
        sentences.append("Not every combination of answers was tried.")
    return "\n".join(sentences)


def _tell(findings: Sequence[Finding], script: Script) -> None:
    """Say what was found, once, the worst last, and end accordingly."""
    findings = list(dict.fromkeys(findings))
    failing = [finding for finding in findings if finding.fails]
    for finding in findings:
        if not finding.fails:
            typer.echo(f"Warning: {finding}.", err=True)
    for finding in failing:
        typer.echo(f"Error: {finding}", err=True)
    if failing:
        raise typer.Exit(1)
    typer.echo(f"Nothing was found that would fail in {script.name}.")
