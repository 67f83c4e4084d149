"""Trees run end to end: solved, certified, linked; the numbers of a textbook game come out."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.forms.contract import Status
from tenbin.run import (
    Request,
    RunOptions,
    RunSummary,
    execute,
    make_plan,
    policy_setting,
    solve_central,
)
from tenbin.scenario import Scenario
from tenbin.scenario.language import Setting
from tenbin.worlds import draw_worlds
from toy_scenarios import outcome_call

WORLDS = 1100


@pytest.fixture(scope="module")
def scenario():
    """A decision to probe, a reply, and a purchase that weighs the outcome at two strengths."""
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "deterrence",
            "players": {"A": "A", "B": "B"},
            "uncertainties": {"stake": "0.5..1.5", "cost": "0.6..2.0"},
            "levers": {"troops": {"default": 0, "range": "0..1"}},
            "policies": {"none": {}, "present": {"troops": 1}},
            "models": {
                "deterrence": {
                    "form": "tree",
                    "start": "challenge",
                    "moves": {
                        "challenge": {
                            "player": "A",
                            "actions": {"keep_quiet": "quiet", "probe": "response"},
                        },
                        "response": {
                            "player": "B",
                            "actions": {"concede": "concession", "resist": "war"},
                        },
                    },
                    "ends": {
                        "quiet": {"A": 0, "B": 0},
                        "concession": {"A": "stake", "B": "-stake"},
                        "war": {"A": "-cost", "B": "-cost + 0.3 * troops"},
                    },
                },
                "posture": {
                    "form": "tree",
                    "start": "choose",
                    "moves": {
                        "choose": {"player": "B", "actions": {"stay": "kept", "leave": "left"}}
                    },
                    "ends": {
                        "kept": {"B": "E(deterrence.B, troops=1) - 0.1"},
                        "left": {"B": "E(deterrence.B, troops=0)"},
                    },
                },
            },
        }
    )


@pytest.fixture(scope="module")
def solved(scenario):
    """Outcomes by text and policy, and the summary."""
    calls = {text: outcome_call(text) for text in ("P(deterrence.war)", "P(posture.kept)")}
    calls["E(deterrence.B)"] = outcome_call("E(deterrence.B)")
    settings = {name: policy_setting(scenario, name) for name in scenario.policies}
    requests = [Request(call, item) for call in calls.values() for item in settings.values()]
    plan = make_plan(scenario, requests, WORLDS)
    summary = RunSummary(plan)
    found = {(text, name): [] for text in calls for name in settings}
    for chunk in execute(scenario, plan, RunOptions(worlds=WORLDS)):
        summary.add(chunk)
        for text, name in found:
            found[text, name].append(chunk.outcome(calls[text], settings[name]))
    return found, summary


def selected(solved, text, policy):
    return np.concatenate([part.selected for part in solved[0][text, policy]])


def test_every_world_is_solved_and_certified(solved):
    for model in solved[1].models().values():
        assert model["unsolved"] == 0
        assert model["worst_residual"] <= 1e-6


def test_links_and_policies_share_jobs(solved):
    assert [planned.id for planned in solved[1].plan.jobs] == [
        "deterrence_0",
        "deterrence_1",
        "posture_0",
    ]


def test_outcomes_are_those_of_backward_induction(scenario, solved):
    draws = draw_worlds(scenario, 0, WORLDS)

    for policy, troops in (("none", 0.0), ("present", 1.0)):
        resists = -draws["cost"] + 0.3 * troops > -draws["stake"]
        expected = np.where(resists, 0.0, -draws["stake"])
        np.testing.assert_allclose(selected(solved, "E(deterrence.B)", policy), expected, atol=1e-5)


def test_downstream_choice_weighs_both_strengths(scenario, solved):
    stays = selected(solved, "P(posture.kept)", "none")
    gain = selected(solved, "E(deterrence.B)", "present") - selected(
        solved, "E(deterrence.B)", "none"
    )

    np.testing.assert_array_equal(stays > 0.5, gain > 0.1)


def test_central_world_of_a_linked_tree_is_certified(scenario):
    central = solve_central(scenario, "posture", Setting())

    assert central.certificate.certified.all()
    assert central.solution.status.tolist() == [Status.SOLVED]
