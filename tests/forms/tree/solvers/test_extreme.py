"""All extreme equilibria of two-player simultaneous games."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from forms.tree.solvers.bimatrix_twin import extreme_by_definition
from tenbin.errors import ShapeError
from tenbin.forms.contract import Status
from tenbin.forms.tree.solvers.extreme import ExtremeEquilibria, extreme_equilibria
from tenbin.forms.tree.solvers.extreme_exact import exact_minors
from tenbin.forms.tree.solvers.extreme_tables import minors, n_minors
from tenbin.forms.tree.solvers.extreme_ties_kernel import grid_minors

Pairs = set[tuple[float, ...]]

STENGEL = (
    [
        [9504, -660, 19976, -20526, 1776, -8976],
        [-111771, 31680, -130944, 168124, -8514, 52764],
        [397584, -113850, 451176, -586476, 29216, -178761],
        [171204, -45936, 208626, -263076, 14124, -84436],
        [1303104, -453420, 1227336, -1718376, 72336, -461736],
        [737154, -227040, 774576, -1039236, 48081, -300036],
    ],
    [
        [72336, 48081, 29216, 14124, 1776, -8514],
        [-461736, -300036, -178761, -84436, -8976, 52764],
        [1227336, 774576, 451176, 208626, 19976, -130944],
        [-1718376, -1039236, -586476, -263076, -20526, 168124],
        [1303104, 737154, 397584, 171204, 9504, -111771],
        [-453420, -227040, -113850, -45936, -660, 31680],
    ],
)
"""6 x 6 actions with 75 equilibria, the most that are known (von Stengel 1999)."""


def solve_one(a: ArrayLike, b: ArrayLike) -> ExtremeEquilibria:
    return extreme_equilibria(np.array([a], dtype=float), np.array([b], dtype=float))


def pairs(found: ExtremeEquilibria, world: int = 0, digits: int = 9) -> Pairs:
    """The equilibria of a world, each as x followed by y."""
    rows = np.concatenate([found.x, found.y], axis=2)[world, found.found[world]]
    return {tuple(row) for row in (np.round(rows, digits) + 0.0).tolist()}


def gains(a: NDArray[np.float64], b: NDArray[np.float64], found: ExtremeEquilibria) -> float:
    """The most that anybody gains by the best reply in any equilibrium, of the payoff range."""
    rows = np.einsum("wij,wkj->wki", a, found.y)
    columns = np.einsum("wij,wki->wkj", b, found.x)
    one = rows.max(-1) - (rows * found.x).sum(-1)
    two = columns.max(-1) - (columns * found.y).sum(-1)
    one /= np.maximum(np.ptp(a, axis=(1, 2)), 1e-300)[:, None]
    two /= np.maximum(np.ptp(b, axis=(1, 2)), 1e-300)[:, None]
    return float(np.where(found.found, np.maximum(one, two), 0.0).max())


def is_mix(found: ExtremeEquilibria) -> bool:
    """Whether every equilibrium found is a pair of probability vectors."""
    held = found.found
    sums = np.stack([found.x.sum(-1)[held], found.y.sum(-1)[held]])
    return bool((found.x >= 0).all() and (found.y >= 0).all() and np.allclose(sums, 1, atol=1e-12))


@pytest.mark.parametrize("shape", [(2, 2), (4, 4), (3, 5), (5, 2)])
def test_minors_are_determinants_with_a_column_of_ones(shape: tuple[int, int]):
    rows, columns = shape
    payoffs = np.random.default_rng(3).integers(-8, 8, size=(2, *shape)).astype(float)
    wanted = [
        [
            np.linalg.det(np.hstack([u[np.ix_(own, other)], np.ones((k + 1, 1))]))
            for k in range(1, min(rows - 1, columns) + 1)
            for own in combinations(range(rows), k + 1)
            for other in combinations(range(columns), k)
        ]
        for u in payoffs
    ]
    table = minors(rows, columns)
    float_minors, exact = np.empty((2, n_minors(rows, columns))), np.empty(2, dtype=np.bool_)

    whole = exact_minors(table, payoffs)
    grid_minors(table, payoffs, float_minors, exact)

    unit = 10.0 ** (np.floor(np.log10(np.ptp(payoffs, axis=1).max(axis=1))) - 12)
    size = np.repeat(np.arange(len(table.start) - 1), np.diff(table.start))
    assert exact.all()
    assert np.allclose((whole * unit[:, None] ** size)[:, 1:], wanted, atol=1e-7)
    assert np.array_equal(np.sign(float_minors), np.sign(whole))


def test_battle_of_the_sexes_has_three_equilibria():
    found = solve_one([[2, 0], [0, 1]], [[1, 0], [0, 2]])

    mixed = (2 / 3, 1 / 3, 1 / 3, 2 / 3)
    assert pairs(found) == {(1, 0, 1, 0), (0, 1, 0, 1), tuple(np.round(mixed, 9))}
    assert found.complete[0]
    assert not found.degenerate[0]
    assert found.component[0].tolist() == [0, 1, 2]


def test_matching_pennies_are_mixed_evenly():
    assert pairs(solve_one([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])) == {(0.5, 0.5, 0.5, 0.5)}


def test_rock_paper_scissors_is_mixed_evenly():
    a = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])

    assert pairs(solve_one(a, -a), digits=6) == {(0.333333,) * 6}


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_coordination_has_an_equilibrium_on_every_set_of_actions(n: int):
    found = solve_one(np.eye(n), np.eye(n))

    assert found.found.sum() == 2**n - 1
    assert np.array_equal(found.x, found.y)
    assert not found.degenerate[0]


def test_stengels_game_has_75_equilibria():
    a, b = np.array(STENGEL, dtype=float)[:, None]

    found = extreme_equilibria(a, b)

    assert len(pairs(found)) == 75
    assert found.complete[0]
    assert not found.degenerate[0]
    assert gains(a, b, found) < 1e-12


def test_stengels_example_has_three_equilibria():
    """Von Stengel (2007), "Equilibrium computation for two-player games", section 3.2."""
    found = solve_one([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])

    third, two_thirds = round(1 / 3, 9), round(2 / 3, 9)
    assert pairs(found) == {
        (1, 0, 0, 1, 0),
        (0.8, 0.2, 0, two_thirds, third),
        (0, third, two_thirds, third, two_thirds),
    }


def test_stengels_degenerate_example_has_a_component_of_two_extremes():
    """The same with payoff 3 for 2: two replies to the first row (von Stengel 2007, 3.6)."""
    found = solve_one([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])

    third, two_thirds = round(1 / 3, 9), round(2 / 3, 9)
    assert pairs(found) == {
        (1, 0, 0, 1, 0),
        (1, 0, 0, two_thirds, third),
        (0, third, two_thirds, third, two_thirds),
    }
    assert found.degenerate[0]
    assert found.complete[0]
    assert sorted(found.component[0].tolist()) == [0, 0, 1]


def test_component_may_be_a_chain_of_maximal_nash_subsets():
    """Either's first action is a best reply to all: two edges of the square, joined at a corner."""
    found = solve_one([[1, 1], [1, 0]], [[1, 1], [1, 0]])

    assert pairs(found) == {(1, 0, 1, 0), (1, 0, 0, 1), (0, 1, 1, 0)}
    assert found.component[0].tolist() == [0, 0, 0]


