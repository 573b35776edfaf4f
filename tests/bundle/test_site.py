"""A site: what is in it, what vouches for it, and where it may be written."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import brotli
import pytest

from sidestage.bundle.runtime.asm_js import change_script, is_changed
from sidestage.bundle.site.bridge import bridge_origin, parse_bridge
from sidestage.bundle.site.contents import FileContent, Site, SiteSettings
from sidestage.bundle.site.packing import pack, transferred
from sidestage.bundle.site.single import write_single
from sidestage.bundle.site.writing import check_place, write_site
from sidestage.server.site_manifest import SiteError, read_site
from tools.serving import sidestage

ROOT = Path(__file__).resolve().parents[2]
STUDY = """
# /// script
# dependencies = ["small"]
# ///
import small
from sidestage import flow

def process(session):
    yield flow.show_text(small.__name__)
"""
METADATA = """Metadata-Version: 2.1
Name: {name}
Version: 1.0
License: A long text
 that goes on
Classifier: License :: OSI Approved :: MIT License
{more}
"""


def write_wheel(folder: Path, name: str, more: str = "") -> None:
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", "'''A module.'''\n")
        archive.writestr(f"{info}/METADATA", METADATA.format(name=name, more=more))
        archive.writestr(f"{info}/licenses/LICENSE", f"The terms of {name}.")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study, ``one`` and ``two`` built of it, and ``one.zip``."""
    folder = tmp_path_factory.mktemp("built")
    wheels = folder / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "small", "License-Expression: Zlib\nRequires-Dist: its_helper")
    write_wheel(wheels, "its_helper")
    write_wheel(wheels, "not_needed")
    (folder / "study").mkdir()
    (folder / "study/study.py").write_text(STUDY)
    for to, more in (("one", ["--zip"]), ("two", [])):
        done = sidestage(
            *("build", folder / "study/study.py", "-o", folder / to, "--no-compress", "--find-links", wheels), *more
        )
        assert done.returncode == 0, done.stderr
    return folder


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_are_the_same_bytes(built: Path) -> None:
    names = names_in(built / "one")
    assert names == names_in(built / "two")
    for name in names:
        assert (built / "one" / name).read_bytes() == (built / "two" / name).read_bytes(), name


def test_only_what_is_needed_is_in_it(built: Path) -> None:
    names = names_in(built / "one")
    archives = {name.rsplit("/", 1)[1] for name in names if "/packages/" in name}
    assert archives == {"small-1.0.zip", "its-helper-1.0.zip"}
    assert not [name for name in names if name.endswith((".whl", ".mjs", "sidestage.js", "python_stdlib.zip"))]
    (lock,) = (built / "one/sidestage/lock").iterdir()
    assert json.loads(lock.read_text())["packages"].keys() == {"small", "its-helper"}


def test_every_file_is_told_with_its_hash_and_every_address_is_relative(built: Path) -> None:
    site = built / "one"
    manifest = read_site(site)
    assert manifest.files.keys() == names_in(site) - {"site.json"}
    for name, file in manifest.files.items():
        content = (site / name).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    page = (site / "index.html").read_text()
    assert not re.findall(r'(?:src|href)="(?!data:|sidestage/)', page)
    ahead = json.loads(re.findall(r'id="ahead">(.*?)</script>', page)[0])
    assert set(ahead) <= names_in(site)
    kept = json.loads((site / "sw.js").read_text().partition(";\n")[0].removeprefix("self.site = "))["files"]
    assert kept.keys() == names_in(site) - {"sw.js", "site.json", "licenses.txt"}


