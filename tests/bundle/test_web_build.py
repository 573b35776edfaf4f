"""How the modules of the web build name each other, as servers and sites rely on it."""

from __future__ import annotations

import re
from pathlib import Path

from sidestage.bundle.page_assets import STATIC
from sidestage.server.assets import Assets
from sidestage.server.preloads import page_modules, page_scripts

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
    assets = web_build()
    first, page = page_scripts(assets)
    assert page_modules(assets)[0] == first
    assert set(page_modules(assets)) == all_imported({first, page}, AT_ONCE)


def test_the_first_script_of_a_page_needs_no_other_and_is_small() -> None:
    assets = web_build()
    first, page = page_scripts(assets)
    assert imported(first, AT_ONCE) == set()
    assert (WEB / first).stat().st_size < 60_000
    # What both need is fetched once.
    assert first in imported(page, AT_ONCE)


def test_what_other_pages_import_has_an_address_that_stays() -> None:
    assert "PythonWorker" in (WEB / "sidestage.js").read_text()
    assert imported("sidestage.js", AT_ONCE) == set()
    assert {Path(path).name.partition("-")[0] for path in imported("app.js", AT_ONCE)} == {"page"}


def test_a_part_that_is_fetched_later_brings_only_itself_and_what_the_page_has() -> None:
    on_page = page_modules(web_build())
    later = set().union(*(imported(path, LATER) for path in on_page))
    assert any("table_review" in path for path in later)
    assert all_imported(later, AT_ONCE) - later <= set(on_page)