def test_game_without_stakes_is_one_component():
    found = solve_one(np.zeros((3, 2)), np.zeros((3, 2)))

    assert found.found.sum() == 6
    assert set(found.component[0].tolist()) == {0}
    assert found.degenerate[0]
    assert not found.knife_edge[0]


def test_prisoners_dilemma_has_one_equilibrium():
    assert pairs(solve_one([[3, 0], [5, 1]], [[3, 5], [0, 1]])) == {(0, 1, 0, 1)}


@pytest.mark.parametrize("shape", [(2, 2), (2, 5), (4, 3), (4, 4), (5, 5), (6, 4), (3, 7), (1, 4)])
def test_random_games_have_an_odd_number_of_equilibria(shape: tuple[int, int]):
    """Almost all games do (Wilson 1971), and every equilibrium leaves nobody a gain."""
    a, b = np.random.default_rng(5).normal(size=(2, 700, *shape))

    found = extreme_equilibria(a, b)

    assert (found.found.sum(axis=1) % 2 == 1).all()
    assert is_mix(found)
    assert gains(a, b, found) < 1e-10
    assert found.complete.all()
    assert not found.degenerate.any()
    assert (found.status == Status.SOLVED).all()


@pytest.mark.parametrize("n", [7, 8])
def test_large_games_are_right_where_exact_arithmetic_is_called(n: int):
    a, b = np.random.default_rng(7).normal(size=(2, 40, n, n))
    a[::8] = np.round(a[::8], 1)

    found = extreme_equilibria(a, b)

    assert gains(a, b, found) < 1e-9
    assert is_mix(found)
    assert (found.found.sum(axis=1) % 2 == 1)[~found.degenerate].all()


