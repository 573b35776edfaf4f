"""The document of the sealed frame, in which Python reaches no network and none of the page's data.

It is the same for every page and visit. The page of a study has the frame in its HTML, so that it comes up with the
page and not after its script; any other page fetches the document, and puts it into a frame itself.
"""

from __future__ import annotations

from html import escape

from sidestage.hashing import integrity_of, sha256_of
from sidestage.server.html_pages import json_in_html

#: The frame has an origin of its own that nothing belongs to. The page's script knows it by its name.
_ELEMENT = (
    '<iframe id="sealed" title="Python" sandbox="allow-scripts" allow="cross-origin-isolated" hidden aria-hidden="true"'
    ' srcdoc="{}"></iframe>\n'
)


def sealed_document(inside: str, worker: str) -> str:
    """The document.

    Its policy lets run what is posted in, and one script: the frame's own. Nothing is fetched from anywhere. The
    workers' script is data there, so that the first of them comes up before the page can ask for it.

    Args:
        inside: the frame's own script.
        worker: the script of its workers.
    """
    known = integrity_of(sha256_of(inside.encode()))
    rules = f"default-src 'none'; script-src '{known}' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    script = f'<script type="application/json" id="worker">{json_in_html(worker)}</script>'
    return f'<!doctype html><meta charset="utf-8">{policy}{script}<script>{inside}</script>'


def frame_element(document: str) -> str:
    """The frame, as HTML for a page."""
    return _ELEMENT.format(escape(document))
