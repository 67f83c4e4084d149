"""Worlds of whole scenarios: correlations, edits, the central world."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp, kstest, spearmanr

from tenbin.scenario import Scenario
from tenbin.worlds import central_world, draw_worlds, tried_worlds

UNCERTAINTIES = {
    "a": {"normal": [0, 1]},
    "b": {"lognormal": [10, 0.5]},
    "c": {"beta": [2, 3]},
    "d": {"range": "0..2"},
    "e": {"uniform": "0..1"},
}
CORRELATIONS = [{"between": ["a", "b"], "rank": 0.6}, {"between": ["c", "b"], "rank": -0.4}]


def scenario(uncertainties=None, correlations=()):
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "draws",
            "players": {"A": "A"},
            "uncertainties": UNCERTAINTIES if uncertainties is None else uncertainties,
            "correlations": list(correlations),
            "models": {"m": {"form": "toy", "player": "A", "actions": {"go": 1}}},
        }
    )


def test_rank_correlations_are_attained():
    draws = draw_worlds(scenario(correlations=CORRELATIONS), 0, 8192)

    assert spearmanr(draws["a"], draws["b"]).statistic == pytest.approx(0.6, abs=0.01)
    assert spearmanr(draws["c"], draws["b"]).statistic == pytest.approx(-0.4, abs=0.01)
    assert spearmanr(draws["a"], draws["c"]).statistic == pytest.approx(0.0, abs=0.02)


def test_correlated_draws_keep_their_distribution():
    draws = draw_worlds(scenario(correlations=CORRELATIONS), 0, 4096)

    assert kstest(draws["a"], "norm").statistic < 0.01
    assert kstest(draws["c"], "beta", args=(2, 3)).statistic < 0.01


def test_correlation_leaves_all_names_outside_its_group():
    plain = draw_worlds(scenario(), 0, 256)
    joined = draw_worlds(scenario(correlations=CORRELATIONS), 0, 256)

    changed = {name for name in plain if not np.array_equal(plain[name], joined[name])}
    assert changed == {"b", "c"}


@pytest.mark.parametrize("design", ["sobol", "latin", "monte_carlo"])
def test_correlated_worlds_do_not_depend_on_chunks(design):
    made = scenario(correlations=CORRELATIONS)
    whole = draw_worlds(made, 0, 500, design=design, total=500)

    for start, stop in ((0, 3), (3, 130), (130, 500)):
        part = draw_worlds(made, start, stop, design=design, total=500)
        for name, values in part.items():
            np.testing.assert_array_equal(values, whole[name][start:stop])


def test_adding_removing_or_reordering_uncertainties_leaves_the_others():
    before = draw_worlds(scenario(correlations=CORRELATIONS), 0, 128)
    changed = {"new": "0..1", **dict(reversed(UNCERTAINTIES.items())), "other": "1..2"}
    del changed["d"]

    after = draw_worlds(scenario(changed, CORRELATIONS), 0, 128)

    for name in set(before) & set(after):
        np.testing.assert_array_equal(before[name], after[name])


def test_order_of_correlations_does_not_matter():
    turned = [{"between": list(reversed(item["between"])), "rank": item["rank"]}
              for item in reversed(CORRELATIONS)]  # fmt: skip

    before = draw_worlds(scenario(correlations=CORRELATIONS), 0, 64)
    after = draw_worlds(scenario(correlations=turned), 0, 64)

    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])


def test_central_world_holds_every_uncertainty_once():
    world = central_world(scenario())

    assert {name: values.shape for name, values in world.items()} == dict.fromkeys("abcde", (1,))
    assert world["d"][0] == 1.0
    assert world["b"][0] == pytest.approx(10.0)


def test_tried_worlds_have_the_distributions_of_a_run():
    tried = tried_worlds(scenario(correlations=CORRELATIONS[:1]), 8192)
    drawn = draw_worlds(scenario(correlations=CORRELATIONS[:1]), 0, 8192)

    assert list(tried) == list(drawn)
    for name in drawn:
        assert ks_2samp(tried[name], drawn[name]).pvalue > 1e-3
    assert spearmanr(tried["a"], tried["b"]).statistic == pytest.approx(0.6, abs=0.01)


def test_tried_worlds_keep_to_a_truncation():
    cut = {"a": {"normal": [0, 1], "truncate": "1..2"}, "b": {"beta": [2, 2], "on": "10..20"}}

    tried = tried_worlds(scenario(cut), 256)

    assert ((tried["a"] >= 1) & (tried["a"] <= 2)).all()
    assert ((tried["b"] >= 10) & (tried["b"] <= 20)).all()


def test_tried_worlds_are_the_same_each_time():
    first, second = (tried_worlds(scenario(), 64) for _ in range(2))

    assert all((first[name] == second[name]).all() for name in first)


@pytest.mark.parametrize("design", ["sobol", "latin", "monte_carlo"])
def test_draws_of_some_names_are_those_of_all(design: str):
    made = scenario(correlations=CORRELATIONS)
    whole = draw_worlds(made, 0, 64, design=design)

    for name in made.uncertainties:
        part = draw_worlds(made, 0, 64, design=design, names=[name])

        assert list(part) == [name]
        np.testing.assert_array_equal(part[name], whole[name])
