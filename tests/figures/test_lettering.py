"""Widths count Chinese characters, kana and hangul as two."""

import pytest

from tenbin.figures.lettering import cells, fonts_for, shorten, text_width


@pytest.mark.parametrize(("text", "width"), [("war", 3), ("抑止", 4), ("억제 A", 6), ("", 0)])
def test_cells_of_scripts(text: str, width: int):
    assert cells(text) == width


@pytest.mark.parametrize("text", ["a long title", "前方展開を伴う抑止", "확장 억제와 배치"])
def test_shortened_text_fits_and_says_so(text: str):
    short = shorten(text, 10)

    assert cells(short) <= 10
    assert short.endswith("…")


def test_text_that_fits_is_left_alone():
    assert shorten("抑止", 4) == "抑止"


def test_wide_characters_are_wider_in_pixels():
    assert text_width("抑止", 10) == 20
    assert text_width("抑止", 10) > text_width("de", 10)


def test_fonts_name_the_script_first():
    assert fonts_for("억제").startswith("'Noto Sans KR'")
    assert fonts_for("抑止").startswith("'Noto Sans JP'")
    assert fonts_for("war").startswith("'Noto Sans'")
