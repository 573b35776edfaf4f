"""Opening a page in the person's own browser."""

from __future__ import annotations

import threading
import webbrowser

#: Browsers that would take over the terminal that the address is printed in.
_TERMINAL_BROWSERS = ("lynx", "elinks", "links", "w3m", "www-browser")


def open_browser(address: str) -> None:
    """Open the address, if there is a browser with a window. Does not wait for it: some return only when closed."""
    threading.Thread(target=_open, args=(address,), name="sidestage-browser", daemon=True).start()


def _open(address: str) -> None:
    try:
        browser = webbrowser.get()
        if getattr(browser, "basename", "") not in _TERMINAL_BROWSERS:
            browser.open(address)
    except (webbrowser.Error, OSError):
        return  # The address stands in the terminal.
