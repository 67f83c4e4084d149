"""Markov perfect equilibria against closed forms and independent slow methods."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from forms.stochastic.made_games import make_game, make_structure, random_game, repeated_game
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.stochastic.certify import certify_stochastic
from tenbin.forms.stochastic.solvers import attempts
from tenbin.forms.stochastic.solvers.markov import solve_markov, solve_qre
from tenbin.forms.stochastic.tables import StochasticGame, StochasticSolution

OPTIONS = SolverOptions(threads=1)

PRISONERS = np.array([[[3.0, 3], [0, 4]], [[4, 0], [1, 1]]])


def solved(game: StochasticGame) -> StochasticSolution:
    """The solution, with every world solved and certified."""
    solution = solve_markov(game, OPTIONS)
    assert (solution.status == Status.SOLVED).all()
    assert certify_stochastic(game, solution, 1e-6).certified.all()
    return solution


def values(solution: StochasticSolution) -> np.ndarray:
    """Values [W, S, P] of a game without types."""
    return solution.value[:, 0, 0, :, :, 0]


def matrix_value(payoffs: np.ndarray) -> float:
    """The value of a zero-sum matrix game to the row player, by linear programming."""
    rows, columns = payoffs.shape
    found = linprog(
        np.concatenate([np.zeros(rows), [-1.0]]),
        A_ub=np.hstack([-payoffs.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.concatenate([np.ones(rows), [0.0]])[None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return float(-found.fun)


def shapley_values(game: StochasticGame, world: int) -> np.ndarray:
    """Values [S] of a zero-sum game of two players who move everywhere (Shapley 1953)."""
    s = game.structure
    actions = s.n_cells // s.n_states
    side = round(np.sqrt(actions))
    payoffs = game.payoffs[world, :, 0, 0]
    prob = game.prob[world].reshape(s.n_cells, s.n_states)
    value = np.zeros(s.n_states)
    for _ in range(400):
        worth = (payoffs + game.discount[world, 0] * prob @ value).reshape(-1, side, side)
        new = np.array([matrix_value(m) for m in worth])
        if np.abs(new - value).max() < 1e-10:
            break
        value = new
    return value


def zero_sum(seed: int, worlds: int) -> StochasticGame:
    """Random zero-sum games with three states and two actions."""
    game = random_game(seed, worlds, states=3, actions=2, discount=0.7)
    game.payoffs[:, :, 1] = -game.payoffs[:, :, 0]
    return game


def test_one_state_repeated_prisoners_dilemma_plays_the_stage_equilibrium() -> None:
    solution = solved(repeated_game(PRISONERS, 0.9))

    assert solution.profile[0, 0, 0].tolist() == [0, 1, 0, 1]
    assert values(solution)[0, 0] == pytest.approx([10, 10])


@pytest.mark.parametrize("discount", [0.3, 0.9, 0.99])
def test_big_match_is_worth_one_half_at_every_discount(discount: float) -> None:
    # Blackwell and Ferguson 1968: the row player's first action ends play with the payoff 1 or 0
    # for ever; the second pays 0 or 1 now and goes on. In averages it is worth 1/2.
    ends = make_structure(2, [{0: 2, 1: 2}, {}, {}], [[[1], [2], [0], [0]], [[1]], [[2]]])
    row = np.array([1.0, 0, 0, 1, 1, 0])
    payoffs = np.stack([row, -row], axis=-1)[None, :, :, None]

    solution = solved(make_game(ends, payoffs, np.ones((1, 6)), discount))

    assert (1 - discount) * values(solution)[0, 0, 0] == pytest.approx(0.5, abs=1e-7)


def test_one_player_reaches_the_values_of_value_iteration() -> None:
    game = random_game(3, 20, players=1, states=6, actions=4)
    s = game.structure
    prob = game.prob.reshape(20, s.n_cells, s.n_states)
    value = np.zeros((20, s.n_states))
    for _ in range(500):
        worth = game.payoffs[:, :, 0, 0] + 0.9 * np.einsum("wqs,ws->wq", prob, value)
        value = worth.reshape(20, s.n_states, 4).max(axis=2)

    solution = solved(game)

    np.testing.assert_allclose(values(solution)[:, :, 0], value, atol=1e-7)


def test_alternating_moves_without_cycles_follow_backward_induction() -> None:
    # Three stages of two states; players take turns and each action leads to a state of the next.
    rng = np.random.default_rng(5)
    structure = make_structure(
        2,
        [{0: 2}, {0: 2}, {1: 2}, {1: 2}, {0: 2}, {0: 2}, {}],
        [[[2], [3]], [[3], [2]], [[4], [5]], [[5], [4]], [[6], [6]], [[6], [6]], [[6]]],
    )
    payoffs = rng.random((50, structure.n_cells, 2, 1))
    payoffs[:, -1] = 0.0
    game = make_game(structure, payoffs, np.ones((50, structure.n_branches)), 0.8)
    value = np.zeros((50, 7, 2))
    for state, player, targets in (
        (5, 0, (6, 6)),
        (4, 0, (6, 6)),
        (3, 1, (5, 4)),
        (2, 1, (4, 5)),
        (1, 0, (3, 2)),
        (0, 0, (2, 3)),
    ):
        worth = [payoffs[:, 2 * state + a, :, 0] + 0.8 * value[:, targets[a]] for a in (0, 1)]
        first = worth[0][:, player] > worth[1][:, player]
        value[:, state] = np.where(first[:, None], worth[0], worth[1])

    solution = solved(game)

    np.testing.assert_allclose(values(solution), value, atol=1e-9)


def test_zero_sum_games_have_the_values_of_shapley_iteration() -> None:
    game = zero_sum(11, 10)
    expected = np.stack([shapley_values(game, i) for i in range(10)])

    solution = solved(game)

    np.testing.assert_allclose(values(solution)[:, :, 0], expected, atol=1e-6)


@pytest.mark.parametrize(("players", "states", "actions"), [(2, 5, 3), (3, 4, 2), (2, 12, 2)])
def test_random_games_are_solved_and_certified(players: int, states: int, actions: int) -> None:
    game = random_game(7, 200, players, states, actions)

    solution = solve_markov(game, OPTIONS)

    certificate = certify_stochastic(game, solution, 1e-6)
    assert certificate.certified.mean() >= 0.999
    assert (certificate.certified[:, 0] == (solution.status == Status.SOLVED)).all()


def test_steps_a_tenth_as_long_lead_to_the_same_equilibria(monkeypatch: pytest.MonkeyPatch) -> None:
    game = random_game(2, 200)
    usual = solve_markov(game, OPTIONS)
    monkeypatch.setattr(attempts, "AIM", 0.1 * attempts.AIM)

    fine = solve_markov(game, OPTIONS)

    assert fine.steps is not None
    assert usual.steps is not None
    assert fine.steps.mean() > 2 * usual.steps.mean()
    np.testing.assert_allclose(values(fine), values(usual), atol=1e-6)


def test_solution_of_a_world_is_the_same_in_any_batch() -> None:
    game = random_game(9, 40)
    whole = solve_markov(game, OPTIONS)
    alone = StochasticGame(
        game.structure,
        game.payoffs[17:18],
        game.prob[17:18],
        game.discount[17:18],
        game.prior[17:18],
        game.start[17:18],
        game.valid[17:18],
    )

    single = solve_markov(alone, OPTIONS)

    np.testing.assert_array_equal(single.profile[0], whole.profile[17])
    np.testing.assert_array_equal(single.value[0], whole.value[17])


def test_common_factor_and_shifts_of_payoffs_leave_the_profile() -> None:
    game = random_game(13, 20)
    other = random_game(13, 20)
    other.payoffs[:] = 250.0 * other.payoffs + np.array([3.0, -40.0])[:, None]

    one, two = solved(game), solved(other)

    np.testing.assert_allclose(one.profile, two.profile, atol=1e-6)


def test_components_are_solved_last_first_when_a_stock_cannot_fall() -> None:
    # Each period the stock may grow from 0 to 2; the last level is a one-state repeated game.
    structure = make_structure(2, [{0: 2, 1: 2}] * 3, [[[0, 1]] * 4, [[1, 2]] * 4, [[2]] * 4])
    payoffs = np.tile(PRISONERS.reshape(1, 4, 2, 1), (1, 3, 1, 1))
    prob = np.array([[0.5] * 16 + [1.0] * 4])

    solution = solved(make_game(structure, payoffs, prob, 0.9))

    np.testing.assert_allclose(values(solution)[0], 10.0)
    assert (solution.steps < 120).all()


def test_numbers_that_are_not_finite_are_a_status() -> None:
    game = random_game(1, 3, states=2, actions=2)
    game.payoffs[1, 0, 0, 0] = np.nan

    solution = solve_markov(game, OPTIONS)

    assert solution.status.tolist() == [Status.SOLVED, Status.NOT_FINITE, Status.SOLVED]
    assert solution.found[:, 0].tolist() == [True, False, True]
    assert np.isnan(solution.profile[1]).all()


def test_quantal_response_at_precision_zero_mixes_evenly() -> None:
    game = random_game(2, 5)

    solution = solve_qre(game, SolverOptions(concept="qre", precision=0.0, threads=1))

    np.testing.assert_allclose(solution.profile, 1 / 3, atol=1e-12)


@pytest.mark.parametrize("precision", [0.7, 12.0])
def test_quantal_response_is_the_logit_response_to_itself(precision: float) -> None:
    game = random_game(2, 50)

    solution = solve_qre(game, SolverOptions(concept="qre", precision=precision, threads=1))

    certificate = certify_stochastic(game, solution, 1e-6)
    assert certificate.certified.all()
    assert certificate.residual.max() < 1e-9
