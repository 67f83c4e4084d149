"""What became of the worlds: counts by status, flags, worst residual, margins."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.forms.contract import Certificate, Status
from tenbin.run import (
    JobSummary,
    Request,
    RunOptions,
    RunSummary,
    SolvedJob,
    execute,
    make_plan,
    policy_setting,
)
from tenbin.worlds import draw_worlds
from toy_scenarios import outcome_call, toy_model, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


def summary_of(scenario, *requests, worlds=2000):
    plan = make_plan(scenario, requests, worlds)
    summary = RunSummary(plan)
    for chunk in execute(scenario, plan, RunOptions(worlds=worlds)):
        summary.add(chunk)
    return summary


def test_model_counts_worlds_of_all_its_jobs():
    scenario = toy_scenario()
    asked = [
        Request(outcome_call("P(up.go)"), policy_setting(scenario, name))
        for name in ("none", "helping")
    ]

    model = summary_of(scenario, *asked).models()["up"]

    assert (model["form"], model["concept"], model["jobs"]) == ("toy", "best", 2)
    assert (model["worlds"], model["solved"], model["unsolved"]) == (4000, 4000, 0)
    assert model["worst_residual"] == 0.0


def test_unsolved_worlds_are_counted_by_status():
    models = {"up": toy_model("A", go="log(x - half)", stay="0")}
    scenario = toy_scenario(models=models, derived={}, policies={"none": {}})
    broken = int((draw_worlds(scenario, 0, 2000)["x"] < 0.5).sum())

    model = summary_of(scenario, Request(outcome_call("P(up.go)"))).models()["up"]

    assert model["statuses"] == {"not_finite": broken, "solved": 2000 - broken}
    assert model["unsolved"] == broken


def test_flags_are_counted():
    models = {"up": toy_model("A", go="where(x < half, 1, 2)", stay="1")}
    scenario = toy_scenario(models=models, derived={}, policies={"none": {}})

    model = summary_of(scenario, Request(outcome_call("P(up.go)")), worlds=1000).models()["up"]

    assert model["flags"] == {"tie": int((draw_worlds(scenario, 0, 1000)["x"] < 0.5).sum())}


def test_equilibria_are_counted_in_solved_worlds():
    scenario = toy_scenario()

    model = summary_of(scenario, Request(outcome_call("P(up.go)")), worlds=100).models()["up"]

    assert model["mean_equilibria"] == 1.0
    assert model["several"] == 0


def test_worlds_with_several_equilibria_are_counted():
    found = np.array([[True, True, False], [True, False, False], [True, True, True]])
    status = np.array([Status.SOLVED, Status.SOLVED, Status.DIVERGED], dtype=np.int8)
    zeros = np.zeros(found.shape)
    certificate = Certificate(zeros, zeros, np.ones(found.shape), found)
    solved = SolvedJob(status, found, np.ones(3, bool), certificate, {}, {}, {}, None, "by hand")
    summary = JobSummary()

    summary.add(solved)

    assert summary.as_data()["mean_equilibria"] == 1.5
    assert summary.several == 1


def test_margin_quantiles_are_those_of_the_worlds():
    scenario = toy_scenario()
    draws = draw_worlds(scenario, 0, 2000)
    margin = np.abs(draws["x"] - draws["y"])

    job = summary_of(scenario, Request(outcome_call("P(up.go)"))).jobs["up_0"]

    for share in (0.01, 0.05, 0.25, 0.5):
        assert job.margin_quantile(share) == pytest.approx(np.quantile(margin, share), rel=0.13)


def test_model_that_is_not_solved_is_not_listed():
    scenario = toy_scenario()

    models = summary_of(scenario, Request(outcome_call("P(lone.left)")), worlds=10).models()

    assert list(models) == ["lone"]
