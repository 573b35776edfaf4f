"""``sidestage demo``: the examples, to try out and to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Example, Study, find_examples
from sidestage.cli import options
from sidestage.cli.serving import address_of, listen, serve
from sidestage.cli.stage import allowed_hosts, make_assets, open_catalogue, open_store

if TYPE_CHECKING:
    from sidestage.bundle import Catalogue


def demo(
    port: options.Port = 8000,
    host: options.Host = "127.0.0.1",
    data: options.Data = None,
    find_links: options.FindLinks = None,
) -> None:
    """Show the examples that come with Sidestage.

    A page lists them and opens each. It works without a network: the Python runtime is part of the package. What you
    donate while trying is kept in a folder on this machine.

    \b
    Examples:
      sidestage demo
      sidestage demo --port 8080 --data /tmp/tried-out
    """
    listener = listen(host, port)
    catalogue = open_catalogue(find_links or ())
    examples = find_examples()
    assets = make_assets(catalogue)
    store, folder = open_store(data)

    from sidestage.server.app import create_app
    from sidestage.server.pages import Gallery

    app = create_app(
        [_study(example, catalogue) for example in examples],
        assets,
        store,
        gallery=Gallery(
            "Sidestage", "Python in your browser. Choose an example; each is one script to read and change."
        ),
        allowed_hosts=allowed_hosts(listener, host),
    )
    typer.echo(f"The examples are at {address_of(listener)}")
    typer.echo(f"Donations go to {folder}")
    typer.echo(f"Their scripts are in {examples[0].script.parents[1]}. Press Ctrl-C to stop.")
    serve(app, listener, at_stop=app.state.changes.close)
    store.close()


def _study(example: Example, catalogue: Catalogue) -> Study:
    return Study(example.script, catalogue, name=example.name, title=example.title, description=example.description)
