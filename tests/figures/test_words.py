"""Catalogues agree with each other; Korean particles follow the sound before them."""

import re

import pytest

from tenbin.explain import explain_words
from tenbin.figures.words import LANGUAGES, fill, particle, picture_words, read_catalogue
from tenbin.report.words import report_words

CATALOGUES = {"pictures": picture_words, "report": report_words, "explain": explain_words}


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", message))


@pytest.mark.parametrize("read", CATALOGUES.values(), ids=CATALOGUES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_keys_of_english(read, language: str):
    keys = {key for key, _ in read(language).catalogue.messages}

    assert keys == {key for key, _ in read("en").catalogue.messages}


@pytest.mark.parametrize("read", CATALOGUES.values(), ids=CATALOGUES)
@pytest.mark.parametrize("language", ["ja", "ko"])
def test_every_language_has_the_placeholders_of_english(read, language: str):
    english, other = read("en").catalogue.messages, read(language).catalogue.messages

    plural = {key: english[key, form] for key, form in sorted(english) if key}
    differing = {key for key in plural if placeholders(plural[key]) != placeholders(other[key, 0])}

    assert differing == set()


@pytest.mark.parametrize("read", CATALOGUES.values(), ids=CATALOGUES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty(read, language: str):
    assert all(text for text in read(language).catalogue.messages.values())


@pytest.mark.parametrize(
    ("text", "pair", "expected"),
    [
        ("한국", "은/는", "은"),
        ("미국", "이/가", "이"),
        ("일본은행", "을/를", "을"),
        ("러시아", "을/를", "를"),
        ("서울", "으로/로", "로"),
        ("부산", "으로/로", "으로"),
        ("평화", "으로/로", "로"),
        ("3", "을/를", "을"),
        ("2", "을/를", "를"),
        ("10", "은/는", "은"),
        ("1", "으로/로", "로"),
        ("6", "으로/로", "으로"),
        ("28,500", "이/가", "이"),
        ("95%", "을/를", "를"),
        ("NATO", "을/를", "를"),
        ("USSR", "은/는", "은"),
        ("HTML", "으로/로", "로"),
        ("UN", "과/와", "과"),
        ("ROK", "이/가", "가"),
        ("미국(대통령)", "은/는", "은"),
        ("‘억제’", "을/를", "를"),
        ("韓", "을/를", "을(를)"),
        ("", "은/는", "은(는)"),
    ],
)
def test_particle_after_text(text: str, pair: str, expected: str):
    assert particle(text, *pair.split("/")) == expected


def test_particles_are_chosen_inside_sentences():
    sentence = "{a|은/는} {b|을/를} {c|으로/로} 보낸다: {a}"

    filled = fill(sentence, {"a": "미국", "b": "항모", "c": "서울"})

    assert filled == "미국은 항모를 서울로 보낸다: 미국"


def test_plural_forms_follow_the_language():
    assert picture_words("en").count("worlds", 1) == "1 world"
    assert picture_words("en").count("worlds", 1024) == "1,024 worlds"
    assert picture_words("ko").count("worlds", 1024) == "세계 1,024개"


def test_folded_lines_and_comments_are_read():
    text = '# note\n\n#: x.py:1\nmsgid "a"\n"b"\nmsgstr "one "\n"two \\"three\\""\n'

    assert read_catalogue(text).gettext("ab") == 'one two "three"'


def test_unknown_keys_are_refused():
    with pytest.raises(KeyError):
        picture_words("en")("no such key")


def test_languages_we_do_not_have_are_english():
    assert picture_words("fr").language == "en"
