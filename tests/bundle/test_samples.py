"""Files to try an example with, made by its own script."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle import Sample, SampleError, find_examples


def sample(folder: Path, script: str, *arguments: str) -> Sample:
    """A sample that this script makes."""
    (folder / "make.py").write_text(script)
    return Sample("a.zip", "A file", ("make.py", *(arguments or ("{out}",))), folder)


def test_a_script_writes_the_file_with_the_arguments_declared(tmp_path: Path) -> None:
    script = "import sys, pathlib; pathlib.Path(sys.argv[2]).write_text(sys.argv[1] + sys.argv[3])"
    made = sample(tmp_path, script, "rows=", "{out}", "5").make()
    assert made == b"rows=5"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["make.py"]


def test_the_samples_of_the_examples_can_be_made() -> None:
    samples = [found for example in find_examples() for found in example.samples]
    assert [found.name for found in samples] == ["whatsapp.zip", "youtube.zip"]
    for found in samples:
        assert found.make().startswith(b"PK")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("raise SystemExit('no space left')", r"\(no space left\)"),
        ("raise ValueError('five')", r"\(ValueError: five\)"),
        ("raise SystemExit(3)", "it said nothing"),
        ("", "No such file"),
    ],
)
def test_a_script_that_fails_is_a_sentence(tmp_path: Path, script: str, reason: str) -> None:
    with pytest.raises(SampleError, match=rf"^a\.zip could not be made by make\.py .*{reason}.*take an export"):
        sample(tmp_path, script).make()
