"""Recognises whose export a zip is, by the names of the files in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive import ExportError

#: Asked in this order. Each pattern is typical of one platform and rare elsewhere.
_SIGNS = {
    "YouTube": r"(^|/)Takeout/[^/]*YouTube[^/]*/|(^|/)(watch-history|kijkgeschiedenis)\.(json|html)$",
    "Google": r"(^|/)Takeout/",
    "WhatsApp": r"(^|/)_chat\.txt$|(^|/)WhatsApp[ -][^/]*\.txt$",
    "Instagram": r"(^|/)(your_instagram_activity|ads_information|connections/followers_and_following)/",
    "Facebook": r"(^|/)(your_facebook_activity|this_profile's_activity_across_facebook)/",
    "TikTok": r"(^|/)(user_data(_tiktok)?\.json|TikTok/)",
    "Netflix": r"(^|/)CONTENT_INTERACTION/",
    "Spotify": r"(^|/)(StreamingHistory\w*|Streaming_History_\w+)\.json$",
    "X": r"(^|/)data/(tweets?|account)\.js$",
    "Telegram": r"(^|/)ChatExport_[^/]*/|(^|/)messages\.html$",
    "LinkedIn": r"(^|/)Connections\.csv$",
}


class WrongPlatform(ExportError):
    """The zip is an export, but of something else."""

    en = "This is an export of {found}, not of {wanted}. Choose the zip file that you received from {wanted}."
    nl = "Dit is een export van {found}, niet van {wanted}. Kies het zip-bestand dat je van {wanted} kreeg."


def recognise(names: Iterable[str]) -> str | None:
    """The platform that the file names point to, or None when they are not typical of any."""
    everything = list(names)
    for platform, sign in _SIGNS.items():
        pattern = re.compile(sign)
        if any(pattern.search(name) for name in everything):
            return platform
    return None


def expect(wanted: str, names: Iterable[str]) -> None:
    """Raise ``WrongPlatform`` when the names are typical of another platform than ``wanted``."""
    found = recognise(names)
    if found == "Google" and wanted == "YouTube":
        return  # Google's export without YouTube: the reader says what is missing.
    if found not in (None, wanted):
        raise WrongPlatform(found=str(found), wanted=wanted)
