"""The opening sentences say what the verdicts say, in every language."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from report.explained import explanation_of
from tenbin.figures.words import LANGUAGES
from tenbin.report.answer import answer_sentences, deciding_numbers
from tenbin.report.material import Material
from tenbin.report.reasons import Reasons
from tenbin.report.words import report_words

WORDS = report_words("en")


def chain(**claims: tuple[str, tuple[str, ...]]) -> Reasons:
    """Claims by name: word and premises."""
    scenario = SimpleNamespace(claims={k: SimpleNamespace(needs=n) for k, (_, n) in claims.items()})
    return Reasons(scenario, {key: word for key, (word, _) in claims.items()})


def test_grounds_reach_through_premises_and_end_in_a_circle():
    reasons = chain(A=("holds", ()), B=("fails", ("A",)), C=("depends", ("B", "C")))

    assert reasons.grounds["C"] == {"A", "B", "C"}
    assert reasons.dependents["A"] == 2


def test_summit_rests_on_most_and_weakest_carries_most():
    reasons = chain(
        A=("contradicted", ()),
        B=("fails", ()),
        C=("holds", ("A", "B")),
        D=("holds", ("B",)),
    )

    assert reasons.summit == "C"
    assert reasons.weakest == "B"


def test_argument_without_premises_has_no_summit():
    assert chain(A=("holds", ()), B=("fails", ())).summit is None
    assert chain(A=("holds", ()), B=("fails", ())).weakest is None


def test_sentences_count_all_claims_but_stated_ones(material: Material):
    first = answer_sentences(material, WORDS)[0]

    numbers = [int(word) for word in first.replace(",", "").split() if word.isdigit()]
    assert first.startswith("Of 8 claims weighed in 64 worlds, ")
    assert sum(numbers[2:]) == 7


def test_numbers_that_decide_are_counted_once_per_claim():
    claim = explanation_of("C1", "stake", ())
    twice = {"hinge": {"boxes": claim["hinge"]["boxes"] * 2}}

    assert deciding_numbers([claim, twice, {"hinge": None}, {}]) == {"stake": 2}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_at_most_five_sentences_without_gaps(material: Material, language: str):
    for given in (material, replace(material, explained={})):
        sentences = answer_sentences(given, report_words(language))
        assert 3 <= len(sentences) <= 5
        assert not any("{" in sentence for sentence in sentences)


def test_what_decides_and_what_premises_carry_is_said_where_it_is_known(material: Material):
    text = " ".join(answer_sentences(material, WORDS))

    assert "“the prize”: 1 claim hangs on it" in text
    assert "With all its premises granted it holds in 75%." in text
