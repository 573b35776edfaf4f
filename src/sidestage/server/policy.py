"""The Content-Security-Policy of each page: what it may load, run and connect to, which is this server and no other.

Scripts in the HTML are named by the hash of their text. The sealed frame that Python runs in is made by the page, and
so falls under the page's policy besides its own, which is stricter still.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sidestage.hashing import integrity_of, sha256_of
from sidestage.server.assets import Assets

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_INLINE_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
#: The scripts of the sealed frame and of the frames of a study's own prompts, in the web build.
_INSIDE = re.compile(r"assets/(prompt_)?inside-[^/]*\.js")


def policy(
    html: str,
    assets: Assets | None = None,
    *,
    connect: Sequence[str] = (),
    based: bool = False,
    scripts: Sequence[str] = (),
    own_prompts: bool = False,
) -> str:
    """The policy of a page that is written in ``html``, as the template has it: before anything is put in.

    Args:
        html: the template.
        assets: with them, Python may run in the page.
        connect: other servers that the page may send to.
        based: whether the page may say what its relative addresses start from.
        scripts: the texts of further scripts in the page.
        own_prompts: whether modules of the study's run in frames of the page, which may bring styles of their own.
    """
    allowed = ["'self'", *_hashes([*_INLINE_SCRIPT.findall(html), *scripts])]
    if assets is not None:
        allowed += [*_inside_hashes(assets), "blob:", "'wasm-unsafe-eval'"]
    directives = {
        "default-src": ["'none'"],
        "script-src": allowed,
        # A frame falls under the page's policy besides its own; a hash beside it would take the word back.
        "style-src": ["'self'", *(["'unsafe-inline'"] if own_prompts else _hashes(_INLINE_STYLE.findall(html)))],
        # Attributes can set a width, and fetch nothing that img-src does not allow.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'", *connect],
        "worker-src": ["'self'", "blob:"],
        # The frames that the page makes are of no address; one that leads itself anywhere else comes nowhere.
        "frame-src": ["'none'"],
        "base-uri": ["'self'" if based else "'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def frame_ancestors(bridge: Mapping[str, Any]) -> str:
    """Who may show a study's page in a frame, by where its donations go: a host, if it was built for one, else nobody.

    A policy can say this in a header only.
    """
    if bridge["kind"] != "host":
        return "frame-ancestors 'none'"
    return f"frame-ancestors {bridge.get('origin', '*')}"


def _inside_hashes(assets: Assets) -> list[str]:
    return [_quoted(assets.digest(path)) for path in assets if _INSIDE.fullmatch(path)]


def _hashes(texts: Iterable[str]) -> list[str]:
    return [_quoted(sha256_of(text.encode())) for text in texts]


def _quoted(sha256: str) -> str:
    return f"'{integrity_of(sha256)}'"
