"""``sidestage build``: a script as a folder of files that any static host can serve."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidestage.bundle import Study, find_runtime, read_script
from sidestage.bundle.packages import Provisioner
from sidestage.bundle.page_assets import fill_page_assets
from sidestage.bundle.script import no_script
from sidestage.cli import options
from sidestage.cli.published import tell_published
from sidestage.cli.script_packages import packages_for, provide_packages

if TYPE_CHECKING:
    from sidestage.bundle.site.contents import FileContent, PageParts, SiteSettings


def build(
    script: options.ScriptArgument,
    to: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--to",
            help="The folder to write, site unless given; an earlier build in it is replaced.",
            metavar="DIR",
        ),
    ] = None,
    bridge: Annotated[
        str,
        typer.Option(
            "--bridge",
            help="Where donations go: download (participants save a file), host or host=ORIGIN (the page around this "
            "one), server (the one that serves the site) or server=URL.",
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
    single: Annotated[
        bool,
        typer.Option("--single", help="Write one HTML file with everything in it, site.html unless -o names another."),
    ] = False,
    no_compress: Annotated[
        bool,
        typer.Option("--no-compress", help="Write no compressed forms: for hosts that compress by themselves."),
    ] = False,
    find_links: options.FindLinksOption = None,
    locked: options.LockedOption = False,
    runtime: options.RuntimeOption = options.RuntimeForm.compiled,
) -> None:
    """Make a site of a script: a folder of files for any web host.

    Everything that a participant's browser needs is in it: the page, Python, the packages, the script with the code
    beside it and the data files that it names. It works under any address, needs no other server, and opens without a
    network once it was visited.

    \b
    Examples:
      sidestage build study.py
      sidestage build study.py -o public --bridge server=https://study.example.org/
      sidestage build study.py --bridge server     then: sidestage serve site
    """
    from sidestage.bundle.site import SiteSettings, check_place, check_single_place, parse_bridge

    if not script.is_file():
        raise no_script(script)
    if single and (make_zip or base_path):
        raise typer.BadParameter("it does not go together with --zip or --base-path", param_hint="--single")
    settings = SiteSettings(parse_bridge(bridge), lang, _as_path(base_path))
    to = to or Path("site.html" if single else "site")
    (check_single_place if single else check_place)(to)
    parts = _gather(script, settings, find_links, locked=locked, plain=runtime is options.RuntimeForm.plain)
    if single:
        _write_single(parts, to)
    else:
        _write_folder(parts, to, compress=not no_compress, make_zip=make_zip)
    typer.echo(_where(settings.bridge, to))


def _gather(
    script: Path, settings: SiteSettings, find_links: list[Path] | None, *, locked: bool, plain: bool
) -> PageParts:
    from sidestage.bundle.site import gather_parts
    from sidestage.server.assets import Assets

    pyodide = find_runtime(read_script(script), typer.echo)
    catalogue = packages_for(pyodide, find_links)
    provisioner = Provisioner(catalogue, locked=locked, tell=typer.echo)
    study = Study(script, catalogue, provision=lambda found: provide_packages(found, provisioner))
    study.check_files()
    study.check()
    tell_published(study)
    packages = study.packages()
    assets = Assets()
    names = {package.name for package in packages}
    fill_page_assets(assets, catalogue, runtime=pyodide, plain=plain, only=names, tell=typer.echo)
    return gather_parts(study, assets, packages, settings)


def _write_folder(parts: PageParts, to: Path, *, compress: bool, make_zip: bool) -> None:
    from sidestage.bundle.site import assemble_site, pack, write_site, write_zip

    site = assemble_site(parts)
    packed = pack(site.files, tell=typer.echo) if compress else {}
    write_site(to, site, packed)
    if make_zip:
        write_zip(to.with_name(f"{to.name}.zip"), site)
    _tell_sizes(to, site.files, packed)


def _write_single(parts: PageParts, to: Path) -> None:
    from sidestage.bundle.site import pack, single_page, write_single
    from sidestage.server.replies import size_in_words

    page = single_page(parts, pack(parts.files, encodings=["gzip"], tell=typer.echo))
    write_single(to, page)
    typer.echo(f"{to} is ready: one file of {size_in_words(len(page))}.")


def _tell_sizes(to: Path, files: Mapping[str, FileContent], packed: Mapping[str, FileContent]) -> None:
    """Say what a site costs a participant."""
    from sidestage.bundle.site import transferred
    from sidestage.server.replies import size_in_words

    suffixes = {"by brotli": ".br", "by gzip": ".gz"} if packed else {"as it is": ""}
    columns = [transferred(files, packed, suffix) for suffix in suffixes.values()]
    typer.echo(f"{to} is ready. What a participant's first visit takes, {' and '.join(suffixes)}:")
    parts = sorted(columns[0], key=lambda part: -columns[0][part])
    width = max(len(part) for part in parts)
    rows = {part: [column[part] for column in columns] for part in parts}
    rows["in all"] = [sum(column.values()) for column in columns]
    for name, sizes in rows.items():
        typer.echo(f"  {name:<{width}}" + "".join(f"  {size_in_words(size):>9}" for size in sizes))


def _where(bridge: Mapping[str, str], to: Path) -> str:
    if "origin" in bridge:
        return f"Donations go to a page of {bridge['origin']} that shows this one in a frame; others cannot show it."
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
