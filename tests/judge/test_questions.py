"""Claims become questions and requests: under which settings, in how many worlds."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge.helpers import CRISIS, scenario_with
from tenbin.judge.propositions import Monotone, Question
from tenbin.judge.questions import questions_of
from tenbin.judge.requests import claim_requests
from tenbin.scenario.language import Setting


def questions(folder: Path, holds: str, further: str = "") -> tuple[Question, ...]:
    scenario = scenario_with(folder, f"C: {{says: x, holds: '{holds}'{further}}}")
    found, problems = questions_of(scenario, scenario.claims["C"])
    assert problems == []
    return found


def refusal(folder: Path, holds: str) -> str:
    scenario = scenario_with(folder, f"C: {{says: x, holds: '{holds}'}}")
    found, problems = questions_of(scenario, scenario.claims["C"])
    assert found == ()
    assert problems[0].place.line == len(CRISIS.splitlines()) + 1
    return problems[0].what


def values_of(setting: Setting) -> dict[str, str]:
    return {name: value.text for name, value in setting.values}


def test_claim_without_policies_is_judged_under_each(tmp_path: Path) -> None:
    found = questions(tmp_path, "P(crisis.war) < 0.5")

    assert [question.policy for question in found] == ["quo", "stay", "same"]
    assert values_of(found[1].atoms[0].setting) == {"troops": "2"}


def test_claim_that_names_its_policies_is_judged_once(tmp_path: Path) -> None:
    found = questions(tmp_path, "P(crisis.war, policy=stay) < P(crisis.war, policy=quo)")

    assert [question.policy for question in found] == ["all"]
    assert [values_of(atom.setting) for atom in found[0].atoms] == [{"troops": "2"}, {}]


def test_claim_that_reads_a_lever_is_judged_under_each_policy(tmp_path: Path) -> None:
    assert len(questions(tmp_path, "P(crisis.war, policy=quo) < troops")) == 3


def test_claim_over_uncertainties_alone_is_judged_once(tmp_path: Path) -> None:
    (question,) = questions(tmp_path, "stake < 1")

    assert question.policy == "all"
    assert question.atoms == ()


def test_scenario_without_policies_has_one_named_all(tmp_path: Path) -> None:
    start, end = CRISIS.index("policies:"), CRISIS.index("facts:")
    base = CRISIS[:start] + CRISIS[end:]
    scenario = scenario_with(tmp_path, "C: {says: x, holds: P(crisis.war) < 0.5}", base)

    found, _ = questions_of(scenario, scenario.claims["C"])

    assert [question.policy for question in found] == ["all"]


def test_replaced_numbers_ask_for_the_first_1024_worlds(tmp_path: Path) -> None:
    (first, *_) = questions(tmp_path, "P(crisis.war, troops=0) > P(crisis.war)")

    assert first.worlds == (1024, None)


def test_claim_may_raise_the_worlds_of_replaced_numbers(tmp_path: Path) -> None:
    (first, *_) = questions(tmp_path, "P(crisis.war, troops=0) > 0.5", ", worlds: 5000")

    assert first.worlds == (5000,)


def test_outcome_asked_for_twice_is_asked_for_in_the_larger_number_of_worlds(
    tmp_path: Path,
) -> None:
    (question,) = questions(
        tmp_path, "P(crisis.war, policy=stay) < 1 and P(crisis.war, policy=quo, troops=2) < 1"
    )

    assert question.worlds == (None,)


def test_rises_asks_at_five_points_of_a_range(tmp_path: Path) -> None:
    (first, *_) = questions(tmp_path, "rises(P(crisis.war), stake)")

    points = [values_of(atom.setting)["stake"] for atom in first.atoms]
    assert [float(point) for point in points] == [0.5, 0.75, 1.0, 1.25, 1.5]
    assert first.worlds == (1024,) * 5


def test_rises_asks_over_the_central_nine_tenths_of_a_distribution(tmp_path: Path) -> None:
    (first, *_) = questions(tmp_path, "falls(E(crisis.D), noise)")

    points = [float(values_of(atom.setting)["noise"]) for atom in first.atoms]
    assert points == pytest.approx([0.05, 0.275, 0.5, 0.725, 0.95])


def test_rises_asks_at_the_values_of_a_choice(tmp_path: Path) -> None:
    (first, *_) = questions(tmp_path, "rises(P(crisis.war), kind)")

    assert [float(values_of(atom.setting)["kind"]) for atom in first.atoms] == [1, 2, 4]


def test_rises_over_a_lever_outweighs_the_policy(tmp_path: Path) -> None:
    found = questions(tmp_path, "rises(P(crisis.war, policy=stay), troops)")

    assert len(found) == 1
    points = [float(values_of(atom.setting)["troops"]) for atom in found[0].atoms]
    assert points == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_rises_replaces_plain_numbers_too(tmp_path: Path) -> None:
    (first, *_) = questions(tmp_path, "rises(stake - P(crisis.war), stake)")

    assert isinstance(first.proposition, Monotone)
    settings = [values_of(point.setting) for point in first.proposition.points]
    assert [float(setting["stake"]) for setting in settings] == [0.5, 0.75, 1.0, 1.25, 1.5]


def test_derived_number_asks_for_the_outcomes_it_reads(tmp_path: Path) -> None:
    found = questions(tmp_path, "risk > 0.5")

    assert [question.policy for question in found] == ["quo", "stay", "same"]
    assert found[0].atoms[0].call.text() == "P(crisis: war)"
    assert found[0].worlds == (None,)


def test_best_asks_for_the_objective_under_every_policy(tmp_path: Path) -> None:
    (question,) = questions(tmp_path, "best(stay, by=regret, objective=war)")

    assert question.policy == "all"
    assert [values_of(atom.setting) for atom in question.atoms] == [
        {},
        {"troops": "2"},
        {"idle": "1"},
    ]


def test_fact_claims_ask_nothing_of_the_models(tmp_path: Path) -> None:
    assert questions(tmp_path, 'fact("F-1") < gap') == ()


def test_requests_hold_the_objectives_under_every_policy(tmp_path: Path) -> None:
    scenario = scenario_with(tmp_path, "C: {says: x, stated: A purpose}")

    requests = claim_requests(scenario)

    assert len(requests) == 6
    assert {request.call.text() for request in requests} == {"P(crisis: war)", "E(crisis: D)"}
    assert all(request.worlds is None for request in requests)


def test_requests_name_each_outcome_once(tmp_path: Path) -> None:
    claims = "C1: {says: x, holds: P(crisis.war) < 0.5}\nC2: {says: x, holds: P(crisis.war) > 0.1}"

    requests = claim_requests(scenario_with(tmp_path, claims))

    assert len(requests) == len(set(requests)) == 6


def test_best_needs_to_know_which_objective(tmp_path: Path) -> None:
    assert "needs `objective=`" in refusal(tmp_path, "best(stay)")


def test_satisficing_needs_a_threshold(tmp_path: Path) -> None:
    what = refusal(tmp_path, "best(stay, by=satisfice, objective=pay)")

    assert what == "objective 'pay' does not say what is good enough"


def test_average_over_worlds_is_joined_with_nothing(tmp_path: Path) -> None:
    what = refusal(tmp_path, "best(stay, by=mean, objective=war) and P(crisis.war) < 1")

    assert "cannot be joined" in what


def test_name_is_not_moved_and_replaced_at_once(tmp_path: Path) -> None:
    what = refusal(tmp_path, "rises(P(crisis.war, troops=1), troops)")

    assert "replaced in the same outcome" in what


def test_proposition_inside_a_number_is_refused(tmp_path: Path) -> None:
    what = refusal(tmp_path, "where(rises(P(crisis.war), stake), 1, 0) > 0")

    assert "cannot stand inside a number" in what
