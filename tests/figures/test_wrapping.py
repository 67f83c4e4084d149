"""Lines break where a language allows it, fit their width, and lose nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tenbin.figures.lettering import text_width
from tenbin.figures.wrapping import wrapped

SIZE = 10.0


def test_latin_and_korean_break_at_spaces():
    assert wrapped("cost sharing talks", 70, SIZE) == ["cost sharing", "talks"]
    assert wrapped("방위비 분담 협상", 65, SIZE) == ["방위비 분담", "협상"]


def test_japanese_breaks_anywhere_but_before_closing_signs():
    assert wrapped("国防長官・議会", 40, SIZE) == ["国防長", "官・議会"]
    assert wrapped("核の傘。抑止", 30, SIZE) == ["核の", "傘。抑", "止"]


def test_opening_brackets_stay_with_what_follows():
    assert wrapped("抑止（核）", 35, SIZE) == ["抑止", "（核）"]


def test_words_wider_than_a_line_are_broken():
    lines = wrapped("P(deterrence.threat.withdraw_all)", 80, SIZE)

    assert len(lines) > 1
    assert "".join(lines) == "P(deterrence.threat.withdraw_all)"


def test_last_line_allowed_ends_in_an_ellipsis_where_the_text_goes_on():
    lines = wrapped("one two three four five six seven", 60, SIZE, 2)

    assert len(lines) == 2
    assert lines[1].endswith("…")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]), max_size=60))
def test_nothing_is_lost_and_everything_fits(text: str):
    lines = wrapped(text, 60, SIZE)

    assert "".join(lines) == text
    assert all(text_width(line, SIZE) <= 60 or len(line) == 1 for line in lines)