def test_the_licence_of_everything_is_told(built: Path) -> None:
    told = {each["name"]: each["licence"] for each in read_site(built / "one").about["licences"]}
    assert told["small"] == "Zlib"
    assert told["its-helper"] == "MIT License"
    assert told["Pyodide"] == "MPL-2.0"
    text = (built / "one/licenses.txt").read_text()
    assert "The terms of small." in text
    assert "Mozilla Public License" in text
    called = {
        "@tanstack/virtual-core": "TanStack Virtual",
        "hash-wasm": "hash-wasm",
        "idb-keyval": "idb-keyval",
        "lit": "Lit",
        "@lit/context": "Lit",
        "pyodide": "Pyodide",
    }
    assert json.loads((ROOT / "web/package.json").read_text())["dependencies"].keys() == called.keys()
    assert told.keys() >= set(called.values())


def test_the_terms_of_pyodide_say_what_was_changed_and_where_the_original_is(built: Path) -> None:
    site = built / "one"
    (script,) = site.glob("sidestage/runtime/*/pyodide.asm.js")
    assert is_changed(hashlib.sha256(script.read_bytes()).hexdigest())
    about = read_site(site).about
    terms = _section(site, "Pyodide: what was changed")
    assert "The file pyodide.asm.js was changed" in terms
    assert f"by the module {change_script.__module__} of Sidestage" in terms
    assert f"in the npm package pyodide, version {about['pyodide']}" in terms
    assert "The standard library was compiled" in _section(site, "CPython: what was changed")
    notices = _section(site, "Sidestage: NOTICES.md")
    assert change_script.__module__.replace(".", "/") + ".py" in notices
    assert f"npm package `pyodide`, version {about['pyodide']}" in notices


def test_the_terms_of_pyodide_say_that_nothing_was_changed_where_that_is_so(built: Path) -> None:
    done = sidestage(
        *("build", built / "study/study.py", "-o", built / "plain", "--no-compress", "--runtime", "plain"),
        *("--find-links", built / "wheels"),
    )
    assert done.returncode == 0, done.stderr
    (script,) = (built / "plain").glob("sidestage/runtime/*/pyodide.asm.js")
    assert script.read_bytes() == (ROOT / "web/node_modules/pyodide/pyodide.asm.js").read_bytes()
    assert _section(built / "plain", "Pyodide: what was changed").startswith(
        "Nothing. The original files are in the npm"
    )
    assert _section(built / "plain", "CPython: what was changed").startswith("Nothing: ")


def _section(site: Path, title: str) -> str:
    """A section of the site's licences."""
    line = "=" * 80
    _, _, rest = (site / "licenses.txt").read_text().partition(f"{line}\n{title}\n{line}\n")
    return rest.partition(line)[0].strip()


def test_the_zip_holds_the_same_files(built: Path) -> None:
    with zipfile.ZipFile(built / "one.zip") as archive:
        assert set(archive.namelist()) == names_in(built / "one")
        assert archive.read("index.html") == (built / "one/index.html").read_bytes()


def small_site(**files: bytes) -> Site:
    content = {name.replace("_", "."): FileContent.of(data, "the page") for name, data in files.items()}
    return Site("study", SiteSettings(), "default-src 'none'", content, {"sidestage": "1"})


def test_compressed_forms_lie_beside_what_they_make_smaller(tmp_path: Path) -> None:
    text = b"one line of many\n" * 1000
    site = small_site(long_js=text, short_js=b"short")
    packed = pack(site.files, tmp_path / "cache")
    assert packed.keys() == {"long.js.br", "long.js.gz"}
    assert brotli.decompress(packed["long.js.br"].read()) == text
    assert gzip.decompress(packed["long.js.gz"].read()) == text
    assert transferred(site.files, packed, ".br") == {"the page": packed["long.js.br"].size + 5}
    again = pack(site.files, tmp_path / "cache")
    assert {name: form.sha256 for name, form in again.items()} == {name: form.sha256 for name, form in packed.items()}


