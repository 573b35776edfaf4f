"""From a script to a folder of files that any static host can serve: the same bytes every time.

Everything in it bears a hash in its name, but for the page, which names the rest. Nothing here listens or prints.
"""

from sidestage.bundle.site.contents import Settings, Site, assemble
from sidestage.bundle.site.output import write_site, write_zip
from sidestage.bundle.site.packing import pack
from sidestage.bundle.site.ways import parse_way

__all__ = ["Settings", "Site", "assemble", "pack", "parse_way", "write_site", "write_zip"]
