"""Jobs fed by jobs with several equilibria: solved along every branch, each tied to its own."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from tenbin.forms.contract import Status
from tenbin.run import (
    Request,
    RunOptions,
    execute,
    make_plan,
    part_paths,
    read_columns,
    read_manifest,
    solve_central,
)
from tenbin.scenario.language import Setting
from tenbin.worlds import draw_worlds
from toy_plays import TIED, branching, plays, scenario_of
from toy_scenarios import outcome_call, toy_model, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")
NOTHING = Setting()


def solved_in(scenario, *texts, worlds=4, **options):
    """The jobs of the texts as solved in one chunk, by model; and the outcomes of the texts."""
    calls = [outcome_call(text) for text in texts]
    plan = make_plan(scenario, [Request(call) for call in calls], worlds)
    [chunk] = [
        (dict(chunk.solved), [chunk.outcome(call, NOTHING) for call in calls])
        for chunk in execute(scenario, plan, RunOptions(worlds=worlds, **options))
    ]
    return {job.model: solved for job, solved in chunk[0].items()}, chunk[1]


def rests(solved, model):
    [slots] = [slots for job, slots in solved.rests.slots.items() if job.model == model]
    return slots


def test_downstream_job_is_solved_once_on_every_branch():
    scenario = scenario_of(a=toy_model("A", **TIED), b=toy_model("B", act="P(a.go)", wait="0.5"))

    jobs, [acted, gone] = solved_in(scenario, "P(b.act)", "P(a.go)")

    assert gone.values.tolist() == [[1.0, 0.0]] * 4
    assert acted.values.tolist() == [[1.0, 0.0]] * 4
    assert rests(jobs["b"], "a").tolist() == [[0, 1]] * 4
    assert (jobs["b"].status == Status.SOLVED).all()


def test_branches_are_followed_only_where_they_were_found(toy):
    scenario = scenario_of(
        a=toy_model("A", go="where(x < half, 1, x)", stay="1 + x - x"),
        b=toy_model("B", act="P(a.go)", wait="0.5"),
    )
    tied = draw_worlds(scenario, 0, 100)["x"] < 0.5

    jobs, [acted] = solved_in(scenario, "P(b.act)", worlds=100)

    np.testing.assert_array_equal(acted.found, np.stack([np.ones(100, dtype=bool), tied], axis=1))
    np.testing.assert_array_equal(rests(jobs["b"], "a")[:, 1], np.where(tied, 1, -1))
    np.testing.assert_array_equal(acted.values[:, 0], tied)
    assert toy.solved == [("a", 100), ("b", 100), ("b", int(tied.sum()))]


def test_chain_remembers_what_the_first_model_did():
    scenario = scenario_of(
        a=toy_model("A", **TIED),
        b=toy_model("B", act="P(a.go)", wait="0.5"),
        c=toy_model("A", join="1 - P(b.act)", leave="0.5"),
    )

    jobs, [joined] = solved_in(scenario, "P(c.join)")

    assert joined.values.tolist() == [[0.0, 1.0]] * 4
    assert rests(jobs["c"], "b").tolist() == [[0, 1]] * 4
    assert rests(jobs["c"], "a").tolist() == [[0, 1]] * 4


def test_sides_of_a_diamond_agree_on_what_feeds_both():
    scenario = scenario_of(
        a=toy_model("A", **TIED),
        b=toy_model("B", act="P(a.go)", wait="0.5"),
        c=toy_model("A", join="1 - P(a.go)", leave="0.5"),
        d=toy_model("B", same="abs(P(b.act) - P(c.join))", other="0.5"),
    )

    jobs, [same] = solved_in(scenario, "P(d.same)")

    assert same.values.tolist() == [[1.0, 1.0]] * 4
    assert rests(jobs["d"], "a").tolist() == [[0, 1]] * 4
    assert rests(jobs["d"], "b").tolist() == rests(jobs["d"], "c").tolist() == [[0, 1]] * 4


def test_model_fed_directly_and_through_another_sees_one_equilibrium():
    scenario = scenario_of(
        a=toy_model("A", **TIED),
        b=toy_model("B", act="P(a.go)", wait="0.5"),
        c=toy_model("A", join="P(a.go) - P(b.act)", leave="0.1"),
    )

    jobs, [joined] = solved_in(scenario, "P(c.join)")

    assert joined.values.tolist() == [[0.0, 0.0]] * 4
    assert jobs["c"].found.all()


def test_own_equilibria_of_a_branch_follow_each_other():
    scenario = scenario_of(
        a=toy_model("A", **TIED), b=toy_model("B", act="P(a.go)", wait="1", third="0")
    )

    jobs, [acted] = solved_in(scenario, "P(b.act)")

    assert acted.values.tolist() == [[1.0, 0.0, 0.0]] * 4
    assert rests(jobs["b"], "a").tolist() == [[0, 0, 1]] * 4


def many(count, **options):
    """So many models with two equilibria each, all feeding one."""
    models = {f"a{number}": toy_model("A", **TIED) for number in range(count)}
    total = " + ".join(f"P({name}.go) * {2**number}" for number, name in enumerate(models))
    return scenario_of(**models, b=toy_model("B", act=total, wait="-1", **options))


def test_at_the_cap_every_combination_is_followed():
    jobs, [value] = solved_in(many(4), "E(b.B)")

    assert sorted(value.values[0]) == list(range(16))
    assert value.values[0, 0] == 15.0
    assert not jobs["b"].rests.capped.any()
    assert jobs["b"].complete.all()


def test_past_the_cap_sixteen_are_followed_and_the_world_is_marked():
    jobs, [value] = solved_in(many(5), "E(b.B)")

    assert value.found.sum(axis=1).tolist() == [16] * 4
    assert len(set(value.values[0])) == 16
    assert value.values[0, 0] == 31.0
    assert jobs["b"].rests.capped.all()
    assert jobs["b"].flags["capped"].all()
    assert not jobs["b"].complete.any()


def test_own_equilibria_of_the_branches_count_towards_the_cap():
    models = dict(many(4).data["models"])
    total = models["b"]["actions"]["act"]
    models["b"] = toy_model("B", act=total, wait=total)

    jobs, [value] = solved_in(scenario_of(**models), "E(b.B)")

    # Two equilibria on each branch, so the first eight branches: the last model goes round first.
    assert value.values[0].tolist() == [
        number for number in (15, 7, 11, 3, 13, 5, 9, 1) for _ in range(2)
    ]
    assert jobs["b"].rests.capped.all()
    assert (jobs["b"].status == Status.SOLVED).all()


def test_mark_of_what_was_left_out_goes_down_the_chain():
    models = dict(many(5).data["models"])
    scenario = scenario_of(**models, c=toy_model("A", join="E(b.B)", leave="15.5"))

    jobs, [joined] = solved_in(scenario, "P(c.join)")

    assert jobs["c"].rests.capped.all()
    assert joined.found.sum(axis=1).tolist() == [16] * 4


def test_world_is_unsolved_where_a_branch_is_and_so_is_what_it_feeds():
    scenario = scenario_of(
        a=toy_model("A", go="where(x < half, 1, x)", stay="1 + x - x"),
        b=toy_model("B", act="log(0.5 - P(a.stay)) * 0", wait="-1"),
        c=toy_model("A", join="P(b.act)", leave="0.5"),
    )
    tied = draw_worlds(scenario, 0, 50)["x"] < 0.5

    jobs, _ = solved_in(scenario, "P(c.join)", worlds=50)

    # Where nothing is tied `stay` alone is best: then the selected branch itself has no number.
    assert (jobs["b"].status == Status.NOT_FINITE).all()
    np.testing.assert_array_equal(jobs["b"].found[:, 0], tied)
    assert (jobs["c"].status == Status.UPSTREAM).all()


def test_branch_that_is_not_certified_leaves_the_world_unsolved():
    scenario = scenario_of(
        a=toy_model("A", **TIED),
        b=toy_model("B", concept="wrong", act="1 - P(a.go)", wait="0"),
    )

    jobs, _ = solved_in(scenario, "P(b.act)")

    # Along the first branch both actions are as good; along the second the worst is taken.
    assert (jobs["b"].status == Status.NOT_CERTIFIED).all()
    assert jobs["b"].certificate.certified.tolist() == [[True, False]] * 4


def test_branches_that_feed_the_same_numbers_are_solved_once(toy):
    scenario = scenario_of(a=toy_model("A", **TIED), b=toy_model("B", act="E(a.A)", wait="0.5"))

    jobs, [acted] = solved_in(scenario, "P(b.act)")

    assert toy.solved == [("a", 4), ("b", 4)]
    assert acted.values.tolist() == [[1.0, 1.0]] * 4
    assert rests(jobs["b"], "a").tolist() == [[0, 1]] * 4


def test_scale_is_that_of_the_branch():
    scenario = scenario_of(a=toy_model("A", **TIED), b=toy_model("B", act="P(a.go)", wait="0.25"))
    call = outcome_call("E(b.B)")
    plan = make_plan(scenario, [Request(call)], 2)

    [scale] = [
        chunk.scale(call, NOTHING) for chunk in execute(scenario, plan, RunOptions(worlds=2))
    ]

    np.testing.assert_allclose(scale, [[0.75, 0.25]] * 2)


def test_flags_of_any_branch_are_kept():
    scenario = scenario_of(a=toy_model("A", **TIED), b=toy_model("B", act="P(a.go)", wait="0"))

    jobs, _ = solved_in(scenario, "P(b.act)")

    assert jobs["b"].flags["tie"].all()


def test_mixture_is_taken_along_the_branch():
    text = "mix(a.go, P(b.act), a.stay, 2 * P(b.act) + 3)"
    scenario = scenario_of(
        a=toy_model("A", **TIED),
        b=toy_model("B", act="P(a.go)", wait="0.5"),
        c=toy_model("A", join=text, leave="-1"),
    )

    _, [value] = solved_in(scenario, "E(c.A)")

    assert value.values.tolist() == [[1.0, 3.0]] * 4


RUN = ("P(a.go)", "P(b.act)", "E(c.A)", "P(d.same)")


def test_blocks_of_worlds_give_what_one_block_gives(monkeypatch):
    whole, outcomes = solved_in(branching(), *RUN, worlds=128)

    monkeypatch.setattr("tenbin.run.solving.BLOCK_BYTES", 1)
    blocks, again = solved_in(branching(), *RUN, worlds=128)

    assert max(solved.found.shape[1] for solved in whole.values()) > 2
    for first, second in zip(outcomes, again, strict=True):
        np.testing.assert_array_equal(first.values, second.values)
        np.testing.assert_array_equal(first.found, second.found)
    for model, solved in whole.items():
        np.testing.assert_array_equal(solved.status, blocks[model].status)
        if solved.rests is not None:
            for job, slots in solved.rests.slots.items():
                np.testing.assert_array_equal(slots, blocks[model].rests.slots[job])


def test_equilibria_are_those_of_following_every_play():
    worlds = 128
    draws = draw_worlds(branching(), 0, worlds)

    jobs, outcomes = solved_in(branching(), *RUN, worlds=worlds)

    last = jobs["d"]
    for world in range(worlds):
        found = set()
        for slot in np.flatnonzero(last.found[world]):
            play = [
                outcomes[number].values[world, rests(last, name)[world, slot]]
                for number, name in enumerate("abc")
            ]
            found.add((*map(float, play), float(outcomes[3].values[world, slot])))
        assert found == set(plays(draws["x"][world], draws["y"][world]))


def test_selected_equilibria_are_those_of_the_selected_branch():
    worlds = 128
    draws = draw_worlds(branching(), 0, worlds)

    _, outcomes = solved_in(branching(), *RUN, worlds=worlds)

    selected = np.stack([outcome.selected for outcome in outcomes], axis=1)
    first = [next(plays(x, y)) for x, y in zip(draws["x"], draws["y"], strict=True)]
    np.testing.assert_array_equal(selected, first)


def stored(folder, scenario, text, worlds=50):
    plan = make_plan(scenario, [Request(outcome_call(text))], worlds)
    for _ in execute(scenario, plan, RunOptions(worlds=worlds, out=folder)):
        pass
    return folder


def test_stored_columns_tell_on_which_equilibrium_each_rests(tmp_path):
    folder = stored(tmp_path, branching(), "P(b.act)")

    names = ["b_0_rests_on_a_0", "b_0_rests_on_a_0_equilibrium_1", "b_0_outcome_0_equilibrium_1"]
    table = read_columns(folder, names)

    draws = draw_worlds(branching(), 0, 50)
    pairs = zip(draws["x"], draws["y"], strict=True)
    several = [len({play[:2] for play in plays(x, y)}) > 1 for x, y in pairs]
    assert set(table[names[0]].to_pylist()) == {0}
    assert [slot is not None for slot in table[names[1]].to_pylist()] == several
    assert [value is not None for value in table[names[2]].to_pylist()] == several


def test_manifest_counts_worlds_in_which_branches_were_left_out(tmp_path):
    results = read_manifest(stored(tmp_path, many(5), "E(b.B)"))["results"]["jobs"]

    assert results["b_0"]["flags"]["capped"] == 50
    assert "capped" not in results["a0_0"]["flags"]


def test_run_without_several_equilibria_stores_nothing_of_branches(tmp_path, toy):
    folder = stored(tmp_path, toy_scenario(), "P(last.join)", worlds=1500)

    columns = {name for path in part_paths(folder) for name in pq.read_schema(path).names}
    assert not [name for name in columns if "rests_on" in name]
    models = ("up", "down", "last")
    assert toy.solved == [(name, 64) for name in models] + [(name, 1436) for name in models]


def test_central_model_can_be_solved_along_every_branch():
    scenario = scenario_of(a=toy_model("A", **TIED), b=toy_model("B", act="P(a.go)", wait="0.5"))

    solved = [solve_central(scenario, "b", branch=number) for number in range(3)]

    assert solved[0].branches.tolist() == [2]
    assert [float(one.game.payoffs[0, 0]) for one in solved] == [1.0, 0.0, 1.0]