def test_strictly_dominated_actions_change_nothing():
    a, b = np.random.default_rng(8).normal(size=(2, 50, 3, 3))
    worse = np.concatenate([a, a[:, :1] - 0.5], axis=1)
    other = np.concatenate([b, b[:, :1]], axis=1)

    plain, longer = extreme_equilibria(a, b), extreme_equilibria(worse, other)

    for world in range(50):
        without = {row[:3] + row[4:] for row in pairs(longer, world)}
        assert without == pairs(plain, world)
        assert all(row[3] == 0 for row in pairs(longer, world))


def test_iterated_dominance_leaves_one_equilibrium():
    """A race: just ahead of the other is best, and the last place stands for itself."""
    n = 6
    distance = np.subtract.outer(np.arange(n), np.arange(n))
    a = np.where(distance == 1, 2.0, -np.abs(distance - 1.0))
    a[n - 1, n - 1] = 1.0
    found = solve_one(a, a.T)

    assert found.found.sum() % 2 == 1
    assert (0.0,) * 5 + (1.0,) + (0.0,) * 5 + (1.0,) in pairs(found)


def test_equilibria_do_not_hang_on_units_or_origins():
    rng = np.random.default_rng(9)
    a, b = rng.integers(0, 4, size=(2, 120, 3, 3)).astype(float)

    plain = extreme_equilibria(a, b)
    moved = extreme_equilibria(1e40 * a, 0.3 * b + np.arange(3)[None, :, None])

    for world in range(120):
        assert pairs(plain, world) == pairs(moved, world)
    assert np.array_equal(plain.degenerate, moved.degenerate)


def test_exchanging_players_exchanges_mixes():
    rng = np.random.default_rng(10)
    a, b = rng.integers(0, 4, size=(2, 120, 3, 4)).astype(float)

    plain = extreme_equilibria(a, b)
    turned = extreme_equilibria(b.transpose(0, 2, 1), a.transpose(0, 2, 1))

    for world in range(120):
        assert {row[4:] + row[:4] for row in pairs(turned, world)} == pairs(plain, world)


def test_worlds_do_not_hang_on_each_other():
    rng = np.random.default_rng(11)
    a, b = rng.normal(size=(2, 333, 3, 3))
    a[::3], b[::3] = rng.integers(0, 3, size=(2, 111, 3, 3))

    whole = extreme_equilibria(a, b)
    shared = extreme_equilibria(a, b, threads=2)

    for world in (0, 1, 17, 63, 64, 100, 332):
        alone = extreme_equilibria(a[world : world + 1], b[world : world + 1])
        slots = alone.found.shape[1]
        assert np.array_equal(alone.x[0], whole.x[world, :slots])
        assert np.array_equal(alone.component[0], whole.component[world, :slots])
    assert np.array_equal(whole.y, shared.y)
    assert np.array_equal(whole.component, shared.component)


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3), (3, 2), (1, 3)])
def test_games_with_ties_match_the_definition(shape: tuple[int, int]):
    a, b = np.random.default_rng(12).integers(0, 3, size=(2, 60, *shape)).astype(float)

    found = extreme_equilibria(a, b)

    for world in range(60):
        wanted = extreme_by_definition(a[world], b[world])
        rows = {tuple(np.round([float(p) for p in (*x, *y)], 9)) for x, y in wanted}
        assert pairs(found, world) == rows
    assert found.complete.all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=12, max_size=12))
def test_small_whole_games_match_the_definition(numbers: list[int]):
    a, b = np.array(numbers, dtype=float).reshape(2, 2, 3)

    found = solve_one(a, b)

    wanted = extreme_by_definition(a, b)
    assert pairs(found) == {tuple(np.round([float(p) for p in (*x, *y)], 9)) for x, y in wanted}


def test_degenerate_says_more_best_replies_than_actions_played():
    rng = np.random.default_rng(13)
    a, b = rng.integers(0, 3, size=(2, 200, 2, 2)).astype(float)
    tied = (a[:, 0] == a[:, 1]).any(axis=1) | (b[:, :, 0] == b[:, :, 1]).any(axis=1)

    assert np.array_equal(extreme_equilibria(a, b).degenerate, tied)


