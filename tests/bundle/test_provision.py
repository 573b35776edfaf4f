"""From a script's dependencies to locked wheels, with folders, a package index, and a copy of Pyodide's files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sidestage.bundle import Catalogue, Script, read_script
from sidestage.bundle.packages import (
    LockError,
    NotAtHand,
    PackageNotFound,
    Provision,
    Provisioner,
    ProvisionError,
    VersionConflict,
    WrongHash,
    wanted_packages,
)
from sidestage.bundle.packages.install_order import install_order
from sidestage.bundle.packages.wheel_sources import WheelSources
from sidestage.bundle.packages.wheelhouse import Wheelhouse
from tests.bundle.package_index import PackageIndex

MakeWheel = Callable[..., Path]
NUMPY = "numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl"


class Desk:
    """An author's desk: a script, a runtime, a cache, and what can be reached from here."""

    def __init__(self, folder: Path, runtime: Path, index: PackageIndex) -> None:
        self.folder = folder
        self.runtime = runtime
        self.index = index
        self.told: list[str] = []
        self.lock = folder / "pylock.study.toml"

    def script(self, *dependencies: str, code: str = "") -> Script:
        """Write the script."""
        block = f"# /// script\n# dependencies = {json.dumps(dependencies)}\n# ///\n"
        (self.folder / "study.py").write_text(f"{block}{code}\ndef process(session):\n    yield\n")
        return read_script(self.folder / "study.py")

    def provisioner(self, *folders: Path, locked: bool = False) -> Provisioner:
        """As a command puts it together."""
        catalogue = Catalogue(self.runtime, folders)
        sources = WheelSources(catalogue, Wheelhouse(self.folder / "cache/wheels"), self.index.built_url)
        return Provisioner(catalogue, sources, locked=locked, tell=self.told.append)

    def provision(self, *dependencies: str, folders: tuple[Path, ...] = (), upgrade: bool = False) -> Provision:
        """Write the script, have its packages provision, and save the lock file."""
        provisioner = self.provisioner(*folders)
        provision = provisioner.provision(self.script(*dependencies), upgrade=upgrade)
        assert provision is not None
        provision.save()
        assert [package.name for package in install_order(provisioner.catalogue, dependencies)]
        return provision


