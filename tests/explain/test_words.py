"""The catalogues of this package agree with one another."""

from __future__ import annotations

import re

import pytest

from tenbin.explain import explain_words
from tenbin.figures.words import LANGUAGES


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", message))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_keys_of_english(language: str) -> None:
    keys = {key for key, _ in explain_words(language).catalogue.messages}

    assert keys == {key for key, _ in explain_words("en").catalogue.messages}


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_every_language_has_the_placeholders_of_english(language: str) -> None:
    english = explain_words("en").catalogue.messages
    other = explain_words(language).catalogue.messages

    plural = {key: english[key, form] for key, form in sorted(english) if key}
    differing = {key for key in plural if placeholders(plural[key]) != placeholders(other[key, 0])}

    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty(language: str) -> None:
    assert all(text for text in explain_words(language).catalogue.messages.values())