def test_decimal_payoffs_have_the_ties_that_were_written():
    """0.1 + 0.2 and 0.3 are a tie here, though not to the machine."""
    rng = np.random.default_rng(14)
    a, b = rng.integers(0, 4, size=(2, 150, 3, 3)).astype(float)

    whole = extreme_equilibria(a, b)
    tenths = extreme_equilibria(0.1 * a + 0.2, 0.1 * b)

    assert whole.degenerate.sum() > 50
    assert np.array_equal(whole.degenerate, tenths.degenerate)
    assert np.array_equal(whole.component, tenths.component)
    assert np.allclose(whole.x, tenths.x, atol=1e-11)
    assert not tenths.knife_edge.any()


@pytest.mark.parametrize(("apart", "tie", "is_open"), [(1e-15, 1, 0), (5e-13, 0, 1), (1e-9, 0, 0)])
def test_ties_that_are_open_are_flagged(apart: float, tie: bool, is_open: bool):
    found = solve_one([[1.0, 0.0], [1.0 + apart, 0.3]], [[1, 0], [0, 1]])

    assert found.degenerate[0] == tie
    assert found.knife_edge[0] == is_open
    assert found.complete[0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_payoffs_that_are_not_finite_spoil_their_world_alone(bad: float):
    a, b = np.random.default_rng(15).normal(size=(2, 3, 2, 2))
    plain = extreme_equilibria(a, b)
    a[1, 0, 1] = bad

    found = extreme_equilibria(a, b)

    assert found.status.tolist() == [Status.SOLVED, Status.NOT_FINITE, Status.SOLVED]
    assert found.complete.tolist() == [True, False, True]
    assert not found.found[1].any()
    assert pairs(found, 2) == pairs(plain, 2)


def test_payoffs_of_any_size_are_solved():
    a, b = np.random.default_rng(16).normal(size=(2, 20, 3, 3))

    plain = extreme_equilibria(a, b)
    for factor in (1e-300, 1e-60, 1e150, 1e300):
        scaled = extreme_equilibria(a * factor, b * factor)
        assert np.allclose(scaled.x, plain.x, atol=1e-9)
        assert scaled.complete.all()


def test_games_beyond_the_bound_get_pure_equilibria_and_say_so():
    a = np.broadcast_to(np.eye(12), (3, 12, 12))

    found = extreme_equilibria(a, a)

    assert found.found.sum(axis=1).tolist() == [12, 12, 12]
    assert not found.complete.any()
    assert "pure equilibria alone" in found.method
    pennies = np.where(np.arange(12) % 2, 1.0, -1.0) * np.where(np.arange(12) % 2, 1, -1)[:, None]
    none = solve_one(pennies, -pennies)
    assert none.status.tolist() == [Status.NO_EQUILIBRIUM_FOUND]


def test_arrays_of_two_shapes_are_refused():
    with pytest.raises(ShapeError, match=r"\(1, 2, 3\).*\(1, 3, 2\)"):
        extreme_equilibria(np.zeros((1, 2, 3)), np.zeros((1, 3, 2)))


def test_no_worlds_give_no_equilibria():
    found = extreme_equilibria(np.zeros((0, 3, 3)), np.zeros((0, 3, 3)))

    assert found.found.shape[0] == 0
    assert not found.found.any()


@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (4, 3)])
def test_games_with_ties_match_gambit(shape: tuple[int, int]):
    pygambit = pytest.importorskip("pygambit")
    a, b = np.random.default_rng(17).integers(0, 3, size=(2, 40, *shape))

    found = extreme_equilibria(a.astype(float), b.astype(float))

    for world in range(40):
        game = pygambit.StrategicGame.from_arrays(a[world], b[world])
        theirs = pygambit.nash.enummixed_solve(game, rational=True).equilibria
        rows = {
            tuple(round(float(share), 9) for player in ("1", "2") for _, share in profile[player])
            for profile in theirs
        }
        assert pairs(found, world) == rows


def test_generic_games_match_the_definition():
    a, b = np.random.default_rng(18).normal(size=(2, 25, 3, 3))

    found = extreme_equilibria(a, b)

    for world in range(25):
        wanted = extreme_by_definition(a[world], b[world])
        rows = {tuple(np.round([float(p) for p in (*x, *y)], 9)) for x, y in wanted}
        assert pairs(found, world) == rows
