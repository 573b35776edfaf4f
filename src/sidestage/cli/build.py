"""``sidestage build``: a script as a folder of files that any static host can serve."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidestage.bundle import Catalogue, Study
from sidestage.bundle.packages import Supplier
from sidestage.bundle.runtime import fill, lock_path
from sidestage.bundle.script import no_script
from sidestage.cli import options
from sidestage.cli.stage import supply, warn

if TYPE_CHECKING:
    from sidestage.bundle.site.contents import Content, Site


def build(
    script: options.Script,
    to: Annotated[
        Path, typer.Option("-o", "--to", help="The folder to write; an earlier build in it is replaced.", metavar="DIR")
    ] = Path("site"),
    bridge: Annotated[
        str,
        typer.Option(
            "--bridge",
            help="Where donations go: download (participants save a file), host (the page around this one), server "
            "(the one that serves the site) or server=URL.",
            metavar="WAY",
        ),
    ] = "download",
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", help="The language of the page's own words; that of each visitor unless given.", metavar="CODE"
        ),
    ] = None,
    base_path: Annotated[
        str | None,
        typer.Option(
            "--base-path",
            help="The path that the site is at, like /study/. Needed only where a host shows the page at another.",
            metavar="PATH",
        ),
    ] = None,
    make_zip: Annotated[bool, typer.Option("--zip", help="Write a zip of the site too, for hosts that want one.")] = (
        False
    ),
    find_links: options.FindLinks = None,
    locked: options.Locked = False,
    runtime: options.Runtime = options.RuntimeForm.compiled,
) -> None:
    """Make a site of a script: a folder of files for any web host.

    Everything that a participant's browser needs is in it: the page, Python, the packages, the script. It works under
    any address, needs no other server, and opens without a network once it was visited.

    \b
    Examples:
      sidestage build study.py
      sidestage build study.py -o public --bridge server=https://study.example.org/
      sidestage build study.py --bridge server     then: sidestage serve site
    """
    from sidestage.bundle.site import Settings, assemble, pack, parse_way, write_site, write_zip
    from sidestage.bundle.site.output import check_place
    from sidestage.server.assets import Assets

    if not script.is_file():
        raise no_script(script)
    settings = Settings(parse_way(bridge), lang, _as_path(base_path))
    check_place(to)
    catalogue = Catalogue(lock_path(), find_links or ())
    warn(catalogue.warnings)
    supplier = Supplier(catalogue, locked=locked, tell=typer.echo)
    study = Study(script, catalogue, supply=lambda found: supply(found, supplier))
    study.check()
    packages = study.packages()
    assets = Assets()
    plain = runtime is options.RuntimeForm.plain
    fill(assets, catalogue, plain=plain, only={package.name for package in packages}, tell=typer.echo)
    site = assemble(study, assets, packages, settings)
    packed = pack(site, tell=typer.echo)
    write_site(to, site, packed)
    if make_zip:
        write_zip(to.with_name(f"{to.name}.zip"), site)
    tell(site, packed, to)


def tell(site: Site, packed: Mapping[str, Content], to: Path) -> None:
    """Say what was built, what it costs a participant, and where donations go."""
    from sidestage.bundle.site.packing import transferred
    from sidestage.server.replies import in_words

    brotli, gzipped = (transferred(site, packed, suffix) for suffix in (".br", ".gz"))
    typer.echo(f"{to} is ready. What a participant's first visit takes, by brotli and by gzip:")
    rows = [(part, size, gzipped[part]) for part, size in sorted(brotli.items(), key=lambda item: -item[1])]
    rows.append(("in all", sum(brotli.values()), sum(gzipped.values())))
    width = max(len(part) for part, _, _ in rows)
    for part, small, larger in rows:
        typer.echo(f"  {part:<{width}}  {in_words(small):>9}  {in_words(larger):>9}")
    typer.echo(_where(site.settings.bridge, to))


def _where(bridge: Mapping[str, str], to: Path) -> str:
    if "url" in bridge:
        return f"Donations go to {bridge['url']}, which must run 'sidestage serve' and --allow-origin this site."
    return {
        "download": "Donations: participants save a file and hand it over. See --bridge for other ways.",
        "host": "Donations go to the page that shows this one in a frame.",
        "server": f"Donations go to the server that serves the site: sidestage serve {shlex.quote(str(to))}",
    }[bridge["kind"]]


def _as_path(text: str | None) -> str | None:
    if text is None:
        return None
    if not re.fullmatch(r"/(?!/)[A-Za-z0-9._~/-]*", text):
        raise typer.BadParameter("write it like /study/", param_hint="--base-path")
    return text if text.endswith("/") else f"{text}/"
