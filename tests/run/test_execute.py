"""Running a plan: chunks, statuses, links, what chunks answer."""

from __future__ import annotations

from threading import Barrier

import numpy as np
import pytest

from tenbin.errors import ShapeError
from tenbin.forms.contract import Status
from tenbin.run import Request, RunOptions, execute, make_plan, policy_setting, set_values
from tenbin.run.execute import chunk_bounds
from tenbin.scenario.language import Setting
from tenbin.worlds import draw_worlds
from toy_scenarios import number, outcome_call, toy_model, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")
NOTHING = Setting()


def run(scenario, *texts, worlds=100, setting=NOTHING, **options):
    """The outcomes of the texts, joined over chunks, and nothing stored."""
    calls = [outcome_call(text) for text in texts]
    plan = make_plan(scenario, [Request(call, setting) for call in calls], worlds)
    parts = [
        [chunk.outcome(call, setting) for call in calls]
        for chunk in execute(scenario, plan, RunOptions(worlds=worlds, **options))
    ]
    return [
        (
            np.concatenate([part[i].selected for part in parts]),
            np.concatenate([part[i].status for part in parts]),
        )
        for i in range(len(calls))
    ]


def draws_of(worlds):
    return draw_worlds(toy_scenario(), 0, worlds)


def test_outcomes_are_those_of_the_worlds_drawn():
    draws = draws_of(3000)

    [(taken, status), (value, _)] = run(toy_scenario(), "P(up.go)", "E(up.A)", worlds=3000)

    np.testing.assert_array_equal(taken, draws["x"] > draws["y"])
    np.testing.assert_array_equal(value, np.maximum(draws["x"], draws["y"]))
    assert (status == Status.SOLVED).all()


def test_downstream_model_reads_the_outcome_of_its_upstream_model():
    draws = draws_of(2000)
    worth = np.maximum(draws["x"], 0.5) + draws["y"]

    [(acted, _), (joined, _)] = run(toy_scenario(), "P(down.act)", "P(last.join)", worlds=2000)

    np.testing.assert_array_equal(acted, worth > 0.9)
    np.testing.assert_array_equal(joined, worth > 0.9)


def test_setting_of_the_asker_is_in_force_upstream():
    scenario = toy_scenario()
    draws = draws_of(500)
    worth = draws["x"] + 1 + draws["y"]

    setting = set_values(policy_setting(scenario, "helping"), {"z": number("9")})
    [(value, _)] = run(scenario, "E(down.B)", worlds=500, setting=setting)

    np.testing.assert_allclose(value, worth)


def test_committed_move_is_in_force_upstream():
    scenario = toy_scenario()

    [(value, _)] = run(scenario, "E(down.B)", setting=policy_setting(scenario, "bound"))

    np.testing.assert_allclose(value, np.maximum(0.5 + draws_of(100)["y"], 0.9))


def test_first_chunk_is_the_first_64_worlds():
    scenario = toy_scenario()
    plan = make_plan(scenario, [Request(outcome_call("P(up.go)"))], 40_000)

    bounds = chunk_bounds(plan)

    assert bounds[0] == (0, 64)
    assert bounds[1:] == [(64, 16_384), (16_384, 32_768), (32_768, 40_000)]


@pytest.mark.parametrize("worlds", [1, 64, 65, 128, 129, 1025])
def test_chunks_cover_small_runs(worlds):
    scenario = toy_scenario()
    plan = make_plan(scenario, [Request(outcome_call("P(up.go)"))], worlds)

    bounds = chunk_bounds(plan)

    assert bounds[-1][1] == worlds
    assert sum(stop - start for start, stop in bounds) == worlds


def test_each_distinct_job_is_solved_once_per_world(toy):
    scenario = toy_scenario()
    call = outcome_call("P(lone.left)")
    asked = [Request(call, policy_setting(scenario, name)) for name in scenario.policies]
    plan = make_plan(scenario, asked, 2000)

    for _ in execute(scenario, plan, RunOptions(worlds=2000)):
        pass

    assert toy.solved == [("lone", 64), ("lone", 1936)]


