"""What a contest's file may say, and the errors where it says something else."""

from __future__ import annotations

import numpy as np
import pytest

from forms.contest.small import problems_of, scenario, solve
from tenbin.errors import ScenarioError
from tenbin.forms.contest.room import ROOM

RACE = {"concept": "richardson", "react": {"A": {"B": 1}}, "fatigue": 1}
KNOWN = {"concept": "attrition", "values": {"A": 1, "B": 2}}
PRIVATE = {"concept": "attrition", "players": ["A", "B"], "values": {"uniform": [0, 1]}}


def faults(body, play=None, players="ABC") -> str:
    with pytest.raises(ScenarioError) as caught:
        ROOM.compile(scenario(body, players), "m", play or {})
    return " | ".join(problem.what for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "at least two players"),
        ({"values": {"A": 1, "Z": 2}}, "at least two players"),
        ({"values": {"A": 1}, "players": ["A", "B"]}, "gives no number for B"),
        ({"values": {"A": 1, "B": 0}}, "outside"),
        ({"values": {"A": 1, "B": 2}, "taste": 0.5}, "`taste` does not belong"),
        ({"values": {"A": 1, "B": {"uniform": [0, 1]}}}, "private values belong"),
        ({"concept": "duel", "values": {"A": 1, "B": 2}}, "unknown concept 'duel'"),
        ({**KNOWN, "values": {"A": 1, "B": 2, "C": 3}}, "has two players, not 3"),
        ({**PRIVATE, "values": {n: {"uniform": [0, 1]} for n in "AB"}}, "from one distribution"),
        ({**PRIVATE, "costs": {"A": 1, "B": 2}}, "have the same cost"),
        ({**RACE, "react": {"A": {"A": 1, "B": 1}}}, "does not react to itself"),
        ({**RACE, "react": {"A": {"B": 1, "Q": 1}}}, "unknown player 'Q'"),
        ({**RACE, "fatigue": 0}, "outside"),
        ({"concept": "alliance", "weights": {"A": 1, "B": 2}, "taste": 1}, "outside"),
        ({"concept": "alliance", "weights": {"A": 1, "B": 2}}, "`taste` gives no number"),
        ({"values": {"A": 1, "B": 2}, "decisive": 1}, "unknown key 'decisive'"),
    ],
)
def test_errors_say_what_is_wrong(body, fault):
    assert fault in faults(body)


def test_a_contest_has_no_moves_to_commit():
    assert "has no moves" in faults({"values": {"A": 1, "B": 2}}, {"A": "fight"})


@pytest.mark.parametrize(
    ("body", "text", "fault"),
    [
        ({"values": {"A": 1, "B": 2}}, "effort(m.C)", "takes no 'C'"),
        ({"values": {"A": 1, "B": 2}}, "lasts(m.A, 1)", "has no outcome 'lasts'"),
        ({"values": {"A": 1, "B": 2}}, "P(m.A, given=m.B)", "takes no `given=`"),
        ({"values": {"A": 1, "B": 2}}, "effort(m.A, 3)", "write effort(m.A)"),
        (KNOWN, "lasts(m.A)", "write lasts(m.A, number)"),
        (KNOWN, "stops(m.A, 1)", "known to all"),
        (RACE, "E(m.A)", "takes no 'A'"),
        (RACE, "stable(m.A)", "takes no 'A'"),
        ({**RACE, "negative": False}, "effort(m.A, 2)", "not available"),
    ],
)
def test_wrong_questions_are_refused(body, text, fault):
    (problem,) = problems_of(body, text)

    assert fault in problem.what


def test_shares_of_the_burden_sum_to_one():
    found = solve({"concept": "alliance", "weights": {"A": 3, "B": 2}, "taste": 0.6})

    total = found.ask("share(m.A)") + found.ask("share(m.B)")

    assert total[0, 0] == pytest.approx(1.0)


def test_contest_too_decisive_in_some_worlds_is_told():
    body = {"values": {"A": 1, "B": 1}, "decisiveness": "r"}
    model = ROOM.compile(scenario(body, names=("r",)), "m", {})

    (problem,) = ROOM.check_numbers(model, {"r": np.array([1.0, 1.5, 2.5, 3.0])}, {}, 4)

    assert "too decisive" in problem.what
    assert "50.0%" in problem.what
