"""Pure sequential equilibria: all of them, none that is not, and said where that is not proved."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.bimatrix import (
    BATTLE_OF_THE_SEXES,
    CHICKEN,
    MATCHING_PENNIES,
    STAG_HUNT,
    bimatrix,
    coordination,
)
from forms.tree.gambit_twin import gambit_regret
from forms.tree.hand_made import make_game
from forms.tree.pure_twin import found_profiles, twin_equilibria
from forms.tree.random_trees import Shape, grow_game
from forms.tree.textbook_trees import beer_quiche, chain_store, entry_deterrence, selten_horse
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers.perfect import solve_perfect
from tenbin.forms.tree.solvers.pure import solve_pure
from tenbin.forms.tree.tables import TreeGame

OPTIONS = SolverOptions(concept="pure", threads=1)
SMALL = Shape(players=2, depth=4, most_actions=2, hidden=0.6)


def profiles(game: TreeGame, world: int = 0) -> set[tuple[int, ...]]:
    solution = solve_pure(game, OPTIONS)
    return found_profiles(game, solution.profile[world], solution.found[world])


@pytest.mark.parametrize(
    ("game", "expected"),
    [(BATTLE_OF_THE_SEXES, 2), (CHICKEN, 2), (STAG_HUNT, 2), (coordination(1, 2, 3), 3)],
)
def test_coordination_has_its_pure_equilibria(game, expected):
    solution = solve_pure(bimatrix(*game), OPTIONS)

    assert solution.found.sum() == expected
    assert solution.complete[0]


def test_matching_pennies_has_none_and_says_so():
    solution = solve_pure(bimatrix(*MATCHING_PENNIES), OPTIONS)

    assert not solution.found.any()
    assert solution.status[0] == Status.NO_EQUILIBRIUM_FOUND
    assert solution.complete[0]


def test_beer_quiche_pools_on_either_breakfast():
    """Cho and Kreps (1987): with nine in ten strong, all have beer or all have quiche."""
    game = beer_quiche(0.9)
    solution = solve_pure(game, OPTIONS)
    beer = game.tree.action_names.index("beer")

    assert solution.complete[0]
    assert sorted(solution.profile[0, :, beer].tolist()) == [0.0, 1.0]


def test_beer_quiche_with_few_strong_types_has_no_pure_equilibrium():
    solution = solve_pure(beer_quiche(0.3), OPTIONS)

    assert not solution.found.any()
    assert solution.complete[0]


def test_threat_of_the_incumbent_is_not_credible():
    """Of the two pure Nash equilibria only entry and sharing is sequential."""
    solution = solve_pure(entry_deterrence(), OPTIONS)

    assert solution.profile[0, solution.found[0]].tolist() == [[0.0, 1.0, 0.0, 1.0]]


def test_chain_store_shares_everywhere():
    """Selten (1978)."""
    game = chain_store(3)
    solution = solve_pure(game, OPTIONS)
    played = solution.profile[0, 0]

    assert solution.found.sum() == 1
    assert all(
        played[g] == float(name in ("in", "share")) for g, name in enumerate(game.tree.action_names)
    )


def test_selten_horse_keeps_only_the_sequential_equilibrium():
    """Selten (1975): (D, c, L) is Nash, but two would not play c if asked."""
    game = selten_horse()
    solution = solve_pure(game, OPTIONS)

    assert solution.profile[0, solution.found[0]].tolist() == [[1, 0, 1, 0, 0, 1]]
    assert solution.complete[0]


def test_belief_that_no_tremble_justifies_is_apart():
    """One leaves, or goes left or right unseen; two guesses which, then three, who saw the guess.

    Off the path both must believe the same [kreps1982seq]. Three guesses left only if it has at
    least three quarters, two if it has one half: two right and three left cannot both be right.
    """

    def guesses(side: str) -> tuple:
        third = {"left": (0.0, 1.0), "right": (3.0, 0.0)}
        below = {}
        for guess in ("left", "right"):
            worth = float(guess == side)
            ends = {name: (-1.0, worth, third[name][side == "left"]) for name in ("left", "right")}
            below[guess] = ("three", f"after {guess}", ends)
        return ("two", "2", below)

    root = ("one", "1", {"out": (0, 0, 0), "left": guesses("left"), "right": guesses("right")})
    game = make_game("one two three", root)
    solution = solve_pure(game, OPTIONS)
    inside, outside = twin_equilibria(game)

    assert solution.complete[0]
    assert solution.flags["pbe"][0]
    found = found_profiles(game, solution.profile[0], solution.found[0])
    assert inside <= found < outside
    names = game.tree.action_names
    for _, guess, *answers in found:
        if names[guess] == "right":
            assert {names[answer] for answer in answers} == {"right"}


@pytest.mark.parametrize("seed", range(40))
def test_random_games_have_what_the_definition_says(seed):
    game = grow_game(seed, SMALL, 2)
    if game.tree.n_infosets > 6:
        pytest.skip("too many profiles for the reference")
    solution = solve_pure(game, OPTIONS)
    assert certify_tree(game, solution, 1e-9).certified[solution.found].all()
    for world in range(2):
        inside, outside = twin_equilibria(game, world)
        found = found_profiles(game, solution.profile[world], solution.found[world])

        assert found <= outside
        assert inside <= found or not solution.complete[world]


@pytest.mark.parametrize("seed", range(6))
def test_ties_keep_every_equilibrium(seed):
    game = grow_game(seed, Shape(players=2, depth=3, most_actions=2, integers=True, chance=0.0))
    solution = solve_pure(game, OPTIONS)
    inside, outside = twin_equilibria(game)
    found = found_profiles(game, solution.profile[0], solution.found[0])

    assert inside <= found <= outside


@pytest.mark.parametrize("seed", range(8))
def test_perfect_information_is_as_backward_induction(seed):
    game = grow_game(seed, Shape(players=3, depth=5, hidden=0.0, chance=0.0), 20)
    solution = solve_pure(game, OPTIONS)

    assert solution.profile.shape[1] == 1
    assert np.array_equal(solution.profile, solve_perfect(game, OPTIONS).profile)
    assert solution.complete.all()


def test_world_is_solved_the_same_alone():
    game = grow_game(3, Shape(players=2, depth=4, hidden=0.6), 8)
    whole = solve_pure(game, OPTIONS)
    for world in range(8):
        rows = slice(world, world + 1)
        alone = solve_pure(
            TreeGame(game.tree, game.chance[rows], game.payoffs[rows], game.valid[rows]), OPTIONS
        )
        count = int(whole.found[world].sum())

        assert alone.found.sum() == count
        assert np.array_equal(alone.profile[0, :count], whole.profile[world, :count])


def test_payoffs_of_one_player_may_be_scaled():
    game = grow_game(5, Shape(players=2, depth=4, hidden=0.6), 4)
    scaled = TreeGame(game.tree, game.chance, game.payoffs * [3.0, 0.5] + [1.0, -2.0], game.valid)
    found, again = solve_pure(game, OPTIONS), solve_pure(scaled, OPTIONS)

    for world in range(4):
        assert found_profiles(game, found.profile[world], found.found[world]) == found_profiles(
            game, again.profile[world], again.found[world]
        )


def test_branch_of_probability_zero_is_out_of_the_game():
    game = beer_quiche(1.0)
    solution = solve_pure(game, OPTIONS)
    weak = game.tree.infoset_names.index("weak")
    start = game.tree.infoset_start[weak]

    assert (solution.profile[0, solution.found[0], start : start + 2] == 0.5).all()
    assert certify_tree(game, solution, 1e-9).certified[solution.found].all()


def test_world_without_numbers_is_not_finite():
    game = beer_quiche(0.9, 2)
    game.payoffs[1, 0] = np.nan
    solution = solve_pure(game, OPTIONS)

    assert solution.status.tolist() == [Status.SOLVED, Status.NOT_FINITE]
    assert not solution.complete[1]


@pytest.mark.parametrize("seed", range(10))
def test_every_equilibrium_is_nash_for_gambit(seed):
    pytest.importorskip("pygambit", exc_type=ImportError)
    game = grow_game(seed, Shape(players=2, depth=3, most_actions=3, hidden=0.7))
    solution = solve_pure(game, OPTIONS)

    for row in solution.profile[0, solution.found[0]]:
        assert gambit_regret(game, row) < 1e-9


def test_threads_find_the_same():
    """What is derived from structure is shared between threads."""
    game = grow_game(58, Shape(players=2, depth=4, hidden=0.6), 40)
    one = solve_pure(game, OPTIONS)
    many = solve_pure(game, SolverOptions(concept="pure", threads=8))

    assert np.array_equal(one.found, many.found)
    assert np.array_equal(one.profile, many.profile)
