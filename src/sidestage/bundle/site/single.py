"""A site as one HTML file, with everything in it: for pages that are handed on as a file."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from html import escape
from pathlib import Path

from sidestage.bundle.page_assets import STARTER_OF_FILE, STATIC
from sidestage.bundle.runtime.find_runtime import present
from sidestage.bundle.site.bridge import bridge_origin
from sidestage.bundle.site.contents import FileContent, PageParts, block_element, page_languages, policy_element
from sidestage.bundle.site.licences import licences_as_text
from sidestage.server.assets import content_type_of
from sidestage.server.html_pages import study_page, template_text
from sidestage.server.policy import policy
from sidestage.server.replies import size_in_words
from sidestage.server.site_manifest import SiteError
from sidestage.whole_files import write_whole

#: Larger files take browsers too long to read.
SINGLE_PAGE_LIMIT = 25_000_000

#: By this a file that may be replaced is known.
_MARK = b'<script type="application/octet-stream" data-file='


def single_page(parts: PageParts, packed: Mapping[str, FileContent], static: Path = STATIC) -> bytes:
    """The page with everything in it.

    Args:
        parts: what it is made of.
        packed: forms of them by gzip, by path, as far as there are any.
        static: the folder of the web build and the runtime.

    Raises:
        SiteError: if it would be too large, or cannot work.
    """
    bridge = parts.settings.bridge
    if bridge["kind"] == "server" and "url" not in bridge:
        raise SiteError("A page that is one file has no server of its own. Name one: --bridge server=URL.")
    starter = present(static / "web" / STARTER_OF_FILE).read_text(encoding="utf-8").strip()
    blocks = [_block(path, each, packed.get(f"{path}.gz"), path in parts.scripts) for path, each in parts.files.items()]
    page = _page(parts, starter, blocks).encode()
    if len(page) > SINGLE_PAGE_LIMIT:
        raise SiteError(
            f"As one file this page takes {size_in_words(len(page))}, more than the {size_in_words(SINGLE_PAGE_LIMIT)} "
            "that browsers open in good time. Leave --single out, and put the folder on a web host."
        )
    return page


def write_single(path: Path, page: bytes) -> None:
    """Write the page, in the place of an earlier one.

    Raises:
        SiteError: if anything else is there, or it cannot be written.
    """
    check_single_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, page, mode=0o644)
    except OSError as error:
        raise SiteError(f"{path} cannot be written ({error.strerror}). Check who may write there.") from None


def check_single_place(path: Path) -> None:
    """Make sure that the page can be written there without anything being lost.

    Raises:
        SiteError: if anything else is there.
    """
    if path.is_dir() or (path.is_file() and _MARK not in path.read_bytes()):
        raise SiteError(f"{path} is something else than an earlier build: it was left as it is. Name another with -o.")


def _page(parts: PageParts, starter: str, blocks: list[str]) -> str:
    origin = bridge_origin(parts.settings.bridge)
    connect = ["data:", *([origin] if origin else [])]
    rules = policy(
        template_text("page.html"), parts.assets, connect=connect, scripts=[starter], own_prompts=parts.own_prompts
    )
    terms = licences_as_text(parts.found).replace("</", "<\\/")
    return study_page(
        parts.study.title,
        page_languages(parts.settings),
        head="\n".join([policy_element(rules), block_element(parts.block), f"<script>{starter}</script>"]),
        foot="\n".join([*blocks, f'<script type="text/plain" id="licenses">\n{terms}</script>', ""]),
    )


def _block(path: str, content: FileContent, packed: FileContent | None, is_script: bool) -> str:
    data = packed.read() if packed else gzip.compress(content.read(), 9, mtime=0)
    text = base64.b64encode(data).decode()
    more = " data-script" if is_script else ""
    kind = escape(content_type_of(path))
    return f'{_MARK.decode()}"{escape(path)}" data-type="{kind}"{more}>{text}</script>'
