"""Verdicts over all equilibria found, beside those at the selected ones."""

from __future__ import annotations

from typing import Any

import pytest

from tenbin.judge import Tally, claim_requests
from tenbin.judge.searched import SearchedVerdicts
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario.objects import Scenario

WORLDS, SEARCHED = 256, 96

HUNT = {
    "form": "tree",
    "start": "first",
    "values": {"stag": 0},
    "moves": {
        "first": {
            "player": "A",
            "hidden_from": ["B"],
            "actions": {
                "stag": {"to": "second", "set": {"stag": 1}},
                "hare": {"to": "second", "set": {"stag": 0}},
            },
        },
        "second": {"player": "B", "actions": {"stag": "with_stag", "hare": "with_hare"}},
    },
    "ends": {
        "with_stag": {"A": "feast if stag else 1", "B": "feast if stag else 0"},
        "with_hare": {"A": "0 if stag else 1", "B": 1},
    },
}
"""Rousseau's stag hunt: both stag, both hare and a mixture are its three equilibria."""
AFTER = {
    "form": "tree",
    "concept": "perfect",
    "start": "choose",
    "moves": {"choose": {"player": "A", "actions": {"go": "gone", "stay": "stayed"}}},
    "ends": {"gone": {"A": "P(hunt.second.stag) - 0.5", "B": 0}, "stayed": {"A": 0, "B": 0}},
}
ALONE = {
    "form": "tree",
    "concept": "perfect",
    "start": "choose",
    "moves": {"choose": {"player": "A", "actions": {"go": "gone", "stay": "stayed"}}},
    "ends": {"gone": {"A": 1, "B": 0}, "stayed": {"A": 0, "B": 0}},
}
CLAIMS = {
    "met": {"holds": "P(hunt.second.stag) > 0.9", "equilibria": "every"},
    "may_meet": {"holds": "P(hunt.second.stag) > 0.9", "equilibria": "some"},
    "followed": {"holds": "P(after.gone) > 0.9", "equilibria": "some"},
    "apart": {"holds": "P(alone.gone) > 0.9", "equilibria": "every"},
}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Any]:
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "Hunt",
            "players": {"A": "A", "B": "B"},
            "uncertainties": {"feast": {"range": "1.5..1.9"}},
            "models": {"hunt": HUNT, "after": AFTER, "alone": ALONE},
            "claims": {name: {"says": name, **claim} for name, claim in CLAIMS.items()},
            "search": SEARCHED,
        }
    )
    options = RunOptions(worlds=WORLDS)
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    tally = Tally(scenario, plan)
    searched = SearchedVerdicts.of(scenario, plan, options, scenario.search)
    assert searched is not None
    for chunk in execute(scenario, plan, options):
        searched.add(chunk)
        tally.add(chunk)
    return {**tally.verdicts(), "search": searched.section()}


def row(entry: dict[str, Any]) -> dict[str, Any]:
    (found,) = entry["policies"].values()
    return found


def test_searched_worlds_are_the_first_of_the_run(verdicts: dict[str, Any]):
    assert verdicts["search"]["worlds"] == SEARCHED
    assert verdicts["search"]["claims"]["met"]["worlds"] == SEARCHED


def test_claim_true_in_one_of_three_equilibria_is_mixed_in_every_world(verdicts: dict[str, Any]):
    assert row(verdicts["search"]["claims"]["met"])["mixed"] == 1.0
    assert verdicts["search"]["claims"]["may_meet"]["word"] == "holds"
    assert verdicts["search"]["models"]["hunt"]["mean_equilibria"] == 3.0


def test_search_selects_what_the_run_selects(verdicts: dict[str, Any]):
    run, searched = (part["claims"]["met"] for part in (verdicts, verdicts["search"]))
    assert row(run)["mixed"] == 0.0
    assert row(searched)["selected"] == row(run)["selected"]


def test_search_reaches_what_a_searched_model_feeds(verdicts: dict[str, Any]):
    assert verdicts["search"]["claims"]["followed"]["word"] == "holds"


def test_claim_that_no_search_bears_upon_is_left_out(verdicts: dict[str, Any]):
    assert "apart" not in verdicts["search"]["claims"]
    assert verdicts["claims"]["apart"]["word"] == "holds"


def test_search_in_no_world_is_none():
    data = {"tenbin": 1, "title": "T", "players": {"A": "A", "B": "B"}, "models": {"hunt": HUNT}}
    scenario = Scenario.from_dict({**data, "uncertainties": {"feast": {"range": "1.5..1.9"}}})
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    assert SearchedVerdicts.of(scenario, plan, RunOptions(worlds=WORLDS), 0) is None