def test_an_earlier_build_is_replaced_and_anything_else_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_site(folder, small_site(index_html=b"old", old_js=b"old"), {})
    write_site(folder, small_site(index_html=b"new"), {})
    assert names_in(folder) == {"index.html", "site.json"}
    assert (folder / "index.html").read_bytes() == b"new"
    assert names_in(tmp_path) == {"site/index.html", "site/site.json"}
    (folder / "CNAME").write_text("study.example.org")
    with pytest.raises(SiteError, match="CNAME, which would be lost"):
        write_site(folder, small_site(index_html=b"newer"), {})
    assert (folder / "index.html").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("present", "sentence"), [(["thesis.docx"], "holds something else than an earlier build"), ([], None)]
)
def test_a_folder_that_is_no_build_is_not_written_to(
    tmp_path: Path, present: Iterable[str], sentence: str | None
) -> None:
    for name in present:
        (tmp_path / name).write_text("precious")
    if sentence is None:
        check_place(tmp_path)
        return
    with pytest.raises(SiteError, match=sentence):
        check_place(tmp_path)


def test_ways_for_donations() -> None:
    assert parse_bridge("download") == {"kind": "download"}
    assert parse_bridge("server") == {"kind": "server"}
    way = parse_bridge("server=https://study.example.org:8443/a")
    assert way == {"kind": "server", "url": "https://study.example.org:8443/a/"}
    assert bridge_origin(way) == "https://study.example.org:8443"
    assert parse_bridge("host") == {"kind": "host"}
    for named in ("https://Host.example.org", "https://host.example.org/", "https://host.example.org:443"):
        assert parse_bridge(f"host={named}") == {"kind": "host", "origin": "https://host.example.org"}
    assert parse_bridge("host=http://localhost:8080")["origin"] == "http://localhost:8080"
    for wrong in ("host=", "host=example.org", "host=https://example.org/a", "host=https://*.example.org"):
        with pytest.raises(SiteError, match="that is no origin of a page"):
            parse_bridge(wrong)
    for wrong in ("post", "download=x", "server=", "server=example.org", "server=https://a b/"):
        with pytest.raises(SiteError, match="say download, host, host="):
            parse_bridge(wrong)


def test_one_file_takes_the_place_of_an_earlier_one_only(built: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>My thesis</p>")
    with pytest.raises(SiteError, match="something else than an earlier build"):
        write_single(page, b"new")
    page.unlink()
    earlier = b'<script type="application/octet-stream" data-file="app.js">'
    write_single(page, earlier)
    write_single(page, earlier + b"new")
    assert page.read_bytes() == earlier + b"new"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--bridge", "server"], "Name one: --bridge server=URL"),
        (["--zip"], "does not go together"),
        (["--bridge", "post"], "there is no such way for donations"),
    ],
)
def test_what_one_file_cannot_be_is_said(built: Path, words: list[str], sentence: str) -> None:
    script, page, wheels = built / "study/study.py", built / "page.html", built / "wheels"
    done = sidestage("build", script, "--single", "-o", page, "--find-links", wheels, *words)
    assert done.returncode != 0
    assert sentence in " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr).split())
    assert not page.exists()


WITHOUT_PACKAGES = "def process(session):\n    yield\n"


def test_a_build_stops_at_a_data_file_that_nobody_has_named_and_lists_what_it_publishes(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    (tmp_path / "words.json").write_text("[]")
    done = sidestage("build", script, "-o", tmp_path / "site", "--no-compress")
    assert done.returncode == 1
    assert "words.json lies beside study.py" in done.stderr
    assert 'add the line files = ["words.json"] under [tool.sidestage]' in done.stderr
    assert not (tmp_path / "site").exists()
    script.write_text(f'# /// script\n# [tool.sidestage]\n# files = ["words.json"]\n# ///\n{WITHOUT_PACKAGES}')
    done = sidestage("build", script, "-o", tmp_path / "site", "--no-compress")
    assert done.returncode == 0, done.stderr
    listed = done.stdout.partition("Everybody who opens the page can read these files of yours:\n")[2].splitlines()[:2]
    assert [line.split() for line in listed] == [
        ["study.py", str(script.stat().st_size), "bytes"],
        ["words.json", "2", "bytes"],
    ]
