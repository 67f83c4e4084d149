"""Designs: a draw is a function of seed, name and world number, and spreads as it should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, qmc

from tenbin.errors import ShapeError
from tenbin.worlds.designs import DESIGNS, uniform_draws
from tenbin.worlds.sobol import direction_numbers, sobol_dimensions, sobol_integers

NAMES = tuple(f"name_{i}" for i in range(24))
designs = pytest.mark.parametrize("design", DESIGNS)


def draw(names, start, stop, design, *, seed=0, total=None):
    return uniform_draws(
        names, start, stop, seed=seed, design=design, total=total if total is not None else stop
    )


@designs
def test_draws_do_not_depend_on_chunks(design):
    whole = draw(NAMES[:3], 0, 1000, design)

    for start, stop in ((0, 1), (0, 7), (7, 333), (333, 1000), (999, 1000)):
        part = draw(NAMES[:3], start, stop, design, total=1000)
        for name, values in part.items():
            np.testing.assert_array_equal(values, whole[name][start:stop])


@designs
def test_draws_of_a_name_do_not_depend_on_names_after_it(design):
    few = draw(NAMES[:5], 0, 100, design)
    many = draw(NAMES, 0, 100, design)

    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name])


@designs
def test_draws_of_names_that_meet_nobody_do_not_depend_on_order(design):
    one_way = draw(NAMES[:6], 0, 100, design)
    other_way = draw(NAMES[5::-1], 0, 100, design)

    for name, values in one_way.items():
        np.testing.assert_array_equal(values, other_way[name])


@designs
def test_draws_lie_strictly_between_zero_and_one(design):
    values = np.concatenate(list(draw(NAMES, 0, 4096, design).values()))

    assert values.min() > 0.0
    assert values.max() < 1.0


@designs
def test_draws_change_with_the_seed(design):
    before, after = (draw(NAMES[:1], 0, 64, design, seed=seed)["name_0"] for seed in (0, 1))

    assert not np.isin(before, after).any()


@designs
def test_draws_are_uniform(design):
    for values in draw(NAMES[:4], 0, 2000, design).values():
        assert kstest(values, "uniform").pvalue > 0.001


@pytest.mark.parametrize("worlds", [1, 2, 64, 1024, 4096])
def test_sobol_has_one_draw_in_each_of_as_many_intervals(worlds):
    for values in draw(NAMES, 0, worlds, "sobol").values():
        np.testing.assert_array_equal(np.sort(np.floor(values * worlds)), np.arange(worlds))


def test_sobol_later_blocks_are_stratified_too():
    for values in draw(NAMES, 3 * 256, 4 * 256, "sobol").values():
        np.testing.assert_array_equal(np.sort(np.floor(values * 256)), np.arange(256))


@pytest.mark.parametrize("worlds", [1, 2, 3, 1000, 1024, 1025])
def test_latin_has_one_draw_in_each_of_as_many_intervals(worlds):
    for values in draw(NAMES[:8], 0, worlds, "latin").values():
        np.testing.assert_array_equal(np.sort(np.floor(values * worlds)), np.arange(worlds))


def test_sobol_pairs_spread_better_than_monte_carlo():
    def discrepancies(design):
        values = draw(NAMES, 0, 1024, design)
        pairs = zip(NAMES[::2], NAMES[1::2], strict=True)
        return [qmc.discrepancy(np.column_stack([values[a], values[b]])) for a, b in pairs]

    sobol, monte_carlo = discrepancies("sobol"), discrepancies("monte_carlo")

    assert np.median(sobol) < np.median(monte_carlo) / 20
    assert max(sobol) < np.median(monte_carlo)


@designs
def test_different_names_are_not_correlated(design):
    values = np.array(list(draw(NAMES, 0, 4096, design).values()))

    correlation = np.corrcoef(values) - np.eye(len(NAMES))
    assert np.abs(correlation).max() < 0.1


def test_direction_numbers_are_those_of_joe_and_kuo():
    with np.load(direction_file()) as table:
        chosen = table["dimension"].astype(int)
    gray = np.arange(32) ^ (np.arange(32) >> 1)

    points = qmc.Sobol(int(chosen.max()) + 1, scramble=False, bits=32).random_base2(5)

    for dimension, theirs in enumerate(chosen):
        ours = sobol_integers(dimension, gray.astype(np.uint32)) * 2.0**-32
        np.testing.assert_allclose(ours, points[:, theirs], atol=1e-9)


def test_no_two_dimensions_share_their_first_digit_over_1024_points():
    first_digits = direction_numbers()[:, :10] >> 31

    assert len(np.unique(first_digits, axis=0)) == len(first_digits) == 512


def test_dimensions_are_distinct_until_all_are_taken():
    places = sobol_dimensions([f"u{i}" for i in range(520)])

    assert len(set(list(places.values())[:512])) == 512
    assert len(places) == 520


def test_name_moves_on_where_an_earlier_one_has_its_dimension():
    home = sobol_dimensions(["a"])["a"]
    rival = next(f"b{i}" for i in range(10_000) if sobol_dimensions([f"b{i}"])[f"b{i}"] == home)

    assert sobol_dimensions(["a", rival])["a"] == home
    assert sobol_dimensions([rival, "a"])[rival] == home
    assert sobol_dimensions(["a", rival])[rival] != home


def test_draws_are_what_they_were():
    """Other figures here mean other worlds for every stored run: say so under `numbers`."""
    found = {
        design: draw(("stake",), 0, 3, design)["stake"].round(9).tolist() for design in DESIGNS
    }

    assert found == {
        "sobol": [0.980228249, 0.28735472, 0.146990092],
        "latin": [0.571217164, 0.837171711, 0.178191244],
        "monte_carlo": [0.559153962, 0.52449622, 0.429589345],
    }


@pytest.mark.parametrize(("start", "stop", "total"), [(-1, 2, 5), (3, 2, 5), (0, 6, 5)])
def test_worlds_outside_the_run_are_refused(start, stop, total):
    with pytest.raises(ShapeError, match="do not lie in a run"):
        draw(NAMES[:1], start, stop, "sobol", total=total)


def test_unknown_design_is_refused():
    with pytest.raises(ShapeError, match="unknown design 'halton'; there are sobol"):
        draw(NAMES[:1], 0, 1, "halton")


def direction_file():
    from importlib.resources import files

    return str(files("tenbin.worlds") / "sobol.npz")
