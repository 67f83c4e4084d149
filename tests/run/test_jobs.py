"""Plans: each distinct job once, after those that feed it, in as many worlds as asked for."""

from __future__ import annotations

import pytest

from tenbin.errors import ScenarioError, ShapeError
from tenbin.run import Job, Request, make_plan, policy_setting, set_values
from tenbin.scenario.language import Setting
from toy_scenarios import number, outcome_call, toy_model, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


def requests(scenario, *texts, policies=("none",), worlds=None):
    return [
        Request(outcome_call(text), policy_setting(scenario, policy), worlds)
        for text in texts
        for policy in policies
    ]


def models(plan):
    return [planned.job.model for planned in plan.jobs]


def test_job_holds_only_what_reaches_its_model():
    scenario = toy_scenario()
    setting = set_values(policy_setting(scenario, "helping"), {"z": number("1")})

    plan = make_plan(scenario, [Request(outcome_call("P(lone.left)"), setting)], 100)

    assert [planned.job for planned in plan.jobs] == [Job("lone", Setting())]


def test_jobs_that_a_policy_does_not_reach_are_shared():
    scenario = toy_scenario()

    plan = make_plan(
        scenario,
        requests(scenario, "P(lone.left)", "P(up.go)", policies=("none", "helping")),
        100,
    )

    assert models(plan) == ["lone", "up", "up"]


def test_jobs_stand_after_those_that_feed_them():
    scenario = toy_scenario()

    plan = make_plan(scenario, requests(scenario, "P(last.join)"), 100)

    assert models(plan) == ["up", "down", "last"]
    assert plan.upstream(plan.jobs[2].job) == {plan.jobs[0].job, plan.jobs[1].job}


def test_setting_of_the_asker_reaches_upstream_models():
    scenario = toy_scenario()

    plan = make_plan(scenario, requests(scenario, "P(last.join)", policies=("helping", "bound")), 9)

    ups = [planned.job.setting for planned in plan.jobs if planned.job.model == "up"]
    assert [(dict(up.values).keys(), up.play) for up in ups] == [
        ({"help", "y"}, ()),
        ({"y"}, (("up.choose", "stay"),)),
    ]


def test_number_that_a_link_replaces_does_not_reach_through_it():
    scenario = toy_scenario(derived={"worth": "E(up.A, y=half)"})
    moved = set_values(Setting(), {"y": number("0.3")})

    plan = make_plan(scenario, [Request(outcome_call("P(down.act)"), moved)], 9)

    assert plan.jobs[-1].job == Job("down", Setting())


def test_number_that_a_link_computes_with_reaches_through_it():
    scenario = toy_scenario(derived={"worth": "E(up.A, y=z)"})
    moved = set_values(Setting(), {"z": number("0.3")})

    plan = make_plan(scenario, [Request(outcome_call("P(down.act)"), moved)], 9)

    up, down = (planned.job for planned in plan.jobs)
    assert down == Job("down", moved)
    assert dict(up.setting.values)["y"] == number("0.3")


def test_policy_that_a_link_names_keeps_the_askers_out():
    scenario = toy_scenario(derived={"worth": "E(up.A, policy=none)"})

    plan = make_plan(
        scenario, requests(scenario, "P(down.act)", policies=("none", "helping", "bound")), 9
    )

    assert models(plan) == ["up", "down"]


def test_replaced_derived_number_cuts_its_links():
    scenario = toy_scenario()
    fixed = set_values(Setting(), {"worth": number("0.3")})

    plan = make_plan(scenario, [Request(outcome_call("P(last.join)"), fixed)], 9)

    assert models(plan) == ["down", "last"]


def test_settings_that_mean_the_same_are_one_job():
    scenario = toy_scenario()
    texts = ("P(up.go)", "P(up.go, help=0)", "P(up.go, half=0.5)", "P(up.go, help=half - half)")

    plan = make_plan(scenario, [Request(outcome_call(text)) for text in texts], 9)

    assert [planned.job for planned in plan.jobs] == [Job("up", Setting())]


def test_spelling_of_a_fixed_number_does_not_matter():
    scenario = toy_scenario()
    texts = ("P(up.go, x=0.5)", "P(up.go, x=half)", "P(up.go, x=1 / 2)")

    plan = make_plan(scenario, [Request(outcome_call(text)) for text in texts], 9)

    assert len(plan.jobs) == 1


def test_circle_of_models_is_refused_with_its_path():
    scenario = toy_scenario(
        models={
            "up": toy_model("A", go="P(last.join)", stay="0"),
            "down": toy_model("B", act="E(up.A)", wait="0"),
            "last": toy_model("A", join="P(down.act, help=help + 1)", leave="0"),
        }
    )

    with pytest.raises(ScenarioError, match="in a circle: down <- up <- last <- down"):
        make_plan(scenario, [Request(outcome_call("P(down.act)"))], 9)


def test_worlds_are_the_most_that_anybody_asks_for():
    scenario = toy_scenario()
    wanted = requests(scenario, "P(lone.left)", worlds=1024)
    wanted += requests(scenario, "P(lone.right)", worlds=2000)

    plan = make_plan(scenario, wanted, 10_000)

    assert [planned.worlds for planned in plan.jobs] == [2000]


def test_worlds_of_a_model_bound_it_and_those_it_feeds():
    scenario = toy_scenario()
    bounded = dict(scenario.data["models"]) | {
        "up": toy_model("A", worlds=2048, go="x + help", stay="y")
    }
    scenario = toy_scenario(models=bounded)

    plan = make_plan(scenario, requests(scenario, "P(last.join)", "P(lone.left)"), 10_000)

    assert {planned.job.model: planned.worlds for planned in plan.jobs} == {
        "up": 2048,
        "down": 2048,
        "last": 2048,
        "lone": 10_000,
    }


def test_upstream_job_is_solved_in_no_more_worlds_than_downstream_needs():
    scenario = toy_scenario()

    plan = make_plan(scenario, requests(scenario, "P(down.act)", worlds=1024), 10_000)

    assert [planned.worlds for planned in plan.jobs] == [1024, 1024]


def test_jobs_can_be_wanted_without_an_outcome():
    scenario = toy_scenario()

    plan = make_plan(scenario, [], 10, jobs=[("lone", Setting())])

    assert [(planned.id, planned.outcomes) for planned in plan.jobs] == [("lone_0", ())]


def test_outcome_that_was_not_asked_for_is_refused():
    scenario = toy_scenario()
    plan = make_plan(scenario, requests(scenario, "P(lone.left)"), 10)

    with pytest.raises(ShapeError, match=r"without asking for P\(lone: right\)"):
        plan.job_of(outcome_call("P(lone.right)"), Setting())
    assert not plan.answers(outcome_call("P(lone.right)"), Setting())
    assert plan.answers(outcome_call("P(lone.left)"), policy_setting(scenario, "helping"))


def test_outcomes_that_a_model_cannot_answer_are_refused_together():
    scenario = toy_scenario()

    with pytest.raises(ScenarioError) as caught:
        make_plan(scenario, requests(scenario, "E(lone.C)", "E(up.D)"), 10)

    assert [problem.given for problem in caught.value.problems] == ["C", "D"]
