"""What a cascade's file may say, and the errors where it says something else."""

from __future__ import annotations

import numpy as np
import pytest

from forms.cascade.small import scenario, solve
from tenbin.errors import ScenarioError
from tenbin.forms.cascade.room import ROOM


def faults(body, play=None, players="ABC") -> str:
    with pytest.raises(ScenarioError) as caught:
        ROOM.compile(scenario(body, players), "m", play or {})
    return " | ".join(problem.what for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "a cascade needs players"),
        ({"players": ["A", "B"]}, "`cost` is missing"),
        ({"thresholds": {"A": 1, "Z": 2}}, "unknown player 'Z'"),
        ({"thresholds": {"A": 1}, "gain": 2}, "`gain` does not go with `thresholds`"),
        ({"thresholds": {"A": 1, "B": 2}, "influence": {"A": {"A": 1}}}, "no influence on itself"),
        ({"thresholds": {"A": "nope"}}, "unknown"),
        ({"cost": {"A": {"uniform": [0, 1]}}, "influence": {"A": {"B": 1}}}, "no cost is given"),
        ({"thresholds": {"A": 1}, "noise": 2}, "belongs to the concept `global`"),
        ({"thresholds": {"A": {"beta": [1, 2]}}}, "unknown key 'beta'"),
        ({"thresholds": {"A": {"normal": [0, -1]}}}, "outside"),
        ({"thresholds": {"A": 1}, "correlation": 0.5}, "joins normal costs"),
        ({"concept": "sideways", "thresholds": {"A": 1}}, "unknown concept"),
        ({"actors": {"count": 5, "thresholds": "i"}, "seed": ["A"]}, "does not go with `actors`"),
        ({"actors": {"count": 5000, "thresholds": "i"}}, "count"),
        ({"concept": "global"}, "needs one `cost`"),
        ({"concept": "global", "cost": 0.5, "players": ["A"]}, "has a continuum"),
        (
            {"concept": "global", "cost": 0.5, "prior": {"mean": 0, "precision": 1}},
            "the `noise` matters",
        ),
    ],
)
def test_errors_say_what_is_wrong(body, fault):
    assert fault in faults(body)


def test_all_errors_come_at_once():
    body = {"thresholds": {"A": "nope", "Z": 1}, "influence": {"B": {"Q": 1}}, "seed": ["Y"]}

    told = faults(body)

    assert all(word in told for word in ("nope", "'Z'", "'Q'", "'Y'"))


@pytest.mark.parametrize(
    ("play", "fault"),
    [({"Z": "join"}, "unknown player 'Z'"), ({"A": "march"}, "unknown action 'march'")],
)
def test_policies_commit_only_what_exists(play, fault):
    assert fault in faults({"thresholds": {"A": 1, "B": 1}}, play)


def test_one_number_stands_for_everybody():
    body = {"players": ["A", "B", "C"], "gain": 1, "cost": {"uniform": [0, 4]}, "influence": 0.5}
    longer = {
        "gain": dict.fromkeys("ABC", 1),
        "cost": {name: {"uniform": [0, 4]} for name in "ABC"},
        "influence": {n: {o: 0.5 for o in "ABC" if o != n} for n in "ABC"},
    }

    assert solve(body).solution.joins.tolist() == solve(longer).solution.joins.tolist()


def test_numbers_that_go_wrong_in_some_worlds_are_told():
    body = {
        "gain": 1,
        "influence": "x - 0.5",
        "cost": {name: {"uniform": ["x", 0.75]} for name in "AB"},
    }
    model = ROOM.compile(scenario(body, "AB", ("x",)), "m", {})

    found = ROOM.check_numbers(model, {"x": np.array([0.0, 0.6, 0.9, 1.0])}, {}, 4)

    told = " | ".join(problem.what for problem in found)
    assert "wrong way round in 50.0%" in told
    assert "less attractive" in told
    assert "25.0%" in told


def test_seeded_players_need_no_threshold():
    solved = solve({"seed": ["A"], "thresholds": {"B": 1}})

    assert solved.bound.model.players == ("A", "B")
    assert solved.ask("E(m.adopters)")[0, 0] == 2
