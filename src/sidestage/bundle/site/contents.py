"""The files of a site, in memory: the page, what it names, and what vouches for all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import sidestage
from sidestage.bundle.packages import ServedPackage
from sidestage.bundle.page_assets import STATIC, WORKER_OF_SITE
from sidestage.bundle.runtime.asm_js import is_changed
from sidestage.bundle.runtime.find_runtime import present
from sidestage.bundle.site.bridge import bridge_origin
from sidestage.bundle.site.licences import Licence, licences, licences_as_text
from sidestage.bundle.study import Study
from sidestage.hashing import integrity_of, sha256_of
from sidestage.server.assets import Assets, size_of
from sidestage.server.html_pages import json_in_html, study_page, template_text
from sidestage.server.policy import policy
from sidestage.server.preloads import page_modules, page_scripts, preloads
from sidestage.server.sealed_frame import frame_element
from sidestage.server.site_manifest import PAGE_FILE, SiteFile, SiteManifest

_LICENCES_FILE = "licenses.txt"
_OFFLINE_FILE = "sw.js"
_PAGE, _SCRIPT, _PYTHON = "the page", "the script", "Python"


@dataclass(frozen=True)
class SiteSettings:
    """What an author decides about a site.

    Attributes:
        bridge: where donations go, as the page is told.
        language: that the page is in; by default that of each visitor, and English before its script has loaded.
        base_path: where the page's addresses start from, on a host that shows the page elsewhere than in its folder.
    """

    bridge: Mapping[str, str] = field(default_factory=lambda: {"kind": "download"})
    language: str | None = None
    base_path: str | None = None


@dataclass(frozen=True)
class FileContent:
    """The content of a file.

    Attributes:
        source: the bytes, or a file that holds them.
        sha256: of the content, in hexadecimal.
        size: in bytes.
        part: what of the site it belongs to; empty for what no participant is sent.
    """

    source: Path | bytes
    sha256: str
    size: int
    part: str = ""

    @classmethod
    def of(cls, data: bytes, part: str = "") -> FileContent:
        """What these bytes are."""
        return cls(data, sha256_of(data), len(data), part)

    def read(self) -> bytes:
        """The content."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()

    @property
    def integrity(self) -> str:
        """Its hash as browsers want it."""
        return integrity_of(self.sha256)


@dataclass(frozen=True)
class Site:
    """A site before it is written.

    Attributes:
        study: the name that donations are kept under.
        settings: what its author decided.
        policy: the Content-Security-Policy of its page.
        files: by their paths; without their compressed forms, and without ``site.json``.
        about: what it was made with, and under which licences.
    """

    study: str
    settings: SiteSettings
    policy: str
    files: dict[str, FileContent]
    about: dict[str, Any]

    def manifest(self, packed: Mapping[str, FileContent]) -> SiteManifest:
        """What ``site.json`` tells of it, together with the compressed forms."""
        everything = {**self.files, **packed}
        files = {path: SiteFile(each.size, each.sha256, each.part) for path, each in everything.items()}
        return SiteManifest(self.study, self.settings.bridge, self.policy, files, self.about)


@dataclass(frozen=True)
class PageParts:
    """What a page is made of, under names that bear their hashes.

    Attributes:
        study: the script.
        settings: what its author decided.
        assets: what they come from.
        files: all that the page fetches.
        scripts: the paths of the page's own scripts, in the order in which they run.
        modules: those, and what they import.
        frame: the document of the sealed frame.
        block: the files that the page itself names, each with its hash.
        own_prompts: whether it runs modules of the study's own prompts.
        ahead: what it is going to fetch, in the order in which it is best begun.
        pyodide: the version of the runtime.
        found: the licences of everything.
    """

    study: Study
    settings: SiteSettings
    assets: Assets
    files: dict[str, FileContent]
    scripts: Sequence[str]
    modules: Sequence[str]
    frame: str
    block: Mapping[str, Any]
    own_prompts: bool
    ahead: Sequence[str]
    pyodide: str
    found: Sequence[Licence]


def gather_parts(study: Study, assets: Assets, packages: Sequence[ServedPackage], settings: SiteSettings) -> PageParts:
    """Find what the page of a study is made of.

    Args:
        study: the script; it must be in order.
        assets: what ``fill_page_assets`` gave for just these packages.
        packages: what the script needs.
        settings: what its author decided.
    """
    manifest = json.loads(_asset(assets, "manifest.json"))
    files = _fetched_files(assets, manifest, packages)
    named = _Named(files)
    script = named.add("script.zip", study.archive(), _SCRIPT)
    modules = _add_modules(named, study)
    paths = {
        "manifest": named.add("sidestage/manifest.json", _asset(assets, "manifest.json"), _PAGE),
        "config": named.add("config.json", _json(_config(study, script, modules, settings)), _PAGE),
        "script": script,
    }
    renamed = {"/sidestage/manifest.json": paths["manifest"]}
    fetched = [renamed.get(path, path.removeprefix("/")) for path in preloads(assets)]
    ahead = [paths["config"], script, *fetched]
    block = {name: _named(files, path) for name, path in paths.items()}
    found = licences(
        *(packages, manifest["pyodide"], study.catalogue.python),
        changed=is_changed(manifest["files"][manifest["asm"]]["sha256"]),
        compiled="later" in manifest,
    )
    scripts, modules_of_page = ([f"sidestage/{path}" for path in find(assets)] for find in (page_scripts, page_modules))
    return PageParts(
        study,
        settings,
        assets,
        files,
        scripts=scripts,
        modules=modules_of_page,
        frame=_asset(assets, manifest["frame"]).decode(),
        block=block,
        own_prompts=bool(modules),
        ahead=ahead,
        pyodide=manifest["pyodide"],
        found=found,
    )


