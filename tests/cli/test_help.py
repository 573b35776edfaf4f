"""The help, which is all the documentation that some will read, and what the command says of itself."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from sidestage import __version__

Sidestage = Callable[..., "CompletedProcess[str]"]


@pytest.mark.parametrize(
    ("command", "teaches"),
    [
        ((), ["sidestage demo", "sidestage new listening", "sidestage run study.py", "sidestage donations list"]),
        (
            ("run",),
            ["sidestage run study.py --port", "--find-links", "--max-donation", "--no-open", "--data", "--host"],
        ),
        (("demo",), ["sidestage demo --port", "--data"]),
        (("new",), ["sidestage new listening", "pytest"]),
        (("donations",), ["list", "show", "export"]),
    ],
)
def test_help_teaches_by_example_and_fits_80_columns(
    sidestage: Sidestage, command: tuple[str, ...], teaches: list[str]
) -> None:
    done = sidestage(*command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for words in teaches:
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_no_command_shows_the_help(sidestage: Sidestage) -> None:
    done = sidestage()
    assert "Start here:" in done.stdout + done.stderr


def test_the_version_is_told(sidestage: Sidestage) -> None:
    assert sidestage("--version").stdout == f"sidestage {__version__}\n"


def test_a_command_that_is_none_is_refused_with_a_hint(sidestage: Sidestage) -> None:
    done = sidestage("runn")
    assert done.returncode == 2
    assert "No such command 'runn'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_list_of_commands_cuts_no_sentence_short(sidestage: Sidestage) -> None:
    commands = sidestage("--help").stdout.partition("Commands:\n")[2]
    assert {line.split()[0] for line in commands.splitlines()} >= {"run", "demo", "new", "donations"}
    assert "..." not in commands
