"""Texts in several languages."""

import pytest

from tenbin.scenario import Text
from tenbin.scenario.texts import is_language, is_text_key


def test_plain_text_is_english():
    assert Text.of("war").in_language("en") == "war"


def test_missing_language_falls_back_to_english_then_to_any():
    assert Text.of({"en": "war", "ja": "戦争"}).in_language("ko") == "war"
    assert Text.of({"ja": "戦争"}).in_language("ko") == "戦争"


def test_no_text_is_empty_and_false():
    assert Text.of(None).in_language("en") == ""
    assert not Text.of(None)
    assert Text.of(None).or_name("war").in_language("en") == "war"


@pytest.mark.parametrize(("tag", "is_one"), [("en", True), ("zh-Hant", True), ("title", False)])
def test_language_tags_are_told_from_words(tag, is_one):
    assert is_language(tag) is is_one


@pytest.mark.parametrize(("value", "is_one"), [("$a.b", True), ("$5 bn", False), (3, False)])
def test_text_keys_are_told_from_words(value, is_one):
    assert is_text_key(value) is is_one
