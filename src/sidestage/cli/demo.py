"""``sidestage demo``: the examples, to try out and to read."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Example, Study, find_examples
from sidestage.cli import options
from sidestage.cli.local_server import local_server

if TYPE_CHECKING:
    from sidestage.server.gallery import Card, Gallery


def demo(
    port: options.PortOption = 8000,
    host: options.HostOption = "127.0.0.1",
    data: options.DataOption = None,
    find_links: options.FindLinksOption = None,
    runtime: options.RuntimeOption = options.RuntimeForm.compiled,
) -> None:
    """Show the examples that come with Sidestage.

    A page lists them and opens each. It works without a network: the Python runtime is part of the package. What you
    donate while trying is kept in a folder on this machine.

    \b
    Examples:
      sidestage demo
      sidestage demo --port 8080 --data /tmp/tried-out
    """
    examples = find_examples()
    plain = runtime is options.RuntimeForm.plain
    with local_server(host, port, data, find_links or (), plain_runtime=plain) as server:
        from sidestage.server.app import create_app
        from sidestage.server.gallery import ExamplePage
        from sidestage.server.listening import serve_on

        app = create_app(
            [
                Study(each.file, server.catalogue, name=each.name, title=each.title, description=each.description)
                for each in examples
                if not each.is_page
            ],
            server.assets,
            server.store,
            gallery=_gallery(examples),
            pages=[ExamplePage(each.name, each.file.parent, each.file.name) for each in examples if each.is_page],
            allowed_hosts=server.allowed_hosts,
            on_unsealed=typer.echo,
            compress=server.compress,
        )

        def tell(address: str) -> None:
            typer.echo(f"The examples are at {address}")
            typer.echo(f"Donations go to {server.folder}")
            typer.echo(f"Their files are in {examples[0].file.parents[1]}. Press Ctrl-C to stop.")

        serve_on(server.listener, app, on_started=tell)


def _gallery(examples: list[Example]) -> Gallery:
    from sidestage.protocol import Translatable
    from sidestage.server.gallery import Gallery

    introduction = {
        "en": "Python that runs in the visitor's own browser. Open an example, then read how it is made.",
        "nl": "Python die in de browser van de bezoeker zelf draait. Open een voorbeeld en lees hoe het is gemaakt.",
    }
    return Gallery("Sidestage", Translatable(introduction), [_card(example) for example in examples])


def _card(example: Example) -> Card:
    from sidestage.server.gallery import Card, Download

    return Card(
        example.name,
        example.title,
        example.description,
        command="" if example.is_page else f"sidestage run {shlex.quote(str(_from_here(example.file)))}",
        folder=str(_from_here(example.file.parent)),
        downloads=[Download(sample.name, sample.title, sample.make) for sample in example.samples],
    )


def _from_here(path: Path) -> Path:
    """The path as one would type it in the folder where the command was started."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
