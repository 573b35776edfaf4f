"""The options that several commands share, explained once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from sidestage.protocol.limits import LARGEST_DONATION_BYTES


class RuntimeForm(StrEnum):
    """In which form Python code goes to the browser: the standard library, Sidestage and packages."""

    compiled = "compiled"
    plain = "plain"


#: The largest donation unless another is named, in MB.
MAX_DONATION = LARGEST_DONATION_BYTES // 1_000_000

PortOption: TypeAlias = Annotated[
    int, typer.Option("--port", help="Where to listen; 0 takes any free port.", metavar="N")
]
HostOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--host",
        help="The address to listen at. Only this machine can reach 127.0.0.1; 0.0.0.0 lets others in.",
        metavar="ADDRESS",
    ),
]
DataOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data", help="The folder that donations are kept in; sidestage-data here unless named.", metavar="DIR"
    ),
]
MaxDonationOption: TypeAlias = Annotated[
    float, typer.Option("--max-donation", min=0.001, help="The largest donation to accept, in MB.", metavar="MB")
]
FindLinksOption: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--find-links",
        help="A folder with wheels for the packages that a script depends on. May be given several times.",
        metavar="DIR",
    ),
]
RuntimeOption: TypeAlias = Annotated[
    RuntimeForm,
    typer.Option(
        "--runtime",
        help="Python code in the browser, packages included: compiled starts faster; plain is the source as published.",
    ),
]
LockedOption: TypeAlias = Annotated[
    bool,
    typer.Option("--locked", help="Use the lock file as it is, and stop if it does not fit the script."),
]
ScriptArgument: TypeAlias = Annotated[Path, typer.Argument(help="The Python script with the flow.", metavar="SCRIPT")]
