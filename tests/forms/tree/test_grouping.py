"""Equilibria grouped by what happens."""

from __future__ import annotations

import numpy as np

from forms.tree.bimatrix import BATTLE_OF_THE_SEXES, bimatrix
from forms.tree.hand_made import make_game
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.describe import describe_equilibria
from tenbin.forms.tree.grouping import end_probabilities, group_by_outcome, group_rows
from tenbin.forms.tree.solvers.all import solve_all
from tenbin.forms.tree.solvers.pure import solve_pure

OPTIONS = SolverOptions(threads=1)


def test_profiles_that_differ_off_the_path_are_one_outcome():
    below = ("two", "b", {"l": (0, 1), "r": (0, 1)})
    game = make_game("one two", ("one", "a", {"out": (1, 0), "in": below}))
    solution = solve_pure(game, OPTIONS)

    assert solution.found.sum() == 2
    assert group_by_outcome(game, solution).tolist() == [[0, 0]]


def test_equilibria_of_battle_of_the_sexes_are_three_outcomes():
    game = bimatrix(*BATTLE_OF_THE_SEXES)

    assert group_by_outcome(game, solve_all(game, OPTIONS)).tolist() == [[0, 1, 2]]


def test_ends_have_the_products_of_their_paths():
    game = bimatrix(*BATTLE_OF_THE_SEXES)
    ends = end_probabilities(game, solve_all(game, OPTIONS).profile)

    assert np.allclose(ends[0, 0], [2 / 9, 4 / 9, 1 / 9, 2 / 9])
    assert np.allclose(ends.sum(axis=2), 1.0)


def test_empty_slots_have_no_group():
    rows = np.array([[[1.0], [1.0], [0.0]], [[0.5], [0.0], [0.0]]])
    found = np.array([[True, True, True], [True, False, False]])

    assert group_rows(rows, found).tolist() == [[0, 0, 1], [0, -1, -1]]


def test_description_numbers_outcomes_from_one():
    game = bimatrix(*BATTLE_OF_THE_SEXES)
    solution = solve_all(game, OPTIONS)
    told = describe_equilibria(game, solution, certify_tree(game, solution, 1e-6), 0)

    assert [equilibrium["outcome"] for equilibrium in told] == [1, 2, 3]