@pytest.fixture
def runtime(tmp_path: Path, lock_path: Path, wheels: Path) -> Path:
    """A runtime whose distribution is the wheels that the tests have."""
    lock = json.loads(lock_path.read_text())
    for file in wheels.glob("*.whl"):
        name, version = file.name.split("-")[:2]
        entry = lock["packages"][name.replace("_", "-")]
        entry |= {"file_name": file.name, "version": version, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime/package.json").write_text('{"version": "0.29.5"}')
    path = tmp_path / "runtime/pyodide-lock.json"
    path.write_text(json.dumps(lock))
    return path


@pytest.fixture
def desk(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("index", "built", "study"):
        (tmp_path / name).mkdir()
    index = PackageIndex(tmp_path / "index", tmp_path / "built")
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    yield Desk(tmp_path / "study", runtime, index)
    index.close()


def pinned(provision: Provision) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The versions, and who asked for them."""
    return {pin.name: (pin.version, pin.asked_by) for pin in provision.lock.pins}


def test_pandas_comes_from_pyodides_own_files_and_the_rest_from_the_index(desk: Desk, wheels: Path) -> None:
    for file in wheels.glob("*.whl"):
        shutil.copy(file, desk.index.built if "wasm32" in file.name else desk.index.folder)
    provision = desk.provision("pandas")
    assert pinned(provision) == {
        "numpy": ("2.2.5", ("pandas",)),
        "pandas": ("2.3.2", ("study.py",)),
        "python-dateutil": ("2.9.0.post0", ("pandas",)),
        "pytz": ("2025.2", ("pandas",)),
        "six": ("1.17.0", ("python-dateutil",)),
    }
    assert desk.told == [
        "Looking for the packages of study.py",
        "Fetching 5 packages: numpy, pandas, python-dateutil, pytz, six",
    ]
    sha256 = hashlib.sha256((wheels / NUMPY).read_bytes()).hexdigest()
    assert provision.files["numpy"] == desk.folder / f"cache/wheels/{sha256}/{NUMPY}"
    assert "127.0.0.1" not in desk.lock.read_text()


def test_with_a_lock_file_that_fits_nobody_is_asked(desk: Desk, make_wheel: MakeWheel) -> None:
    make_wheel("outer", requires=["inner>=1"], within=desk.index.folder)
    make_wheel("inner", within=desk.index.folder)
    first = desk.provision("outer")
    written = desk.lock.read_bytes()
    desk.index.close()
    make_wheel("inner", "2.0", within=desk.index.folder)
    desk.told.clear()
    again = desk.provision("outer")
    assert (again.lock, again.changed, desk.told) == (first.lock, False, [])
    assert desk.lock.read_bytes() == written


def test_locked_files_that_lie_beside_the_lock_file_are_taken_from_there(desk: Desk, make_wheel: MakeWheel) -> None:
    wheel = make_wheel("outer", within=desk.index.folder)
    desk.provision("outer")
    desk.index.close()
    shutil.rmtree(desk.folder / "cache")
    shutil.copy(wheel, desk.folder)
    assert desk.provision("outer").files == {"outer": desk.folder / wheel.name}
    # Another file of that name is none.
    make_wheel("outer", requires=["more"], within=desk.folder)
    with pytest.raises(NotAtHand, match=r"outer-1\.0-py3-none-any\.whl"):
        desk.provision("outer")


def test_folders_that_have_everything_are_enough(desk: Desk, wheels: Path, make_wheel: MakeWheel) -> None:
    make_wheel("numpy", "9.9", within=desk.index.folder)
    provision = desk.provision("pandas", folders=(wheels,))
    assert provision.lock.versions()["numpy"] == "2.2.5"
    assert desk.index.asked == []
    # The next start needs the folder no more.
    assert desk.provision("pandas").files.keys() == provision.files.keys()


def test_what_a_folder_has_comes_before_what_the_index_has(desk: Desk, make_wheel: MakeWheel) -> None:
    folder = make_wheel("outer", "1.0", requires=["inner"]).parent
    make_wheel("outer", "2.0", within=desk.index.folder)
    make_wheel("inner", within=desk.index.folder)
    assert desk.provision("outer", folders=(folder,)).lock.versions() == {"outer": "1.0", "inner": "1.0"}
    # The folder's own does not fit here.
    assert desk.provision("outer>1", folders=(folder,)).lock.versions() == {"outer": "2.0"}


def test_only_what_runs_in_a_browser_is_chosen(desk: Desk, make_wheel: MakeWheel) -> None:
    make_wheel("thing", "1.0", within=desk.index.folder)
    make_wheel("thing", "2.0", tag="cp313-cp313-pyemscripten_2025_0_wasm32", within=desk.index.folder)
    make_wheel("thing", "3.0", tag="cp313-cp313-manylinux_2_28_x86_64", within=desk.index.folder)
    make_wheel("thing", "4.0", python=">=3.14", within=desk.index.folder)
    (desk.index.folder / "thing-5.0.tar.gz").write_bytes(b"sources, which are not built")
    assert desk.provision("thing").lock.versions() == {"thing": "2.0"}


def test_locked_versions_stay_until_an_upgrade(desk: Desk, make_wheel: MakeWheel) -> None:
    make_wheel("first", "1.0", within=desk.index.folder)
    desk.provision("first")
    make_wheel("first", "2.0", within=desk.index.folder)
    make_wheel("second", "1.0", within=desk.index.folder)
    assert desk.provision("first", "second").lock.versions() == {"first": "1.0", "second": "1.0"}
    assert desk.provision("first", "second", upgrade=True).lock.versions() == {"first": "2.0", "second": "1.0"}
    assert desk.provision("first>=1.5").lock.versions() == {"first": "2.0"}


def test_a_locked_wheel_of_a_folder_stays_without_the_folder(desk: Desk, make_wheel: MakeWheel) -> None:
    folder = make_wheel("first", "1.0").parent
    locked = desk.provision("first", folders=(folder,)).lock.pins
    make_wheel("second", within=desk.index.folder)
    pins = desk.provision("first", "second").lock.pins
    assert pins[0] == locked[0]
    assert pins[1].name == "second"


def test_locked_means_that_the_lock_file_must_fit(desk: Desk, make_wheel: MakeWheel) -> None:
    folder = make_wheel("first").parent
    provisioner = desk.provisioner(folder, locked=True)
    with pytest.raises(
        LockError, match=r"pylock\.study\.toml does not fit study\.py: there is none\. Run 'sidestage lock"
    ):
        provisioner.provision(desk.script("first"))
    desk.provision("first", folders=(folder,))
    assert provisioner.provision(desk.script("first")) is not None
    with pytest.raises(LockError, match=r"have changed since \(first<2 came in and first went out\)"):
        provisioner.provision(desk.script("first<2"))


def test_another_pyodide_asks_for_another_lock(desk: Desk, make_wheel: MakeWheel) -> None:
    folder = make_wheel("first").parent
    desk.provision("first", folders=(folder,))
    desk.runtime.with_name("package.json").write_text('{"version": "0.29.6"}')
    with pytest.raises(LockError, match=r"it is for Pyodide 0\.29\.5, and the runtime is 0\.29\.6"):
        desk.provisioner(folder, locked=True).provision(desk.script("first"))
    assert desk.provision("first", folders=(folder,)).lock.pyodide == "0.29.6"


def test_a_runtime_that_uv_has_no_name_for_gets_its_own_wheels(desk: Desk, make_wheel: MakeWheel) -> None:
    lock = json.loads(desk.runtime.read_text())
    lock["info"] |= {"abi_version": "2026_0", "python": "3.14.2"}
    desk.runtime.write_text(json.dumps(lock))
    folder = make_wheel("native", tag="cp314-cp314-pyemscripten_2026_0_wasm32", requires=["pure"]).parent
    make_wheel("native", "2.0", tag="cp313-cp313-pyodide_2025_0_wasm32")
    make_wheel("pure", python=">=3.14", within=desk.index.folder)
    provision = desk.provision("native", folders=(folder,))
    assert (provision.lock.python, provision.lock.versions()) == ("3.14.2", {"native": "1.0", "pure": "1.0"})


def test_a_script_without_dependencies_gets_no_lock_file(desk: Desk) -> None:
    assert desk.provisioner(locked=True).provision(desk.script()) is None
    assert desk.provisioner(locked=True).provision(desk.script("sidestage>=0.1")) is None


def test_a_file_that_is_not_what_the_index_promised_is_thrown_away(desk: Desk, make_wheel: MakeWheel) -> None:
    wheel = make_wheel("thing", within=desk.index.folder)
    got = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wheel.with_suffix(".sha256").write_text("a" * 64)
    with pytest.raises(WrongHash, match=rf"{wheel.name} from \S+ is not the file .* should be a{{64}} and is {got}"):
        desk.provision("thing")
    assert list((desk.folder / "cache/wheels").glob("*")) == []
    assert not desk.lock.exists()


def test_a_file_of_pyodide_that_was_changed_is_thrown_away(desk: Desk, wheels: Path) -> None:
    (desk.index.built / NUMPY).write_bytes((wheels / NUMPY).read_bytes() + b"more")
    with pytest.raises(WrongHash, match=f"{NUMPY} from "):
        desk.provision("numpy")


def test_a_damaged_file_in_the_cache_is_fetched_again(desk: Desk, make_wheel: MakeWheel) -> None:
    make_wheel("thing", within=desk.index.folder)
    kept = desk.provision("thing").files["thing"]
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-10])
    assert desk.provision("thing").files["thing"].read_bytes() == whole


def test_what_nobody_has_used_for_months_is_removed(desk: Desk, make_wheel: MakeWheel) -> None:
    make_wheel("thing", within=desk.index.folder)
    old = desk.provision("thing").files["thing"].parent
    make_wheel("other", within=desk.index.folder)
    kept = desk.provision("other").files["other"].parent
    for folder in (old, kept, *(desk.folder / "cache/stubs").iterdir()):
        os.utime(folder, (1, 1))
    # What the lock file names is used, and so is what uv is shown.
    desk.provision("other", "nothing-here; sys_platform == 'linux'")
    assert not old.exists()
    assert kept.exists()
    assert len(list((desk.folder / "cache/stubs").iterdir())) == 1


def test_a_folder_with_another_file_than_the_locked_one_is_told(desk: Desk, make_wheel: MakeWheel) -> None:
    wheel = make_wheel("thing")
    desk.provision("thing", folders=(wheel.parent,))
    shutil.rmtree(desk.folder / "cache")
    make_wheel("thing", requires=["inner"])
    with pytest.raises(
        WrongHash, match=rf"{wheel} is not the file that the lock of study\.py names: its SHA-256 should"
    ):
        desk.provision("thing", folders=(wheel.parent,))


def test_without_a_network_what_was_fetched_before_is_enough(desk: Desk, make_wheel: MakeWheel) -> None:
    make_wheel("first", within=desk.index.folder)
    make_wheel("second", within=desk.index.folder)
    desk.provision("first")
    desk.provision("second")
    desk.lock.unlink()
    desk.index.close()
    assert desk.provision("first", "second").lock.versions() == {"first": "1.0", "second": "1.0"}
    assert any("The package index cannot be asked (127.0.0.1 does not answer" in told for told in desk.told)


def test_without_a_network_what_is_here_and_what_is_missing_is_told(
    desk: Desk, wheels: Path, make_wheel: MakeWheel
) -> None:
    desk.provision("six", folders=(wheels,))
    desk.index.close()
    with pytest.raises(NotAtHand) as caught:
        desk.provision("six", "numpy")
    sentence = str(caught.value)
    assert (
        f"packages of study.py cannot be fetched: {NUMPY} (127.0.0.1 cannot be reached: Connection refused)" in sentence
    )
    assert "On this machine there is six 1.17.0" in sentence
    with pytest.raises(
        NotAtHand, match=r"study\.py asks for the package nonesuch, of which nothing is on this machine"
    ):
        desk.provision("six", "nonesuch")


def test_a_lock_file_whose_wheels_are_gone_says_which(desk: Desk, make_wheel: MakeWheel) -> None:
    for name in ("first", "second"):
        make_wheel(name, within=desk.index.folder)
    desk.provision("first", "second")
    shutil.rmtree(desk.folder / "cache")
    (desk.index.folder / "second-1.0-py3-none-any.whl").unlink()
    with pytest.raises(
        NotAtHand, match=r"second-1\.0-py3-none-any\.whl \(it is not, or no longer, on the package index"
    ):
        desk.provision("first", "second")
    make_wheel("second", requires=["other"], within=desk.index.folder)
    with pytest.raises(NotAtHand, match=r"second-1\.0\S+ \(the file of that name on the package index is another"):
        desk.provision("first", "second")


@pytest.mark.parametrize(
    ("dependencies", "kind", "sentence"),
    [
        (
            ["nonesuch>=2"],
            PackageNotFound,
            r"study\.py asks for the package nonesuch >=2, and there is no wheel of it in the",
        ),
        (["lost"], PackageNotFound, r"lost asks for the package nonesuch, and there is no wheel"),
        (
            ["native"],
            PackageNotFound,
            r"needs native 1\.0 \(asked for by study\.py\), and no wheel of it runs in a browser",
        ),
        (
            ["needing"],
            PackageNotFound,
            r"study\.py needs native 1\.0 \(asked for by needing\), and no wheel of it runs",
        ),
        (
            ["numpy>=99"],
            VersionConflict,
            r"study\.py and its packages ask for versions that do not go together: .*numpy>=99",
        ),
        (
            ["old"],
            VersionConflict,
            r"old asks for the package numpy <2, and no such version runs .* Pyodide 0\.29\.5 has 2\.2\.5",
        ),
        (
            ["left", "right"],
            VersionConflict,
            r"do not go together: .*right depend on middle>=2.*left depend on middle<2",
        ),
    ],
)
def test_what_cannot_be_is_told_with_who_asked(
    desk: Desk, make_wheel: MakeWheel, dependencies: list[str], kind: type[ProvisionError], sentence: str
) -> None:
    def offer(name: str, *requires: str, version: str = "1.0", tag: str = "py3-none-any") -> None:
        make_wheel(name, version, requires=requires, tag=tag, within=desk.index.folder)

    offer("lost", "nonesuch")
    offer("native", "along", tag="cp313-cp313-manylinux_2_28_x86_64")
    offer("along", tag="cp313-cp313-manylinux_2_28_x86_64")
    offer("needing", "native")
    offer("numpy", version="1.26", tag="cp313-cp313-win_amd64")
    offer("old", "numpy<2")
    offer("left", "middle<2")
    offer("right", "middle>=2")
    offer("middle")
    offer("middle", version="2.0")
    with pytest.raises(kind, match=sentence) as caught:
        desk.provision(*dependencies)
    assert "along" not in str(caught.value)
    assert not desk.lock.exists()


def test_a_part_of_the_standard_library_comes_along_once_it_can(desk: Desk, tmp_path: Path) -> None:
    built = tmp_path / "sqlite3.whl"
    with zipfile.ZipFile(built, "w") as archive:
        archive.writestr("sqlite3/__init__.py", "")
    lock = json.loads(desk.runtime.read_text())
    lock["packages"]["sqlite3"]["sha256"] = hashlib.sha256(built.read_bytes()).hexdigest()
    desk.runtime.write_text(json.dumps(lock))
    provisioner = desk.provisioner()
    script = desk.script(code="def find():\n    import sqlite3.dbapi2\n")
    provision = provisioner.provision(script)
    assert provision is not None
    assert [(pin.name, pin.asked_by) for pin in provision.lock.pins] == [("sqlite3", ("study.py",))]
    assert "Python's own sqlite3 is a download apart in Pyodide, and cannot be fetched now" in provision.warnings[0]
    provision.save()
    shutil.copy(built, desk.index.built / lock["packages"]["sqlite3"]["file_name"])
    again = provisioner.provision(script)
    assert again is not None
    assert (again.changed, again.warnings, list(again.files)) == (False, (), ["sqlite3"])
    assert [
        package.name for package in install_order(provisioner.catalogue, wanted_packages(script, provisioner.catalogue))
    ] == ["sqlite3"]


def test_shared_libraries_come_with_the_packages_that_need_them(desk: Desk, make_wheel: MakeWheel) -> None:
    wheel = make_wheel("solver", tag="cp313-cp313-pyodide_2025_0_wasm32", within=desk.index.built)
    libraries = {name: desk.index.built / f"{name}-1.0.zip" for name in ("libsolve", "libdeep")}
    lock = json.loads(desk.runtime.read_text())
    for name, depends in (("solver", ["libsolve"]), ("libsolve", ["libdeep"]), ("libdeep", [])):
        file = libraries.get(name, wheel)
        if file != wheel:
            file.write_bytes(f"PK {name}".encode())
        sha256, kind = hashlib.sha256(file.read_bytes()).hexdigest(), "shared_library" if file != wheel else "package"
        version = "1.0" if file == wheel else "1.1.1w"
        entry = {"name": name, "version": version, "file_name": file.name, "sha256": sha256, "package_type": kind}
        lock["packages"][name] = entry | {"depends": depends, "imports": [], "install_dir": "site"}
    desk.runtime.write_text(json.dumps(lock))
    expected = {
        "libdeep": ("1.1.1w", ("libsolve",)),
        "libsolve": ("1.1.1w", ("solver",)),
        "solver": ("1.0", ("study.py",)),
    }
    assert pinned(desk.provision("solver")) == expected
    make_wheel("more", within=desk.index.folder)
    assert pinned(desk.provision("solver", "more")) == expected | {"more": ("1.0", ("study.py",))}


def test_packages_that_cannot_work_are_told_with_the_place(desk: Desk, make_wheel: MakeWheel) -> None:
    code = {"tool/__init__.py": "from . import run\n", "tool/run.py": "import fcntl\n"}
    folder = make_wheel("tool", files=code).parent
    provisioner = desk.provisioner(folder)
    script = desk.script("tool")
    provision = provisioner.provision(script)
    assert provision is not None
    assert provisioner.unsupported(script, provision) == [
        "tool 1.0 cannot be imported on a page: tool/run.py, line 1, imports fcntl, which a browser does not have"
    ]
