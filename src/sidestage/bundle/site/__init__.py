"""From a script to a folder of files that any static host can serve: the same bytes every time.

Everything in it bears a hash in its name, but for the page, which names the rest. Nothing here listens or prints.
"""

from sidestage.bundle.site.contents import Parts, Settings, Site, assemble, gather
from sidestage.bundle.site.output import check_place, write_site, write_zip
from sidestage.bundle.site.packing import pack, transferred
from sidestage.bundle.site.single import check_single_place, single_page, write_single
from sidestage.bundle.site.ways import parse_way

__all__ = [
    "Parts",
    "Settings",
    "Site",
    "assemble",
    "check_place",
    "check_single_place",
    "gather",
    "pack",
    "parse_way",
    "single_page",
    "transferred",
    "write_single",
    "write_site",
    "write_zip",
]
