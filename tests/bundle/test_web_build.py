"""How the modules of the web build name each other, as servers and sites rely on it."""

from __future__ import annotations

import re

from sidestage.bundle.page_assets import STATIC
from sidestage.server.assets import Assets
from sidestage.server.preloads import page_modules

WEB = STATIC / "web"
AT_ONCE = re.compile(r"""(?:from|import)\s*["']([^"']+\.js)["']""")
LATER = re.compile(r"""import\(\s*["'`]([^"'`]+\.js)["'`]""")


def web_build() -> Assets:
    """The files of the web build, as they are served."""
    assets = Assets()
    for file in WEB.rglob("*.js"):
        assets.add_file(file.relative_to(WEB).as_posix(), file)
    return assets


def imported(path: str, form: re.Pattern[str]) -> set[str]:
    """The modules that a module imports, by their paths in the web build."""
    folder = (WEB / path).parent
    return {(folder / name).resolve().relative_to(WEB).as_posix() for name in form.findall((WEB / path).read_text())}


def all_imported(paths: set[str], form: re.Pattern[str]) -> set[str]:
    """All that these modules import, and what those import."""
    found = set().union(*(imported(path, form) for path in paths)) - paths
    return paths | (all_imported(paths | found, form) if found else set())


def test_a_page_fetches_every_module_that_it_imports_at_once_as_soon_as_its_own() -> None:
    assert set(page_modules(web_build())) == all_imported({"app.js"}, AT_ONCE)


def test_a_part_that_is_fetched_later_brings_only_itself_and_what_the_page_has() -> None:
    on_page = page_modules(web_build())
    later = set().union(*(imported(path, LATER) for path in on_page))
    assert any("table_review" in path for path in later)
    # Not the page's own script, either, which has another name in a built site.
    assert all_imported(later, AT_ONCE) - later <= set(on_page) - {"app.js"}
