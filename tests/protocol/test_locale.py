"""Which of its languages a text is read in."""

import pytest

from sidestage.protocol import Translatable
from sidestage.protocol.locale import first_language, in_locale


@pytest.mark.parametrize(
    ("locale", "shown"), [("nl-BE", "Vlaams"), ("nl-NL", "Nederlands"), ("en-GB", "English"), ("fr", "English")]
)
def test_a_locale_is_matched_exactly_then_by_language_then_english(locale: str, shown: str) -> None:
    texts = {"nl": "Nederlands", "nl-BE": "Vlaams", "en": "English"}
    assert in_locale(Translatable(texts), locale) == in_locale({"translations": texts}, locale) == shown


def test_without_english_the_first_language_is_shown() -> None:
    assert in_locale({"translations": {"nl": "Ja", "de": "Ja!"}}, "fr") == "Ja"


def test_a_text_of_one_language_is_read_in_every_one() -> None:
    assert in_locale("Yes", "nl") == first_language("Yes") == "Yes"


def test_the_first_language_is_the_one_that_was_given_first() -> None:
    assert first_language(Translatable({"nl": "Ja", "en": "Yes"})) == "Ja"
