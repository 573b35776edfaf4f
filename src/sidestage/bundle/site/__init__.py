"""From a script to a folder of files that any static host can serve: the same bytes every time.

Everything in it bears a hash in its name, but for the page, which names the rest. Nothing here listens or prints.
"""

from sidestage.bundle.site.bridge import parse_bridge
from sidestage.bundle.site.contents import SiteSettings, assemble_site, gather_parts
from sidestage.bundle.site.packing import pack, transferred
from sidestage.bundle.site.single import check_single_place, single_page, write_single
from sidestage.bundle.site.writing import check_place, write_site, write_zip

__all__ = [
    "SiteSettings",
    "assemble_site",
    "check_place",
    "check_single_place",
    "gather_parts",
    "pack",
    "parse_bridge",
    "single_page",
    "transferred",
    "write_single",
    "write_site",
    "write_zip",
]
