"""Propositions over the fact table."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import pytest

from tenbin.judge.facts import because_word, fact_word


@dataclass(frozen=True)
class Row:
    value: float | None
    low: float | None = None
    high: float | None = None
    verified: bool = True


FACTS = {
    "A": Row(5.5, 5.0, 6.0),
    "B": Row(2.0),
    "BALANCE": Row(0.0, -1.0, 1.0),
    "EMPTY": Row(None),
    "HEARSAY": Row(3.0, verified=False),
}


def word(text: str) -> str:
    return fact_word(ast.parse(text, mode="eval").body, FACTS, {"limit": 6.0})


@pytest.mark.parametrize(
    "text",
    [
        "5 <= fact('A') <= 6",
        "fact('A') <= limit",
        "fact('A') > 4 and not fact('B') > 2",
        "fact('A') * fact('B') >= 10",
        "fact('A') - fact('A') == 0",
        "sqrt(fact('A')) < 2.5",
        "fact('A') ** 2 >= 25",
        "abs(fact('BALANCE')) <= 1",
        "fact('BALANCE') ** 2 >= 0",
        "max(fact('A'), 7) == 7",
        "iff(fact('A') > 4, fact('B') > 1)",
        "where(fact('BALANCE') > 0, 1, 2) >= 1",
        "log(exp(fact('A'))) > 4.9",
        "1 / fact('A') <= 0.2",
    ],
)
def test_proposition_true_over_all_bounds_is_supported(text: str) -> None:
    assert word(text) == "supported"


@pytest.mark.parametrize(
    "text", ["fact('A') > 6", "fact('A') == 7", "not fact('A') >= 5", "fact('A') < fact('B')"]
)
def test_proposition_false_over_all_bounds_is_contradicted(text: str) -> None:
    assert word(text) == "contradicted"


@pytest.mark.parametrize(
    "text",
    [
        "fact('A') > 5.5",
        "fact('A') < 6",
        "5.4 < fact('A') < 5.6",
        "5.70 < fact('A') < 5.71",
        "fact('A') != 5.5",
        "fact('BALANCE') ** 2 > 0.5",
    ],
)
def test_proposition_true_over_part_of_the_bounds_is_partly(text: str) -> None:
    assert word(text) == "partly"


@pytest.mark.parametrize(
    "text",
    [
        "fact('EMPTY') > 1",
        "fact('HEARSAY') > 1",
        "fact('NOT-THERE') > 1",
        "fact('A') > 1 and fact('HEARSAY') > 1",
        "log(fact('BALANCE')) > -5",
        "1 / (fact('B') - 2) > 0",
        "(fact('BALANCE') - 1) ** 0.5 > 0",
    ],
)
def test_proposition_without_a_known_value_is_unverified(text: str) -> None:
    assert word(text) == "unverified"


def test_because_keeps_the_analysts_word_over_verified_rows() -> None:
    assert because_word("contradicted", ["A", "B"], FACTS) == "contradicted"


@pytest.mark.parametrize("rows", [[], ["A", "HEARSAY"], ["A", "NOT-THERE"]])
def test_because_is_unverified_where_a_row_is_missing(rows: list[str]) -> None:
    assert because_word("supported", rows, FACTS) == "unverified"
