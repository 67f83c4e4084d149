"""The korea scenario is whole: every claim and model, in three languages, sourced."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tenbin.library import find_scenario
from tenbin.scenario import Scenario, read_scenario
from tenbin.scenario.texts import Text

LANGUAGES = {"en", "ja", "ko"}
CLAIMS = {f"C{number:02d}" for number in range(1, 71)}
MODELS = {
    "tree": {
        "burden", "veto", "deterrence", "promise", "pressure", "mutual", "announcement", "sharing",
        "signal", "exit",
    },
    "conflict": {"triangle"},
    "stochastic": {"attrition", "cycle"},
    "cascade": {"coalition", "armament"},
    "bargaining": {"package", "final_offer"},
}  # fmt: skip
OBJECTIVES = {"attack", "war", "security", "withdrawal", "paid", "proliferation", "treaty"}


@pytest.fixture(scope="module")
def korea() -> Scenario:
    path = find_scenario("korea")
    assert path is not None
    scenario, problems = read_scenario(path)
    assert scenario is not None, problems
    return scenario


def test_korea_has_all_seventy_claims(korea: Scenario):
    assert {name[:3] for name in korea.claims} == CLAIMS


def test_korea_has_all_models_in_their_forms(korea: Scenario):
    found = {form: {m.name for m in korea.models.values() if m.form == form} for form in MODELS}
    assert found == MODELS
    assert len(korea.models) == sum(map(len, MODELS.values()))


def test_korea_has_the_objectives_of_the_decision_maker(korea: Scenario):
    assert korea.decision_maker == "ROK"
    assert set(korea.objectives) == OBJECTIVES


def test_every_premise_of_korea_that_asserts_is_of_a_claim_of_it(korea: Scenario):
    needed = {need for claim in korea.claims.values() for need in claim.needs}
    assert needed <= set(korea.claims)
    assert {"C54a", "C53b", "C52b"} <= needed


def test_every_text_of_korea_is_there_in_three_languages(korea: Scenario):
    short = [place for place, text in _texts(korea) if set(text.languages) != LANGUAGES]
    assert not short


def test_every_uncertainty_of_korea_has_a_source_and_bounds(korea: Scenario):
    bare = [
        name
        for name, number in korea.uncertainties.items()
        if not (number.source or number.fact) or not number.low < number.high
    ]
    assert not bare


def test_nothing_in_the_facts_of_korea_is_later_than_the_information_date(korea: Scenario):
    first = {fact.id: re.search(r"\d{4}(-\d{2})?", fact.date) for fact in korea.facts.values()}
    assert not [name for name, date in first.items() if date and date[0] > "2024-11"]


def _texts(scenario: Scenario) -> Iterator[tuple[str, Text]]:
    yield "title", scenario.title
    yield "summary", scenario.summary
    for name, claim in scenario.claims.items():
        yield f"{name} says", claim.says
        yield f"{name} title", claim.title
        if claim.stated is None and claim.because is None:
            yield f"{name} reading", claim.reading
    for section in (
        scenario.players, scenario.uncertainties, scenario.constants, scenario.derived,
        scenario.levers, scenario.policies, scenario.measures, scenario.models, scenario.objectives,
    ):  # fmt: skip
        for name, entry in section.items():
            yield f"{name} title", entry.title
    for name, model in scenario.models.items():
        yield f"{name} text", model.text
