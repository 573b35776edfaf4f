"""From requirements to wheels: real ones of Pyodide, and small ones that are wrong in some way."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sidestage.bundle import Catalogue, PackageNotFound
from sidestage.bundle.packages import ProvisionError
from sidestage.bundle.packages.install_order import install_order

MakeWheel = Callable[..., Path]
NUMPY = "numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl"


@pytest.fixture
def real(lock_path: Path, wheels: Path) -> Catalogue:
    return Catalogue(lock_path, [wheels])


def test_pandas_comes_with_what_it_needs_in_install_order(real: Catalogue) -> None:
    names = [package.name for package in install_order(real, ["pandas"])]
    assert sorted(names) == ["numpy", "pandas", "python-dateutil", "pytz", "six", "tzdata"]
    assert names[-1] == "pandas"
    assert names.index("six") < names.index("python-dateutil")


def test_the_lock_file_holds_just_what_can_be_served(real: Catalogue, lock_path: Path, wheels: Path) -> None:
    lock = real.lock()
    assert lock["info"] == json.loads(lock_path.read_text())["info"]
    assert sorted(lock["packages"]) == ["numpy", "pandas", "python-dateutil", "pytz", "six", "tzdata"]
    sha256 = hashlib.sha256((wheels / NUMPY).read_bytes()).hexdigest()
    numpy = lock["packages"]["numpy"]
    assert numpy["sha256"] == sha256
    assert numpy["file_name"] == f"{sha256}/{NUMPY}"
    assert numpy["imports"] == ["numpy"]
    assert lock["packages"]["python-dateutil"]["imports"] == ["dateutil"]
    assert lock["packages"]["pandas"]["depends"] == ["numpy", "python-dateutil", "pytz", "tzdata"]
    assert real.files()[numpy["file_name"]] == wheels / NUMPY
    assert sorted(real.lock(["Python_DateUtil", "scipy"])["packages"]) == ["python-dateutil"]


@pytest.mark.slow
def test_pyodide_installs_from_that_lock_file(real: Catalogue, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node on the path; the tests in the browser load the same packages")
    for address, path in real.files().items():
        (tmp_path / address).parent.mkdir()
        shutil.copy(path, tmp_path / address)
    pyodide = Path(__file__).resolve().parents[2] / "web/node_modules/pyodide/pyodide.mjs"
    code = f"""
        import {{ loadPyodide }} from {json.dumps(pyodide.as_uri())};
        const folder = {json.dumps(str(tmp_path) + "/")};
        const python = await loadPyodide({{
            lockFileContents: {json.dumps(json.dumps(real.lock()))}, packageBaseUrl: folder, packageCacheDir: folder,
        }});
        await python.loadPackage("pandas", {{ messageCallback() {{}} }});
        console.log(python.runPython("import pandas; str(pandas.DataFrame({{'a': [1, 2]}}).a.sum())"));
    """
    done = subprocess.run([node, "--input-type=module", "-e", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "3\n", done.stderr


def test_a_missing_package_tells_who_asked_and_where_was_looked(real: Catalogue, wheels: Path) -> None:
    with pytest.raises(PackageNotFound) as caught:
        install_order(real, ["nonesuch>=2"], asked_by="study.py")
    sentence = str(caught.value)
    assert sentence.startswith("study.py asks for the package nonesuch >=2, and there is no wheel of it")
    assert str(wheels) in sentence
    assert "--find-links FOLDER" in sentence


def test_what_pyodide_knows_but_nobody_gave_is_told(real: Catalogue, lock_path: Path) -> None:
    with pytest.raises(
        PackageNotFound, match=r"Pyodide knows scipy \S+, but its wheel is in none of the folders given"
    ):
        install_order(real, ["scipy"])
    with pytest.raises(PackageNotFound, match="no folder of wheels was given to look in"):
        install_order(Catalogue(lock_path), ["numpy"])


def test_a_version_that_does_not_fit_is_refused(real: Catalogue) -> None:
    assert install_order(real, ["pandas>=2,<3"])
    with pytest.raises(PackageNotFound, match=r"study\.py asks for pandas <2, but the wheel at hand is 2\.3\.2"):
        install_order(real, ["pandas<2"], asked_by="study.py")


def test_a_dependency_names_the_package_that_asks(lock_path: Path, make_wheel: MakeWheel) -> None:
    folder = make_wheel("outer", requires=["inner>=2"]).parent
    with pytest.raises(PackageNotFound, match=r"outer 1\.0 asks for the package inner >=2"):
        install_order(Catalogue(lock_path, [folder]), ["outer"])
    make_wheel("inner", "1.5")
    with pytest.raises(PackageNotFound, match=r"outer 1\.0 asks for inner >=2, but the wheel at hand is 1\.5"):
        install_order(Catalogue(lock_path, [folder]), ["outer"])


def test_markers_are_read_for_the_browser(lock_path: Path, make_wheel: MakeWheel) -> None:
    requires = [
        'here; sys_platform == "emscripten" and python_version == "3.13"',
        'there; sys_platform == "linux"',
        'old; python_version < "3.12"',
        'more; extra == "all"',
    ]
    folder = make_wheel("outer", requires=requires).parent
    make_wheel("here")
    make_wheel("more")
    catalogue = Catalogue(lock_path, [folder])
    assert [package.name for package in install_order(catalogue, ["outer"])] == ["here", "outer"]
    assert [package.name for package in install_order(catalogue, ["outer[all]"])] == ["here", "more", "outer"]
    assert install_order(catalogue, ['there; sys_platform == "linux"']) == []
    assert catalogue.lock()["packages"]["outer"]["depends"] == ["here"]


def test_packages_may_need_each_other(lock_path: Path, make_wheel: MakeWheel) -> None:
    folder = make_wheel("chicken", requires=["egg"]).parent
    make_wheel("egg", requires=["chicken"])
    assert {package.name for package in install_order(Catalogue(lock_path, [folder]), ["chicken"])} == {
        "chicken",
        "egg",
    }


def test_sidestage_itself_is_always_there(real: Catalogue) -> None:
    assert install_order(real, ["sidestage>=0.1"]) == []


@pytest.mark.parametrize(
    "tag",
    [
        "py3-none-any",
        "py2.py3-none-any",
        "cp313-cp313-pyodide_2025_0_wasm32",
        "cp313-cp313-pyemscripten_2025_0_wasm32",
        "cp311-abi3-pyodide_2025_0_wasm32",
    ],
)
def test_wheels_for_the_browser_are_taken(lock_path: Path, make_wheel: MakeWheel, tag: str) -> None:
    folder = make_wheel("thing", tag=tag).parent
    assert install_order(Catalogue(lock_path, [folder]), ["thing"])


@pytest.mark.parametrize(
    "tag", ["cp313-cp313-manylinux_2_28_x86_64", "cp312-cp312-pyodide_2024_0_wasm32", "cp314-cp314-any", "py2-none-any"]
)
def test_wheels_for_others_are_refused_with_the_reason(lock_path: Path, make_wheel: MakeWheel, tag: str) -> None:
    path = make_wheel("thing", tag=tag)
    with pytest.raises(PackageNotFound, match=f"{path.name} is made for another Python or system"):
        install_order(Catalogue(lock_path, [path.parent]), ["thing"])


def test_the_newest_wheel_that_runs_there_is_taken(lock_path: Path, make_wheel: MakeWheel) -> None:
    folder = make_wheel("thing", "1.9").parent
    make_wheel("thing", "1.10")
    make_wheel("thing", "2.0", python=">=3.14")
    make_wheel("thing", "3.0", tag="cp313-cp313-win_amd64")
    catalogue = Catalogue(lock_path, [folder])
    assert [package.version for package in install_order(catalogue, ["thing"])] == ["1.10"]
    with pytest.raises(PackageNotFound, match="asks for thing >=2"):
        install_order(catalogue, ["thing>=2"])


def test_a_wheel_wins_over_what_pyodide_knows(lock_path: Path, make_wheel: MakeWheel) -> None:
    folder = make_wheel("scipy", "0.1").parent
    (package,) = install_order(Catalogue(lock_path, [folder]), ["scipy"])
    assert (package.version, package.entry["depends"]) == ("0.1", [])


def test_an_unchanged_wheel_of_pyodide_keeps_what_its_builders_know(tmp_path: Path, make_wheel: MakeWheel) -> None:
    wheel = make_wheel("solver", requires=["tzdata", 'more; extra == "all"'])
    library = wheel.parent / "libsolve-1.0.zip"
    library.write_bytes(b"a shared library")
    lock = tmp_path / "lock.json"
    common = {"version": "1.0", "imports": [], "install_dir": "site", "unvendored_tests": True}
    packages: dict[str, dict[str, object]] = {
        "solver": {"name": "solver", "depends": ["libsolve"], "file_name": wheel.name, "package_type": "package"},
        "libsolve": {"name": "libsolve", "depends": [], "file_name": library.name, "package_type": "shared_library"},
    }
    for entry, path in zip(packages.values(), (wheel, library), strict=True):
        entry |= common | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    info = {"python": "3.13.2", "abi_version": "2025_0", "arch": "wasm32"}
    lock.write_text(json.dumps({"info": info, "packages": packages}))
    (tmp_path / "package.json").write_text('{"version": "0.29.5"}')
    catalogue = Catalogue(lock, [wheel.parent])
    assert [package.name for package in install_order(catalogue, ["solver"])] == ["libsolve", "solver"]
    assert catalogue.lock()["packages"]["solver"]["unvendored_tests"] is True
    assert set(catalogue.files().values()) == {wheel, library}
    library.write_bytes(b"another one")
    assert "its SHA-256 differs" in Catalogue(lock, [wheel.parent]).warnings[0]


def test_a_damaged_wheel_is_a_warning_and_no_crash(lock_path: Path, wheels: Path, make_wheel: MakeWheel) -> None:
    folder = make_wheel("fine").parent
    whole = (wheels / NUMPY).read_bytes()
    (folder / NUMPY).write_bytes(whole[: len(whole) // 2])
    (folder / "notes.whl").write_text("not a wheel's name")
    make_wheel("broken", requires=["not a requirement!"])
    catalogue = Catalogue(lock_path, [folder])
    assert [package.name for package in install_order(catalogue, ["fine"])] == ["fine"]
    warnings = "\n".join(catalogue.warnings)
    assert f"{NUMPY} is damaged or no wheel" in warnings
    assert "notes.whl is not named like a wheel" in warnings
    assert "has metadata that cannot be read" in warnings
    assert sorted(catalogue.lock()["packages"]) == ["fine"]


def test_an_older_whole_wheel_stands_in_for_a_damaged_newer_one(lock_path: Path, make_wheel: MakeWheel) -> None:
    folder = make_wheel("thing", "1.0").parent
    make_wheel("thing", "2.0").write_bytes(b"")
    assert [package.version for package in install_order(Catalogue(lock_path, [folder]), ["thing"])] == ["1.0"]


def test_a_folder_that_is_none_gets_a_sentence(lock_path: Path, tmp_path: Path) -> None:
    with pytest.raises(ProvisionError, match=r"the folder .*nowhere does not exist"):
        Catalogue(lock_path, [tmp_path / "nowhere"])
    with pytest.raises(ProvisionError, match="is a file"):
        Catalogue(lock_path, [lock_path])


def test_a_lock_file_that_is_none_gets_a_sentence(lock_path: Path, tmp_path: Path) -> None:
    with pytest.raises(ProvisionError, match="cannot be read"):
        Catalogue(tmp_path / "pyodide-lock.json")
    (tmp_path / "pyodide-lock.json").write_text("[]")
    with pytest.raises(ProvisionError, match="is no lock file of Pyodide"):
        Catalogue(tmp_path / "pyodide-lock.json")
    shutil.copy(lock_path, tmp_path)
    with pytest.raises(ProvisionError, match=r"package\.json does not tell the version of Pyodide"):
        Catalogue(tmp_path / "pyodide-lock.json")