def test_blocks_of_worlds_give_what_one_block_gives(monkeypatch):
    texts = ("P(up.go)", "E(down.B)", "P(last.join)")
    whole = run(toy_scenario(), *texts, worlds=1500)

    monkeypatch.setattr("tenbin.run.solving.BLOCK_BYTES", 1)
    blocks = run(toy_scenario(), *texts, worlds=1500)

    for (values, status), (again, status_again) in zip(whole, blocks, strict=True):
        np.testing.assert_array_equal(values, again)
        np.testing.assert_array_equal(status, status_again)


def test_job_with_fewer_worlds_has_shorter_arrays():
    scenario = toy_scenario()
    call, other = outcome_call("P(up.go)"), outcome_call("P(lone.left)")
    plan = make_plan(scenario, [Request(call, worlds=1100), Request(other)], 20_000)

    lengths = [
        (chunk.worlds, chunk.worlds_of(plan.jobs[0].job), len(chunk.outcome(other, NOTHING).status))
        for chunk in execute(scenario, plan, RunOptions(worlds=20_000))
    ]

    assert lengths == [(64, 64, 64), (16_320, 1036, 16_320), (3616, 0, 3616)]


def test_asking_beyond_the_worlds_of_a_job_is_refused():
    scenario = toy_scenario()
    call = outcome_call("P(up.go)")
    wanted = [Request(call, worlds=10), Request(outcome_call("P(lone.left)"))]
    plan = make_plan(scenario, wanted, 2000)

    *_, last = execute(scenario, plan, RunOptions(worlds=2000))

    with pytest.raises(ShapeError, match="solved in none of the worlds"):
        last.outcome(call, NOTHING)


def test_world_whose_number_is_not_finite_is_unsolved_and_so_is_what_it_feeds():
    models = dict(toy_scenario().data["models"]) | {
        "up": toy_model("A", go="log(x - half)", stay=0)
    }
    broken = draws_of(400)["x"] < 0.5

    scenario = toy_scenario(models=models)
    [(value, status), (_, below), (_, last)] = run(
        scenario, "E(up.A)", "P(down.act)", "P(last.join)", worlds=400
    )

    assert 0 < broken.sum() < 400
    np.testing.assert_array_equal(status == Status.NOT_FINITE, broken)
    np.testing.assert_array_equal(np.isnan(value), broken)
    np.testing.assert_array_equal(below == Status.UPSTREAM, broken)
    np.testing.assert_array_equal(last == Status.UPSTREAM, broken)


def test_world_is_solved_when_certified_whatever_the_method_said():
    models = {"up": toy_model("A", concept="timid", go="x", stay="y")}

    [(_, status)] = run(toy_scenario(models=models, derived={}, policies={"none": {}}), "P(up.go)")

    assert (status == Status.SOLVED).all()


def test_world_is_not_certified_when_the_method_was_wrong():
    models = {"up": toy_model("A", concept="wrong", go="x", stay="y")}

    [(_, status)] = run(toy_scenario(models=models, derived={}, policies={"none": {}}), "P(up.go)")

    assert (status == Status.NOT_CERTIFIED).all()


def test_outcome_of_an_impossible_condition_is_undefined():
    [(value, status)] = run(toy_scenario(), "P(up.go, given=up.stay)")

    assert (status == Status.UNDEFINED).all()
    assert np.isnan(value).all()


def test_all_equilibria_of_a_world_are_there():
    models = {"up": toy_model("A", go="where(x < half, 1, x)", stay="1 + x - x")}
    scenario = toy_scenario(models=models, derived={}, policies={"none": {}})
    call = outcome_call("P(up.go)")
    plan = make_plan(scenario, [Request(call)], 100)

    [outcome] = [
        chunk.outcome(call, NOTHING) for chunk in execute(scenario, plan, RunOptions(worlds=100))
    ]

    np.testing.assert_array_equal(outcome.found[:, 1], draws_of(100)["x"] < 0.5)
    np.testing.assert_array_equal(outcome.values[outcome.found[:, 1]], [[1.0, 0.0]] * 50)


def test_numbers_of_a_chunk_hold_linked_derived_numbers():
    scenario = toy_scenario()
    link = scenario.derived["worth"].expression.calls[0]
    plan = make_plan(scenario, [Request(link, worlds=30), Request(outcome_call("P(up.go)"))], 50)
    draws = draws_of(50)

    [numbers] = [
        dict(chunk.numbers(NOTHING)) for chunk in execute(scenario, plan, RunOptions(worlds=50))
    ]

    expected = np.maximum(draws["x"], 0.5) + draws["y"]
    np.testing.assert_allclose(numbers["worth"][:30], expected[:30])
    assert np.isnan(numbers["worth"][30:]).all()


