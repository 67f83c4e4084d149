"""Worlds that are proved to have no equilibrium are solved, and say so."""

from __future__ import annotations

from typing import Any

import pytest

from tenbin.judge import Tally, claim_requests
from tenbin.run import RunOptions, RunSummary, execute, make_plan
from tenbin.scenario.objects import Scenario

WORLDS = 1024
COINS = {
    "form": "conflict",
    "concept": "nash",
    "options": {"head": "A", "likewise": "B"},
    "start": [],
    "states": {"both": ["head", "likewise"]},
    "preferences": {
        "A": {"weights": {"head and likewise or not head and not likewise": 1}},
        "B": {"weights": {"head and likewise or not head and not likewise": "w"}},
    },
}
"""Matching pennies where w is negative; where it is positive both want the same."""
CLAIMS = {
    "stable": "stable(coins.both) == 1",
    "never": "stable(coins.both) == 0",
    "led": "reached(coins.head, 'moves') == 1",
    "at": "P(coins.both) + P(not coins.both) == 1",
    "fed": "P(after.acted) == stable(coins.both)",
}
AFTER = {
    "form": "tree",
    "start": "choose",
    "moves": {"choose": {"player": "A", "actions": {"act": "acted", "wait": "rested"}}},
    "ends": {"acted": {"A": "stable(coins.both)", "B": 0}, "rested": {"A": 0.5, "B": 0}},
}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Any]:
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "Coins",
            "players": {"A": "A", "B": "B"},
            "uncertainties": {"w": {"range": "-1..1"}},
            "models": {"coins": COINS, "after": AFTER},
            "claims": {name: {"says": name, "holds": holds} for name, holds in CLAIMS.items()},
        }
    )
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    tally, summary = Tally(scenario, plan), RunSummary(plan)
    for chunk in execute(scenario, plan, RunOptions(worlds=WORLDS)):
        tally.add(chunk)
        summary.add(chunk)
    return {**tally.verdicts(), "summary": summary.models()}


def shares(verdicts: dict[str, Any], claim: str) -> tuple[float, float, float]:
    row = verdicts["claims"][claim]["policies"]["all"]
    return tuple(round(row[key], 2) for key in ("holds", "fails", "unsolved"))


def test_no_state_is_stable_where_there_is_no_equilibrium(verdicts: dict[str, Any]) -> None:
    assert shares(verdicts, "stable") == (0.5, 0.5, 0.0)
    assert shares(verdicts, "never") == (0.5, 0.5, 0.0)


def test_status_quo_analysis_keeps_its_meaning(verdicts: dict[str, Any]) -> None:
    assert shares(verdicts, "led") == (1.0, 0.0, 0.0)


def test_what_happens_at_an_equilibrium_is_undefined_without_one(verdicts: dict[str, Any]) -> None:
    assert shares(verdicts, "at") == (0.5, 0.0, 0.5)
    assert verdicts["claims"]["at"]["policies"]["all"]["reasons"] == {
        "undefined": pytest.approx(0.5, abs=0.01)
    }


def test_model_fed_by_the_stability_of_a_state_is_solved_everywhere(
    verdicts: dict[str, Any],
) -> None:
    assert shares(verdicts, "fed") == (1.0, 0.0, 0.0)


def test_worlds_without_equilibrium_are_solved_and_counted(verdicts: dict[str, Any]) -> None:
    model = verdicts["summary"]["coins"]

    assert model["unsolved"] == 0
    assert model["flags"]["no_equilibrium"] == pytest.approx(WORLDS / 2, abs=2)
    # Two equilibria in each of the other worlds.
    assert model["mean_equilibria"] == pytest.approx(1.0, abs=0.01)
    assert model["worst_residual"] == 0
