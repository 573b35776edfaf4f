"""The modules of a study's own prompts: which of them a page gets, and what it is told of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from sidestage.bundle import Catalogue, Study
from sidestage.bundle.own_prompts import element_of, own_prompt_modules
from sidestage.bundle.page_assets import fill_page_assets
from sidestage.bundle.runtime.find_runtime import own_runtime
from sidestage.bundle.site import SiteSettings, assemble_site, gather_parts
from sidestage.server.assets import Assets

MODULE = 'customElements.define("prompt-scale", class extends HTMLElement {});\n'


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/Scale.js").write_text(MODULE)
    script = tmp_path / "study.py"
    script.write_text("def process(session):\n    yield\n")
    return script


def study_of(script: Path) -> Study:
    return Study(script, Catalogue(own_runtime().lock_path))


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("ColourWheel", "prompt-colour-wheel"),
        ("Scale", "prompt-scale"),
        ("VASScale", "prompt-vas-scale"),
        ("Scale2D", "prompt-scale2-d"),
        ("colour_wheel", "prompt-colour_wheel"),
    ],
)
def test_the_name_of_the_element_is_made_of_the_words_of_the_class(name: str, element: str) -> None:
    assert element_of(name) == element


def test_the_page_is_told_where_each_module_lies_and_what_it_must_be(script: Path) -> None:
    assert study_of(script).config()["prompts"] == {
        "Scale": {
            "address": "prompts/Scale.js",
            "element": "prompt-scale",
            "size": len(MODULE),
            "sha256": hashlib.sha256(MODULE.encode()).hexdigest(),
        }
    }


def test_a_study_without_modules_is_told_of_none(script: Path) -> None:
    (script.parent / "prompts/Scale.js").unlink()
    assert "prompts" not in study_of(script).config()


def test_only_what_can_draw_a_prompt_is_sent(script: Path, tmp_path: Path) -> None:
    folder = script.parent / "prompts"
    for name in ("no-class.js", "Färbung.js", "notes.txt", ".Hidden.js", "Scale.test.js"):
        (folder / name).write_text("")
    (folder / "Inner.js").mkdir()
    assert list(own_prompt_modules(script)) == ["Scale"]
    assert study_of(script).prompt_module("notes") is None
    assert study_of(script).prompt_module("../study") is None


def test_a_folder_that_leads_elsewhere_is_left_alone(script: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (script.parent / "prompts").rename(elsewhere)
    (script.parent / "prompts").symlink_to(elsewhere)
    assert own_prompt_modules(script) == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"one\n\xff", "prompts/Scale.js, line 2: a byte there is not UTF-8"),
        (b" " * (2 * 1024 * 1024 + 1), "prompts/Scale.js weighs 2.0 MB, more than the 2 MB that a page takes"),
    ],
)
def test_the_author_is_told_of_a_module_that_no_page_takes(script: Path, content: bytes, sentence: str) -> None:
    (script.parent / "prompts/Scale.js").write_bytes(content)
    assert sentence in study_of(script).config()["error"]


def test_a_change_of_a_module_is_a_change_of_the_study(script: Path) -> None:
    study = study_of(script)
    stamps = [study.stamp()]
    module = script.parent / "prompts/Scale.js"
    module.write_text(MODULE + "//\n")
    stamps.append(study.stamp())
    module.with_name("Other.js").write_text("")
    stamps.append(study.stamp())
    assert len(set(stamps)) == 3
    assert script.parent / "prompts" in study.folders()


def test_a_site_has_them_under_names_that_bear_their_hashes_and_its_policy_lets_them_bring_styles(
    script: Path, tmp_path: Path
) -> None:
    study = study_of(script)
    assets = Assets()
    fill_page_assets(assets, study.catalogue, only=(), cache_folder=tmp_path / "cache")
    site = assemble_site(gather_parts(study, assets, [], SiteSettings()))
    digest = hashlib.sha256(MODULE.encode()).hexdigest()
    path = f"prompts/Scale-{digest[:16]}.js"
    assert site.files[path].sha256 == digest
    [config] = (json.loads(each.read()) for name, each in site.files.items() if name.startswith("config-"))
    assert config["prompts"]["Scale"]["address"] == path
    assert path in site.files["sw.js"].read().decode()
    assert "style-src 'self' 'unsafe-inline';" in site.policy
