"""Says which of an author's files everybody can read who opens the page."""

from __future__ import annotations

import typer

from sidestage.bundle import Study


def tell_published(study: Study) -> None:
    """Say it on the terminal, file by file, with their sizes."""
    from sidestage.server.replies import size_in_words

    sizes = study.published()
    width = max(map(len, sizes))
    typer.echo("Everybody who opens the page can read these files of yours:")
    for name, size in sizes.items():
        typer.echo(f"  {name:<{width}}  {size_in_words(size):>9}")
