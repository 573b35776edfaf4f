"""A script as the server wants it: its configuration and its archive, as they are at the moment of asking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sidestage.bundle.check.prompt_modules import check_prompt_modules
from sidestage.bundle.check.yields import check_yields
from sidestage.bundle.data_files import UnnamedFiles
from sidestage.bundle.own_prompts import MODULES_FOLDER, module_settings, own_prompt_modules, read_module
from sidestage.bundle.packages import Catalogue, ServedPackage, wanted_packages
from sidestage.bundle.packages.install_order import install_order
from sidestage.bundle.script import Script, ScriptSyntaxError, project_file, read_script, title_from
from sidestage.bundle.script_archive import check_files, data_beside, files_beside, make_archive
from sidestage.bundle.script_metadata import PROJECT_FILE
from sidestage.errors import SidestageError
from sidestage.protocol import Text, to_wire


class Study:
    """One script to serve; fits ``sidestage.server.app.App``.

    The script is read again whenever it changed. A script that is wrong is served all the same: its page tells what is
    wrong, and the next save may mend it.

    Args:
        path: the script.
        catalogue: where its packages come from.
        name: stands in addresses and with each donation; the file's name without ``.py`` by default.
        title: shown in a gallery; the script's own by default.
        description: shown in a gallery; the script's own by default.
        dev: whether the page reloads on changes and reports errors to the terminal.
        provision: puts the packages that a script needs into the catalogue, whenever the script is checked; without it,
            the catalogue has to hold them.
    """

    def __init__(
        self,
        path: Path,
        catalogue: Catalogue,
        *,
        name: str | None = None,
        title: Text | None = None,
        description: Text | None = None,
        dev: bool = False,
        provision: Callable[[Script], object] | None = None,
    ) -> None:
        self.path = path.resolve()
        self.catalogue = catalogue
        self.name = name or path.stem
        self.dev = dev
        self._title = title
        self._description = description
        self._provision = provision
        self._shortage: tuple[tuple[str, ...], SidestageError] | None = None
        self._archive: tuple[object, bytes] | None = None

    @property
    def title(self) -> Text:
        """Shown in the browser's tab and in a gallery."""
        script = self._readable()
        return self._title or (script.title if script else title_from(self.path))

    @property
    def description(self) -> Text:
        """A sentence or two for a gallery."""
        script = self._readable()
        return self._description or (script.description if script else "")

    def check(self) -> Script:
        """Read the script and have its packages provided.

        Raises:
            SidestageError: if anything of it would keep a page from starting.
        """
        script = read_script(self.path)
        self._shortage = None
        if self._provision:
            try:
                self._provision(script)
            except SidestageError as error:
                self._shortage = (script.dependencies, error)
                raise
        self._packages(script)
        make_archive(self.path)
        module_settings(self.path)
        return script

    def packages(self) -> list[ServedPackage]:
        """What the page has to load, in install order.

        Raises:
            SidestageError: if the script cannot be read, or something it needs is not at hand.
        """
        return self._packages(self._read())

    def config(self) -> dict[str, Any]:
        """AppConfig: what the page needs to know to start. ``error`` is there when it cannot."""
        try:
            script = self._read()
            packages = self._packages(script)
            self.archive()
            modules = module_settings(self.path)
        except SidestageError as error:
            return self._config(self.title, None, []) | {"error": str(error)}
        declared = {key: to_wire(words) for key, words in script.session_data.items()}
        names = [package.name for package in packages]
        prompts = {"prompts": modules} if modules else {}
        warnings = {"warnings": found} if self.dev and (found := self.warnings()) else {}
        return self._config(script.title, script.platform, names) | {"sessionData": declared} | prompts | warnings

    def warnings(self) -> list[str]:
        """What its author should know although the page starts; empty where the script cannot be read."""
        if not self._readable():
            return []
        modules = check_prompt_modules(self.path)
        found = [str(finding) for finding in (*check_yields(self.path), *modules)]
        try:
            check_files(self.path)
        except UnnamedFiles as error:
            found.append(str(error))
        return found

    def check_files(self) -> None:
        """Make sure that nothing is published, or kept back, that nobody has thought of.

        Raises:
            UnnamedFiles: if a data file beside the script is not named; the message has the line to add.
        """
        check_files(self.path)

    def published(self) -> dict[str, int]:
        """The size of each file of the author's that everybody who opens the page can read, in bytes."""
        files = files_beside(self.path)
        files |= {f"{MODULES_FOLDER}/{path.name}": path for path in own_prompt_modules(self.path).values()}
        return {name: path.stat().st_size for name, path in files.items()}

    def archive(self) -> bytes:
        """The zip of the script and what lies beside it.

        Raises:
            SidestageError: if they cannot be read, or weigh too much.
        """
        stamp = self.stamp()
        if self._archive is None or self._archive[0] != stamp:
            self._archive = (stamp, make_archive(self.path))
        return self._archive[1]

    def prompt_module(self, name: str) -> bytes | None:
        """The module that draws the study's own prompt of this name; None where there is none.

        Raises:
            SidestageError: if it cannot be read, or weighs too much.
        """
        path = own_prompt_modules(self.path).get(name)
        return read_module(path) if path else None

    def folders(self) -> list[Path]:
        """Where the files lie that a page is made of."""
        folders = {self.path.parent, *(path.parent for path in files_beside(self.path).values())}
        modules = self.path.with_name(MODULES_FOLDER)
        return sorted(folders | ({modules} if modules.is_dir() else set()))

    def stamp(self) -> object:
        """Differs from an earlier one when the script, or a file that it needs, was changed, added or removed."""
        files = files_beside(self.path) | {PROJECT_FILE: project_file(self.path)}
        files |= {f"{MODULES_FOLDER}/{name}": path for name, path in own_prompt_modules(self.path).items()}
        return tuple(_stamp(name, path) for name, path in files.items()), tuple(data_beside(self.path))

    def _config(self, title: Text, platform: str | None, packages: list[str]) -> dict[str, Any]:
        return {
            "title": to_wire(title),
            "platform": platform,
            "script": self.path.name,
            "archive": "script.zip",
            "packages": packages,
            "dev": self.dev,
            "bridge": {"kind": "server"},
        }

    def _packages(self, script: Script) -> list[ServedPackage]:
        """What the page has to load for a script, in install order."""
        if self._shortage and self._shortage[0] == script.dependencies:
            raise self._shortage[1]
        return install_order(self.catalogue, wanted_packages(script, self.catalogue), asked_by=script.name)

    def _read(self) -> Script:
        """The script; one that Python here cannot parse is left to the page's Python, which shows its traceback."""
        try:
            return read_script(self.path)
        except ScriptSyntaxError as error:
            return error.script

    def _readable(self) -> Script | None:
        try:
            return self._read()
        except SidestageError:
            return None


def _stamp(name: str, path: Path) -> tuple[object, ...]:
    try:
        status = path.stat()
    except OSError:
        return (name,)
    return (name, status.st_mtime_ns, status.st_size)
