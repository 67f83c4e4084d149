"""Words and intervals from shares."""

from __future__ import annotations

import pytest

from tenbin.judge.words import share_word, verdict_word, wilson_interval


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1.0, "holds"),
        (0.95, "holds"),
        (0.9499, "mostly holds"),
        (0.75, "mostly holds"),
        (0.7499, "depends"),
        (0.2501, "depends"),
        (0.25, "mostly fails"),
        (0.0501, "mostly fails"),
        (0.05, "fails"),
        (0.0, "fails"),
    ],
)
def test_share_word_changes_at_the_stated_shares(share: float, word: str) -> None:
    assert share_word(share) == word


def test_wilson_interval_agrees_with_the_published_example() -> None:
    # Newcombe (1998), table I: 81 of 263, method 3 (score without continuity correction).
    low, high = wilson_interval(81, 263)

    assert (low, high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_wilson_interval_of_no_worlds_knows_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_wilson_interval_contains_the_ends() -> None:
    assert wilson_interval(0, 50)[0] == 0.0
    assert wilson_interval(50, 50)[1] == 1.0


def test_verdict_is_undecided_when_unsolved_worlds_could_change_the_word() -> None:
    assert verdict_word(0.94, 0.02) == "undecided"


def test_verdict_keeps_its_word_when_unsolved_worlds_could_not_change_it() -> None:
    assert verdict_word(0.80, 0.02) == "mostly holds"


def test_verdict_is_vacuous_whatever_the_share() -> None:
    assert verdict_word(1.0, 0.0, vacuous=True) == "vacuous"
