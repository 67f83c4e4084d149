"""What the form `bargaining` refuses, and where it points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forms.bargaining.made import OFFERS, ONCE, PIE, Solved, scenario_of
from tenbin.errors import ScenarioError
from tenbin.forms.bargaining.room import ROOM
from tenbin.scenario.grammar import parse_expression

WAR = {"win": {"A": 0.5}, "cost": {"A": 0.1, "B": 0.1}}
SECRET = {"uniform": [0, 1]}
TWO = {"issues": {"one": {}, "two": {}}}

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "third player": ({**PIE, "players": ["A", "B", "A"]}, "two different players"),
    "unknown player": ({**PIE, "players": ["A", "C"]}, "unknown player 'C'"),
    "unknown key": ({**PIE, "floors": 1}, "unknown key 'floors'"),
    "no issue": ({"issues": {}}, "must be an issue"),
    "issue called like a result": ({"issues": {"war": {}}}, "no issue can be called 'war'"),
    "one value": ({"issues": {"a": {"values": {"A": [0], "B": [1, 0]}}}}, "two values"),
    "a player without values": ({"issues": {"a": {"values": {"A": [0, 1]}}}}, "has no values"),
    "unknown concept": ({**PIE, "concept": "nosh"}, "unknown concept 'nosh'"),
    "no discount": ({**PIE, "concept": "rubinstein"}, "need the discount of 'A'"),
    "discount beyond one": (
        {**OFFERS, "discount": {"A": 1.2, "B": 0.5}}, "outside [0, 1]",
    ),
    "idle discount": ({**PIE, "discount": {"A": 0.5, "B": 0.5}}, "knows no periods"),
    "idle power": ({**PIE, **ONCE, "power": 0.3}, "only concept `nash`"),
    "curvature of packages": ({**TWO, "curvature": {"A": 0.5}}, "for a single issue"),
    "war of packages": ({**TWO, "war": WAR}, "single issue"),
    "war and outside": ({**PIE, "war": WAR, "outside": {"A": 1}}, "only one of"),
    "two limits": ({**PIE, "ratify": [{"player": "A", "floor": 1, "at_most": 1}]}, "one limit"),
    "limit of no issue": ({**PIE, "ratify": [{"player": "A", "at_most": 1}]}, "name the issue"),
    "unknown issue": (
        {**PIE, "ratify": [{"player": "A", "issue": "pi", "floor": 1}]}, "unknown issue 'pi'",
    ),
    "dated without a year": (
        {**PIE, "ratify": [{"player": "A", "floor": 1, "from": 2019}]}, "no year is given",
    ),
    "unknown floor and offers": (
        {**OFFERS, "discount": {"A": 0.5, "B": 0.5},
         "ratify": [{"player": "A", "floor": SECRET}]}, "takes concept `nash`",
    ),
    "secret of who offers": ({**PIE, **ONCE, "outside": {"A": SECRET}}, "may have a secret"),
    "secret elsewhere": ({**PIE, "outside": {"B": SECRET}}, "takes `concept: ultimatum`"),
    "unknown distribution": (
        {**PIE, "ratify": [{"player": "A", "floor": {"gamma": [1, 2]}}]}, "is expected",
    ),
    "title of no type": (
        {**PIE, **ONCE, "types": {"B": {"a": 0.2, "b": "rest"}}, "type_titles": {"B": {"c": "C"}}},
        "unknown type of B 'c'",
    ),
    "three types": (
        {**PIE, **ONCE, "types": {"B": {"a": 0.2, "b": 0.2, "c": "rest"}}}, "two types",
    ),
    "type missing": (
        {**PIE, **ONCE, "types": {"B": {"a": 0.2, "b": "rest"}},
         "disagreement": {"B": {"a": 0}}}, "type 'b' is missing",
    ),
    "shift without war": ({**PIE, **ONCE, "shift": {"win": {"A": 1}}}, "needs `war`"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_refused(fault: str) -> None:
    body, text = FAULTS[fault]

    with pytest.raises(ScenarioError) as error:
        ROOM.compile(scenario_of(body), "m", {})

    assert text in str(error.value)


def test_committed_move_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no moves"):
        ROOM.compile(scenario_of(PIE), "m", {"offer": "half"})


CALLS = {
    "time_to(m.pie)": "no outcome 'time_to'",
    "P(m.peace)": "has no event 'peace'",
    "P(m.war)": "has no event 'war'",
    "E(m.C)": "no player 'C'",
    "agreement(m.cake)": "no issue 'cake'",
    "offer(m.A)": "no player and issue 'A'",
    "P(m.agreed, given=any)": "no",
    "low(m.pie, given=m.agreed)": "no condition but a type",
}


@pytest.mark.parametrize("text", CALLS)
def test_call_that_cannot_be_answered_is_refused(text: str) -> None:
    model = ROOM.compile(scenario_of(PIE), "m", {})
    expression, _ = parse_expression(text)
    assert expression is not None

    problems = ROOM.check_call(model, expression.calls[0])

    assert any(CALLS[text] in problem.what for problem in problems)


def test_numbers_out_of_bounds_are_told_with_an_example() -> None:
    body = {**PIE, "ratify": [{"player": "A", "floor": {"uniform": ["x", 1]}}], "power": "x"}
    model = ROOM.compile(scenario_of(body, ["x"]), "m", {})

    problems = ROOM.check_numbers(model, {"x": np.array([0.5, 1.0, 1.5])}, {}, 3)

    assert any("outside [0, 1]" in problem.what for problem in problems)
    assert any("do not rise in 33.3%" in problem.what for problem in problems)


def test_events_condition_outcomes() -> None:
    body = {
        **PIE,
        **ONCE,
        "war": {"win": {"A": 0.5}, "cost": {"A": 0.2, "B": {"uniform": [0, 0.6]}}},
    }
    solved = Solved(body)

    war = solved("P(m.war)")
    assert war == pytest.approx(1 / 3)
    assert solved("P(m.agreed or m.war)") == pytest.approx(1)
    assert solved("P(m.war, given=not m.agreed)") == pytest.approx(1)
    assert solved("E(m.A, given=m.war)") == pytest.approx(0.3)
    assert solved("E(m.A)") == pytest.approx(
        war * 0.3 + (1 - war) * solved("agreement(m.pie)"), abs=1e-12
    )
    assert np.isnan(solved("P(m.agreed, given=m.agreed and m.war)"))