def test_scale_is_one_for_probabilities_and_the_payoff_range_for_values():
    scenario = toy_scenario()
    calls = [outcome_call("P(up.go)"), outcome_call("E(up.A)")]
    plan = make_plan(scenario, [Request(call) for call in calls], 50)
    draws = draws_of(50)

    [[share, value]] = [
        [chunk.scale(call, NOTHING) for call in calls]
        for chunk in execute(scenario, plan, RunOptions(worlds=50))
    ]

    assert (share == 1).all()
    np.testing.assert_allclose(value, np.abs(draws["x"] - draws["y"]))


def test_chunk_is_emptied_when_the_next_is_asked_for():
    scenario = toy_scenario()
    call = outcome_call("P(up.go)")
    plan = make_plan(scenario, [Request(call)], 2000)
    chunks = execute(scenario, plan, RunOptions(worlds=2000))

    first = next(chunks)
    next(chunks)

    assert not first.solved


def test_plan_for_another_number_of_worlds_is_refused():
    scenario = toy_scenario()
    plan = make_plan(scenario, [Request(outcome_call("P(up.go)"))], 10)

    with pytest.raises(ShapeError, match="a plan for 10 worlds cannot run in 20"):
        next(execute(scenario, plan, RunOptions(worlds=20)))


def test_progress_rises_to_the_whole_and_estimates_the_rest():
    scenario = toy_scenario()
    plan = make_plan(scenario, [Request(outcome_call("P(last.join)"))], 3000)
    moments = []

    for _ in execute(scenario, plan, RunOptions(worlds=3000), moments.append):
        pass

    shares = [moment.share for moment in moments]
    assert moments[0].seconds_left is None
    assert shares == sorted(shares)
    assert moments[-1].done == moments[-1].total == {"up_0": 3000, "down_0": 3000, "last_0": 3000}
    assert moments[-1].seconds_left == 0.0


@pytest.mark.parametrize("design", ["latin", "monte_carlo"])
def test_design_and_seed_of_the_options_are_used(design):
    draws = draw_worlds(toy_scenario(), 0, 1500, seed=5, design=design)

    [(value, _)] = run(toy_scenario(), "E(lone.B)", worlds=1500, design=design, seed=5)

    np.testing.assert_array_equal(value, np.maximum(draws["x"], 0.5))


def test_independent_jobs_are_solved_side_by_side_and_in_their_order_with_one_thread(
    toy, monkeypatch
):
    scenario = toy_scenario()
    asked = [Request(outcome_call(text)) for text in ("P(up.go)", "P(lone.left)")]
    plan = make_plan(scenario, asked, 100)
    barrier, solve = Barrier(2), toy.solve

    def meet(game, options):
        barrier.wait(timeout=20)
        return solve(game, options)

    list(execute(scenario, plan, RunOptions(worlds=100, threads=1)))
    assert [name for name, _ in toy.solved] == ["up", "lone"]

    monkeypatch.setattr(toy, "solve", meet)
    [_] = execute(scenario, plan, RunOptions(worlds=100, threads=2))
    assert barrier.n_waiting == 0
    assert len(toy.solved) == 4


def test_job_that_is_alone_gets_every_thread(toy, monkeypatch):
    given, solve = [], toy.solve

    def note(game, options):
        given.append(options.threads)
        return solve(game, options)

    monkeypatch.setattr(toy, "solve", note)
    run(toy_scenario(), "P(lone.left)", worlds=100, threads=3)
    run(toy_scenario(), "P(lone.left)", "P(up.go)", worlds=100, threads=2)

    assert given == [3, 1, 1]


def test_failure_of_a_job_ends_the_run(toy, monkeypatch):
    def fail(game, options):
        raise ShapeError("no such thing")

    monkeypatch.setattr(toy, "solve", fail)
    with pytest.raises(ShapeError, match="no such thing"):
        run(toy_scenario(), "P(lone.left)", "P(last.join)", threads=2)
