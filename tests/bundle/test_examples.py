"""The examples that come with Sidestage."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle import ExamplesMissing, find_examples, read_script
from sidestage.bundle.examples import examples_folder


def test_the_examples_of_this_checkout_can_be_read() -> None:
    examples = find_examples()
    assert "chat_donation" in [example.name for example in examples]
    assert "python_worker" in [example.name for example in examples if example.is_page]
    for example in examples:
        assert example.title
        assert example.description
        assert example.is_page or read_script(example.file)


def test_an_installed_package_has_them_inside(tmp_path: Path) -> None:
    (tmp_path / "site/sidestage/examples").mkdir(parents=True)
    assert examples_folder(tmp_path / "site/sidestage") == tmp_path / "site/sidestage/examples"
    with pytest.raises(ExamplesMissing, match="there are no examples at"):
        examples_folder(tmp_path / "other/site/sidestage")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "cannot be read"),
        ('title = "T"\ndescription = "D"\n', "has no script"),
        ('title = "T"\nscript = "study.py"\n', "has no description"),
        ('title = 3\ndescription = "D"\nscript = "study.py"\n', "has no title"),
        ('title = "T"\ndescription = "D"\nscript = "gone.py"\n', r"names the script gone\.py, which is not beside it"),
        ('title = "T"\ndescription = "D"\npage = "gone.html"\n', r"names the page gone\.html, which is not beside it"),
        ('title = "T"\nsamples = 3\n', "cannot be read"),
        ("[[samples]]\n", "a sample has a name and a title"),
        ('[[samples]]\nname = "../a.zip"\ntitle = "T"\n', "a sample has a name and a title"),
        ('[[samples]]\nname = "a.zip"\ntitle = "T"\ncommand = ["make.py"]\n', r"names a script and .\{out\}"),
        ('[[samples]]\nname = "a.zip"\ntitle = "T"\ncommand = ["../make.py", "{out}"]\n', "which is not beside it"),
    ],
)
def test_a_broken_description_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/example.toml").write_text(text)
    with pytest.raises(ExamplesMissing, match=sentence):
        find_examples(tmp_path)


def test_no_example_at_all_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExamplesMissing, match="there is no example in"):
        find_examples(tmp_path)