def assemble_site(parts: PageParts, static: Path = STATIC) -> Site:
    """Put a site together of its parts. ``static`` is the folder of the web build and the runtime."""
    files = dict(parts.files)
    origin = bridge_origin(parts.settings.bridge)
    rules = policy(
        template_text("page.html"),
        parts.assets,
        connect=[origin] if origin else [],
        based=parts.settings.base_path is not None,
        own_prompts=parts.own_prompts,
    )
    files[PAGE_FILE] = FileContent.of(_page(parts, rules).encode(), _PAGE)
    files[_OFFLINE_FILE] = FileContent.of(_offline(files, static), _PAGE)
    files[_LICENCES_FILE] = FileContent.of(licences_as_text(parts.found).encode())
    about = {
        "sidestage": sidestage.__version__,
        "pyodide": parts.pyodide,
        "licences": [each.entry() for each in parts.found],
    }
    return Site(parts.study.name, parts.settings, rules, dict(sorted(files.items())), about)


def policy_element(rules: str) -> str:
    """The policy in the page. It has to come first: what stands before it does not fall under it."""
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(rules)}">'


def block_element(block: Mapping[str, Any]) -> str:
    """Where a page names its own files."""
    return f'<script type="application/json" id="site">{json_in_html(block)}</script>'


def page_languages(settings: SiteSettings) -> list[str]:
    """What the page is written in until its script has loaded."""
    return [settings.language] if settings.language else []


def _page(parts: PageParts, rules: str) -> str:
    files = parts.files
    head = [policy_element(rules)]
    if parts.settings.base_path:
        head.append(f'<base href="{escape(parts.settings.base_path)}">')
    named = {path: f'="{path}" integrity="{files[path].integrity}"' for path in parts.modules}
    head += [f'<link rel="modulepreload" href{named[path]}>' for path in parts.modules]
    head.append(block_element({**parts.block, "offline": _OFFLINE_FILE}))
    return study_page(
        parts.study.title,
        page_languages(parts.settings),
        ahead=parts.ahead,
        head="\n".join(head),
        scripts="\n".join(f'<script type="module" src{named[path]}></script>' for path in parts.scripts),
        frame=frame_element(parts.frame),
    )


class _Named:
    """Puts files under names that bear their hashes."""

    def __init__(self, files: dict[str, FileContent]) -> None:
        self._files = files

    def add(self, path: str, data: bytes, part: str) -> str:
        """Add a file; returns the path that it got."""
        content = FileContent.of(data, part)
        stem, dot, suffix = path.rpartition(".")
        named = f"{stem}-{content.sha256[:16]}{dot}{suffix}"
        self._files[named] = content
        return named


def _fetched_files(
    assets: Assets, manifest: Mapping[str, Any], packages: Sequence[ServedPackage]
) -> dict[str, FileContent]:
    """What the engine fetches, at its addresses, which bear hashes already."""
    files = {}
    for path in manifest["files"]:
        part = _PAGE if path.startswith(("assets/", "frame/")) else _PYTHON
        files[f"sidestage/{path}"] = content_of(assets, path, part)
    lock = json.loads(_asset(assets, manifest["lock"]))["packages"]
    for package in packages:
        path = f"packages/{lock[package.name]['archive']['file_name']}"
        files[f"sidestage/{path}"] = content_of(assets, path, f"{package.name} {package.version}")
    return files


def content_of(assets: Assets, path: str, part: str = "") -> FileContent:
    """What lies at a path of the assets."""
    asset = assets.get(path)
    assert asset is not None, path
    return FileContent(asset.source, assets.digest(path), size_of(asset.source), part)


def _asset(assets: Assets, path: str) -> bytes:
    asset = assets.get(path)
    assert asset is not None, path
    return asset.read()


def _named(files: Mapping[str, FileContent], path: str) -> dict[str, Any]:
    """How the page names a file that it checks."""
    return {"address": path, "size": files[path].size, "sha256": files[path].sha256}


def _add_modules(named: _Named, study: Study) -> dict[str, Any]:
    """Put the modules of the study's own prompts there; what the page is told of them."""
    modules: dict[str, dict[str, Any]] = study.config().get("prompts", {})
    return {
        name: settings | {"address": named.add(settings["address"], study.prompt_module(name) or b"", _SCRIPT)}
        for name, settings in modules.items()
    }


def _config(study: Study, script: str, modules: Mapping[str, Any], settings: SiteSettings) -> dict[str, Any]:
    config = study.config() | {"archive": script, "bridge": dict(settings.bridge), "dev": False}
    config |= {"prompts": dict(modules)} if modules else {}
    return config | ({"locale": settings.language} if settings.language else {})


def _offline(files: Mapping[str, FileContent], static: Path) -> bytes:
    """The service worker, below a line that says which files the site has: it changes whenever one of them does."""
    integrity = {path: files[path].integrity for path in sorted(files)}
    build = sha256_of(_json(integrity))[:16]
    script = present(static / "web" / WORKER_OF_SITE).read_bytes()
    return b"self.site = " + _json({"build": build, "files": integrity}) + b";\n" + script


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
