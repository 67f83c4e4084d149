"""The compiled equations against a slow twin, at random points."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from forms.tree.hand_made import make_game
from forms.tree.logit_twin import residual
from forms.tree.random_trees import Shape, grow_game
from tenbin.errors import FormError
from tenbin.forms.tree.solvers.branch import branch_problem
from tenbin.forms.tree.solvers.kernel import evaluate, make_work, normalise
from tenbin.forms.tree.solvers.lanes_kernel import evaluate_lanes, make_lanes
from tenbin.forms.tree.solvers.subgames import undivided
from tenbin.numerics.linear import unpack
from tenbin.numerics.vector import LANES


@numba.njit
def system(t, chance, payoffs, precision, w, dense):
    """F and its derivative at w.z; the factor that payoffs were divided by."""
    factor = normalise(t, chance, payoffs, w)
    evaluate(t, chance, precision, w)
    unpack(t.matrix_row, t.matrix_column, t.order, w.matrix, dense)
    return factor


@numba.njit
def lane_system(t, w, players):
    evaluate_lanes(t, w, players)


def compiled(game, precision: float, z: np.ndarray):
    """F [K], its derivative [K, K], the factor and the work arrays, in the first world."""
    problem = branch_problem(game.tree, undivided(game.tree))
    work = make_work(problem)
    work.z[:] = z
    dense = np.zeros((len(z), len(z)))
    chance, payoffs = game.chance[0, problem.branches], game.payoffs[0]
    factor = system(problem.tables, chance, payoffs, precision, work, dense)
    return -work.newton, dense, factor, problem, work


GAMES = [
    pytest.param(Shape(depth=4, hidden=0.6), id="two players"),
    pytest.param(Shape(players=3, depth=4, hidden=0.8, chance=0.5), id="three players"),
    pytest.param(Shape(depth=4, hidden=0.6, chance=0.6, zero_chance=0.8), id="zero chances"),
]


@pytest.mark.parametrize("shape", GAMES)
@pytest.mark.parametrize("seed", range(4))
def test_equations_are_those_of_the_text(shape, seed):
    game = grow_game(seed, shape)
    problem = branch_problem(game.tree, undivided(game.tree))
    z = np.random.default_rng(seed).normal(size=problem.n_unknowns)

    found, _, factor, *_ = compiled(game, 3.0, z)

    assert np.allclose(found, residual(game, 0, 3.0 / factor, z), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("shape", GAMES)
@pytest.mark.parametrize("seed", range(4))
def test_derivative_is_that_of_the_equations(shape, seed):
    game = grow_game(seed, shape)
    problem = branch_problem(game.tree, undivided(game.tree))
    z = np.random.default_rng(seed).normal(size=problem.n_unknowns)
    _, derivative, factor, *_ = compiled(game, 3.0, z)

    for k, step in enumerate(1e-6 * np.eye(len(z))):
        up, down = (residual(game, 0, 3.0 / factor, z + s) for s in (step, -step))
        assert np.allclose(derivative[:, k], (up - down) / 2e-6, rtol=1e-6, atol=1e-7)


def test_lanes_solve_the_same_system():
    game = grow_game(3, Shape(depth=4, hidden=0.6))
    problem = branch_problem(game.tree, undivided(game.tree))
    rng = np.random.default_rng(0)
    lanes = make_lanes(problem)
    lanes.z[:] = rng.normal(size=lanes.z.shape)
    lanes.precision[:] = np.linspace(0.5, 40.0, LANES)
    points = lanes.z.copy()
    lanes.chance[:] = game.chance[0, problem.branches, None]
    lanes.log_chance[:] = np.log(lanes.chance)
    first = compiled(game, 1.0, points[:, 0])[4]
    inner = len(problem.tables.parent) * problem.n_players
    lanes.value[inner:] = first.payoff.reshape(-1, 1)

    lane_system(problem.tables, lanes, problem.n_players)

    for lane in range(LANES):
        precision = float(lanes.precision[lane])
        found, derivative, *_ = compiled(game, precision, points[:, lane])
        assert np.allclose(derivative @ lanes.newton[:, lane], -found, rtol=1e-9, atol=1e-9)
        assert lanes.sign[lane] == np.sign(np.linalg.det(derivative))


def test_player_who_forgets_having_moved_is_refused():
    again = ("one", "h", {"a": (0, 0), "b": (1, 1)})
    game = make_game("one two", ("one", "h", {"a": again, "b": (2, 2)}))

    with pytest.raises(FormError, match="'h' comes twice on one path"):
        branch_problem(game.tree, undivided(game.tree))
