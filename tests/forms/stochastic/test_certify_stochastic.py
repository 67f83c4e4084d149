"""The certifier accepts equilibria that are known, and no neighbours of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forms.stochastic.made_games import cycle_game, make_game, make_structure, random_game
from tenbin.errors import ShapeError
from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.certify import certify_stochastic
from tenbin.forms.stochastic.solvers.markov import solve_markov
from tenbin.forms.stochastic.tables import StochasticGame, StochasticSolution

TEMPTATION, REWARD, PUNISHMENT, SUCKER = 5.0, 3.0, 1.0, 0.0
COOPERATE = [1.0, 0.0]
DEFECT = [0.0, 1.0]


def grim_trigger(discount: float) -> StochasticGame:
    """The prisoners' dilemma with a memory: whether both have cooperated so far."""
    structure = make_structure(2, [{0: 2, 1: 2}] * 2, [[[0], [1], [1], [1]], [[1]] * 4])
    one = np.array([REWARD, SUCKER, TEMPTATION, PUNISHMENT])
    two = np.array([REWARD, TEMPTATION, SUCKER, PUNISHMENT])
    payoffs = np.tile(np.stack([one, two], axis=1), (2, 1))[None, :, :, None]
    return make_game(structure, payoffs, np.ones((1, 8)), discount)


def as_solution(game: StochasticGame, rows: list[list[float]], value: np.ndarray):
    """A solution of one world from its strategies and values [S, P]."""
    profile = np.concatenate(rows)[None, None, None]
    return StochasticSolution(
        structure=game.structure,
        profile=profile,
        value=value[None, None, None, :, :, None],
        posterior=None,
        found=np.ones((1, 1), dtype=np.bool_),
        status=np.zeros(1, dtype=np.int8),
        complete=np.zeros(1, dtype=np.bool_),
        method="by hand",
    )


@pytest.mark.parametrize(("above", "holds"), [(1e-4, True), (0.0, True), (-1e-4, False)])
def test_grim_trigger_sustains_cooperation_from_the_known_discount_on(
    above: float, holds: bool
) -> None:
    # Friedman 1971: cooperation is an equilibrium iff discount >= (T - R) / (T - P).
    discount = (TEMPTATION - REWARD) / (TEMPTATION - PUNISHMENT) + above
    game = grim_trigger(discount)
    value = np.array([[REWARD] * 2, [PUNISHMENT] * 2]) / (1 - discount)

    certificate = certify_stochastic(
        game, as_solution(game, [COOPERATE, COOPERATE, DEFECT, DEFECT], value), 1e-6
    )

    assert certificate.certified[0, 0] == holds


def test_residual_is_the_gain_of_one_deviation_in_payoff_ranges() -> None:
    # At discount 1/4 defecting once gains T - R now and loses (R - P) / 3 afterwards, here 4/3.
    game = grim_trigger(0.25)
    value = np.array([[REWARD] * 2, [PUNISHMENT] * 2]) / 0.75

    certificate = certify_stochastic(
        game, as_solution(game, [COOPERATE, COOPERATE, DEFECT, DEFECT], value), 1e-6
    )

    gain = (TEMPTATION - REWARD) - (REWARD - PUNISHMENT) / 3
    assert certificate.residual[0, 0] == pytest.approx(0.75 * gain / 5.0)


@pytest.fixture(scope="module")
def random_solved() -> tuple[StochasticGame, StochasticSolution]:
    game = random_game(21, 60)
    return game, solve_markov(game, SolverOptions(threads=1))


def test_perturbed_profiles_are_rejected(
    random_solved: tuple[StochasticGame, StochasticSolution],
) -> None:
    game, solution = random_solved
    s = game.structure
    rng = np.random.default_rng(0)
    noise = np.abs(solution.profile + 0.02 * rng.random(solution.profile.shape))
    for i in range(s.n_points):
        row = slice(s.action_start[i], s.action_start[i + 1])
        noise[..., row] /= noise[..., row].sum(axis=-1, keepdims=True)

    certificate = certify_stochastic(game, replace(solution, profile=noise), 1e-6)

    assert not certificate.certified.any()


def test_wrong_values_are_rejected(
    random_solved: tuple[StochasticGame, StochasticSolution],
) -> None:
    game, solution = random_solved

    certificate = certify_stochastic(game, replace(solution, value=solution.value + 1e-3), 1e-6)

    assert not certificate.certified.any()
    assert (certificate.residual < 1e-6).all()


def test_rows_that_do_not_sum_to_one_are_no_profile(
    random_solved: tuple[StochasticGame, StochasticSolution],
) -> None:
    game, solution = random_solved

    certificate = certify_stochastic(game, replace(solution, profile=0.99 * solution.profile), 1e-6)

    assert np.isinf(certificate.residual).all()


def test_posteriors_that_are_not_bayes_are_rejected() -> None:
    game = cycle_game(5, 4, phases=2, levels=1, actions=(2, 2))
    solution = solve_markov(game, SolverOptions(threads=1))
    assert solution.posterior is not None
    moved = np.clip(solution.posterior + 0.05, 0.0, 1.0)

    certificate = certify_stochastic(game, replace(solution, posterior=moved), 1e-6)

    assert not certificate.certified.any()
    assert (certificate.witness_gap > 0.04).all()


def test_solution_of_another_game_is_refused() -> None:
    solution = solve_markov(random_game(1, 2), SolverOptions(threads=1))

    with pytest.raises(ShapeError, match="needs"):
        certify_stochastic(random_game(1, 2, states=4), solution, 1e-6)
