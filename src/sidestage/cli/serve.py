"""``sidestage serve``: a built site and its donation server, for participants."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from sidestage.cli import options
from sidestage.protocol.limits import MOST_REQUESTS_PER_MINUTE, MOST_SESSION_BYTES

if TYPE_CHECKING:
    from sidestage.server.site_manifest import SiteManifest


def serve(
    site: Annotated[Path, typer.Argument(help="The folder that 'sidestage build' made.", metavar="SITE")],
    port: options.PortOption = 8000,
    host: options.HostOption = "127.0.0.1",
    data: options.DataOption = None,
    max_donation: options.MaxDonationOption = options.MAX_DONATION,
    max_session: Annotated[
        float | None,
        typer.Option(
            "--max-session", min=0.001, help="What one visit may send in all, in MB; 2000 unless given.", metavar="MB"
        ),
    ] = None,
    max_requests: Annotated[
        int,
        typer.Option(
            "--max-requests", min=1, help="How often one network address may send something in a minute.", metavar="N"
        ),
    ] = MOST_REQUESTS_PER_MINUTE,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="How many processes answer requests.", metavar="N")
    ] = 1,
    host_name: Annotated[
        list[str] | None,
        typer.Option(
            "--host-name",
            help="A name that participants reach the server by. May be given several times.",
            metavar="NAME",
        ),
    ] = None,
    proxy_prefix: Annotated[
        str | None,
        typer.Option("--proxy-prefix", help="The path that a proxy has the site at, like /study/.", metavar="PATH"),
    ] = None,
    forwarded_allow_ips: Annotated[
        str,
        typer.Option(
            "--forwarded-allow-ips",
            help="Addresses of proxies whose X-Forwarded headers are believed, with commas between; * for all.",
            metavar="LIST",
        ),
    ] = "127.0.0.1",
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-origin",
            help="A site elsewhere that may send donations here, like https://example.org. May be given several times.",
            metavar="URL",
        ),
    ] = None,
    certfile: Annotated[
        Path | None, typer.Option("--certfile", help="The certificate, to serve over HTTPS.", metavar="FILE")
    ] = None,
    keyfile: Annotated[
        Path | None, typer.Option("--keyfile", help="The certificate's key, if in a file apart.", metavar="FILE")
    ] = None,
    no_access_log: Annotated[bool, typer.Option("--no-access-log", help="Do not print a line per request.")] = False,
) -> None:
    """Serve a built site to participants, and keep their donations.

    The files are checked against what was built before anything is served. Requests are printed as lines of JSON,
    without participants' data or addresses. /health tells whether donations can be kept.

    \b
    Examples:
      sidestage serve site
      sidestage serve site --workers 4 --data /srv/donations
      sidestage serve site --host 0.0.0.0 --certfile cert.pem --keyfile key.pem
    """
    from sidestage.server.listening import allowed_hosts
    from sidestage.server.processes import Listening, serve_site
    from sidestage.server.site_app import ServingSettings
    from sidestage.server.site_manifest import check_site, read_site
    from sidestage.server.store import DEFAULT_DATA_FOLDER

    manifest = read_site(site)
    check_site(site, manifest)
    folder = (data or DEFAULT_DATA_FOLDER).absolute()
    settings = ServingSettings(
        site=str(site.absolute()),
        data=str(folder),
        allowed_hosts=allowed_hosts(host, [host, *(host_name or ())]),
        allowed_origins=tuple(_origin(text) for text in allow_origin or ()),
        prefix=_prefix(proxy_prefix),
        max_donation_bytes=int(max_donation * 1_000_000),
        max_session_bytes=_session_bytes(max_session, max_donation),
        max_requests=max_requests,
        access_log=not no_access_log,
        secure=certfile is not None,
    )
    listening = Listening(host, port, workers, forwarded_allow_ips, certfile, keyfile)

    def tell(address: str) -> None:
        # On standard error, so that standard output holds the access log alone.
        typer.echo(f"{site} is at {address}", err=True)
        typer.echo(f"Donations go to {folder}. Press Ctrl-C to stop.", err=True)
        if sentence := _elsewhere(manifest, bool(allow_origin)):
            typer.echo(f"Warning: {sentence}", err=True)

    serve_site(settings, listening, tell)


def _elsewhere(manifest: SiteManifest, serves_others: bool) -> str | None:
    """What to say where the site's own page sends nothing here, and nobody else does."""
    way = manifest.bridge
    if serves_others or (way["kind"] == "server" and "url" not in way):
        return None
    said = f"server={way['url']}" if "url" in way else way["kind"]
    return f"this site was built with --bridge {said}: its donations do not come here. Build it with --bridge server."


def _session_bytes(named: float | None, max_donation: float) -> int:
    """A session has room for a donation of the largest size, unless another total was named."""
    if named is None:
        return max(MOST_SESSION_BYTES, int(max_donation * 1_000_000))
    return int(named * 1_000_000)


def _prefix(text: str | None) -> str:
    if text is None or text == "/":
        return ""
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+/?", text):
        raise typer.BadParameter("write it like /study/", param_hint="--proxy-prefix")
    return text.rstrip("/")


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise typer.BadParameter("write it like https://example.org", param_hint="--allow-origin")
    return f"{parts.scheme}://{parts.netloc}".lower()
