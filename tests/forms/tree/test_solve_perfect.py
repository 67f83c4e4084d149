"""Backward induction: exact, complete without ties, refused without perfect information."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.bimatrix import MATCHING_PENNIES, bimatrix
from forms.tree.hand_made import make_game
from forms.tree.random_trees import Shape, grow_game
from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers.perfect import solve_perfect
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.tables import NONE

OPTIONS = SolverOptions(concept="perfect", threads=1)
KNOWN = Shape(players=3, depth=5, hidden=0.0, chance=0.0)


def centipede(rounds: int):
    """Two piles that double; whoever takes gets the larger."""
    node: object = (2.0 ** (rounds + 1), 2.0 ** (rounds - 1))
    for i in reversed(range(rounds)):
        large, small = 2.0 ** (i + 1), 2.0 ** (i - 1)
        taken = (large, small) if i % 2 == 0 else (small, large)
        node = ("one" if i % 2 == 0 else "two", f"round {i}", {"take": taken, "pass": node})
    return node


def test_centipede_is_taken_at_once():
    game = make_game("one two", centipede(8))
    solution = solve_perfect(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [1.0, 0.0] * 8
    assert solution.complete[0]


@pytest.mark.parametrize("seed", range(5))
def test_random_games_are_certified_complete_and_as_sequential(seed):
    game = grow_game(seed, KNOWN, 30)
    solution = solve_perfect(game, OPTIONS)

    assert certify_tree(game, solution, 1e-9).certified.all()
    assert solution.complete.all()
    assert np.array_equal(solution.profile, solve_sequential(game, OPTIONS).profile)


def test_values_are_those_of_recursion():
    game = grow_game(3, KNOWN)
    tree = game.tree
    solution = solve_perfect(game, OPTIONS)

    def value(node: int) -> np.ndarray:
        if tree.terminal[node] != NONE:
            return game.payoffs[0, tree.terminal[node]]
        own = tree.infoset_player[tree.infoset[node]]
        return max((value(n) for n in np.flatnonzero(tree.parent == node)), key=lambda v: v[own])

    node = 0
    while tree.terminal[node] == NONE:
        below = np.flatnonzero(tree.parent == node)
        node = next(int(n) for n in below if solution.profile[0, 0, tree.action[n]] == 1.0)
    assert np.array_equal(game.payoffs[0, tree.terminal[node]], value(0))


def test_chance_is_averaged():
    lottery = ("chance", {"win": (0.25, (4, 0)), "lose": (0.75, (0, 0))})
    game = make_game("one two", ("one", "h", {"play": lottery, "keep": (0.9, 0)}), 2)
    game.chance[1] = [0.2, 0.8]
    solution = solve_perfect(game, OPTIONS)

    assert solution.profile[:, 0, 0].tolist() == [1.0, 0.0]


def test_branch_of_probability_zero_is_not_looked_at():
    lottery = ("chance", {"win": (1.0, (4, 0)), "lose": (0.0, (np.nan, 0))})
    game = make_game("one two", ("one", "h", {"play": lottery, "keep": (0.9, 0)}))
    solution = solve_perfect(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [1.0, 0.0]
    assert certify_tree(game, solution, 1e-9).certified.all()


def test_tie_is_mixed_flagged_and_not_called_complete():
    game = make_game("one two", ("one", "h", {"a": (1, 0), "b": (1, 5)}))
    solution = solve_perfect(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [0.5, 0.5]
    assert solution.flags["tie"][0]
    assert not solution.complete[0]


def test_hidden_move_is_refused_by_name():
    with pytest.raises(FormError, match="whoever moves at 'second' does not know"):
        solve_perfect(bimatrix(*MATCHING_PENNIES), OPTIONS)
