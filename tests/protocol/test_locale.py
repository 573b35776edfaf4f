"""Which of its languages a text is read in."""

import json
from pathlib import Path
from typing import Any

import pytest

from sidestage.protocol import Translatable
from sidestage.protocol.locale import first_language, in_locale

#: The same cases are replayed by the tests in TypeScript.
CASES = json.loads((Path(__file__).parents[1] / "locale_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["it takes"] for case in CASES])
def test_a_text_is_chosen_for_a_locale_as_the_page_does(case: dict[str, Any]) -> None:
    texts = case["translations"]
    in_either_form = [in_locale(text, case["locale"]) for text in (Translatable(texts), {"translations": texts})]
    assert in_either_form == [case["text"]] * 2


def test_of_several_locales_the_first_that_there_is_a_text_for_counts() -> None:
    text = Translatable({"en": "hello", "nl": "hallo", "fr": "bonjour"})
    assert in_locale(text, "ja", "NL-be", "fr") == "hallo"
    assert in_locale(text, "ja", "ko") == in_locale(text) == "hello"


def test_a_text_of_one_language_is_read_in_every_one() -> None:
    assert in_locale("Yes", "nl") == first_language("Yes") == "Yes"


def test_the_first_language_is_the_one_that_was_given_first() -> None:
    assert first_language(Translatable({"nl": "Ja", "en": "Yes"})) == "Ja"
