"""Quantal response at a finite precision, in payoff units of the file."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.bimatrix import BATTLE_OF_THE_SEXES, bimatrix
from forms.tree.hand_made import make_game
from forms.tree.logit_twin import residual
from forms.tree.random_trees import Shape, grow_game
from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers.qre import solve_qre


def at(precision: float | None) -> SolverOptions:
    return SolverOptions(concept="qre", precision=precision, threads=1)


@pytest.mark.parametrize("precision", [0.0, 0.3, 5.0, 200.0])
def test_response_is_certified(precision):
    game = grow_game(2, Shape(players=3, depth=5, hidden=0.5), 20)
    solution = solve_qre(game, at(precision))

    assert certify_tree(game, solution, 1e-6).certified.all()
    assert solution.precision == precision


@pytest.mark.parametrize("precision", [1.0, 30.0])
def test_response_solves_the_equations_written_out(precision):
    game = grow_game(4, Shape(depth=4, hidden=0.6), 3)
    solution = solve_qre(game, at(precision))

    first = game.tree.infoset_start[:-1]
    for world in range(3):
        logs = solution.log_witness[world, 0]
        odds = np.delete(logs - logs[first][game.tree.action_infoset], first)
        assert np.max(np.abs(residual(game, world, precision, odds))) < 1e-9


def test_one_decision_is_the_logit_formula():
    game = make_game("one two", ("one", "h", {"a": (1.0, 0), "b": (0.0, 0)}))
    solution = solve_qre(game, at(2.0))

    assert solution.profile[0, 0, 0] == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-12)


def test_units_of_payoffs_and_precision_cancel():
    game = grow_game(6, Shape(hidden=0.6), 5)
    larger = type(game)(game.tree, game.chance, 10.0 * game.payoffs, game.valid)

    one, other = solve_qre(game, at(20.0)), solve_qre(larger, at(2.0))

    assert np.max(np.abs(one.profile - other.profile)) < 1e-9


def test_symmetric_play_goes_on_past_the_bifurcation():
    game = bimatrix(*BATTLE_OF_THE_SEXES)
    solution = solve_qre(game, at(50.0))

    row, column = solution.profile[0, 0, :2], solution.profile[0, 0, 2:]
    assert np.allclose(row, column[::-1], atol=1e-9)
    assert solution.flags["bifurcation"][0]


@pytest.mark.parametrize("precision", [None, -1.0, np.inf, np.nan])
def test_precision_has_to_be_given_and_finite(precision):
    with pytest.raises(FormError, match="needs a finite precision"):
        solve_qre(grow_game(0, Shape()), at(precision))


def test_the_last_step_does_not_leave_the_branch():
    # Followed in steps of 0.002 by code of its own, the branch passes precision 2 once, here; one
    # long step that ends at 2 lands on another solution of the same equations.
    ends = iter(
        [
            (0.696, -0.979, -1.573), (-2.925, -0.353, 1.248), (0.033, 0.512, 1.023),
            (-0.882, 2.652, -0.877), (0.374, 2.74, -0.114), (0.114, -0.512, 0.335),
            (-2.127, -0.647, 1.694), (0.211, -0.24, 0.373),
        ]
    )  # fmt: skip
    rows = {
        a: ("two", "2", {b: ("three", "3", {c: next(ends) for c in "ab"}) for b in "ab"})
        for a in "ab"
    }
    game = make_game("one two three", ("one", "1", rows))

    solution = solve_qre(game, at(2.0))

    assert solution.profile[0, 0, ::2] == pytest.approx([0.0429, 0.8588, 0.3622], abs=1e-4)
