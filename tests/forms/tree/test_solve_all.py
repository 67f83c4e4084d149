"""All equilibria that can be found: pure ones and mixed ones, subgame by subgame."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.bimatrix import (
    BATTLE_OF_THE_SEXES,
    MATCHING_PENNIES,
    STAG_HUNT,
    bimatrix,
    coordination,
)
from forms.tree.gambit_twin import gambit_regret
from forms.tree.hand_made import make_game
from forms.tree.random_trees import Shape, grow_game
from forms.tree.textbook_trees import (
    beer_quiche,
    chain_store,
    nau_2004,
    selten_horse,
    three_by_two,
)
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.grouping import group_by_outcome
from tenbin.forms.tree.solvers.all import solve_all
from tenbin.forms.tree.solvers.all_starts import started_answers, without_repeats
from tenbin.forms.tree.solvers.perfect import solve_perfect
from tenbin.forms.tree.solvers.pure import solve_pure
from tenbin.forms.tree.solvers.pure_lines import StageGame, Walk
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.solvers.subgames import Branch, find_stages
from tenbin.forms.tree.solvers.support_tables import patterns_of
from tenbin.forms.tree.tables import TreeGame, TreeSolution

OPTIONS = SolverOptions(concept="all", threads=1)


def rows(solution: TreeSolution, world: int = 0) -> list[list[float]]:
    return np.round(solution.profile[world, solution.found[world]], 9).tolist()


@pytest.mark.parametrize(
    ("game", "expected"),
    [(BATTLE_OF_THE_SEXES, 3), (STAG_HUNT, 3), (MATCHING_PENNIES, 1), (coordination(1, 2, 3), 7)],
)
def test_simultaneous_games_are_complete(game, expected):
    solution = solve_all(bimatrix(*game), OPTIONS)

    assert solution.found.sum() == expected
    assert solution.complete[0]


def test_mix_of_battle_of_the_sexes_is_exact():
    solution = solve_all(bimatrix(*BATTLE_OF_THE_SEXES), OPTIONS)

    assert np.allclose(solution.profile[0, 0], [2 / 3, 1 / 3, 1 / 3, 2 / 3], atol=1e-12)


def test_beer_quiche_has_two_components():
    """Cho and Kreps (1987): one where all have beer, one where all have quiche."""
    game = beer_quiche(0.9)
    solution = solve_all(game, OPTIONS)

    assert set(group_by_outcome(game, solution)[0]) - {-1} == {0, 1}
    assert solution.flags["component"][0]
    assert not solution.complete[0]


def test_few_strong_types_are_imitated():
    """The weak order beer with probability p / (1 - p), and the bully fights half of them."""
    game = beer_quiche(0.3)
    solution = solve_all(game, OPTIONS)
    names = game.tree.infoset_names
    start = game.tree.infoset_start
    row = solution.profile[0, 0]

    assert solution.found.sum() == 1
    assert np.isclose(row[start[names.index("weak")]], 3 / 7)
    assert np.isclose(row[start[names.index("beer")]], 0.5)


def test_selten_horse_has_one_outcome():
    """Selten (1975): the sequential equilibria all end with (1, 1, 1)."""
    game = selten_horse()
    solution = solve_all(game, OPTIONS)

    assert set(group_by_outcome(game, solution)[0]) - {-1} == {0}


def test_three_players_mix_irrationally():
    """Nau, Gomez Canovas and Hansen (2004): the one equilibrium of a game in whole numbers."""
    game = nau_2004()
    solution = solve_all(game, OPTIONS)

    assert solution.found.sum() == 1
    assert np.isclose(solution.profile[0, 0, 2], (np.sqrt(601) - 13) / 24, atol=1e-12)


def test_symmetric_three_player_game_has_its_even_mix():
    """Who is alone in a choice wins: two pay for one; the even mix is an equilibrium."""
    payoffs = {}
    for past in ("000", "001", "010", "011", "100", "101", "110", "111"):
        alone = [past.count(a) == 1 for a in past]
        payoffs[past] = tuple(float(won) for won in alone)
    game = three_by_two(payoffs)
    solution = solve_all(game, OPTIONS)

    assert [0.5] * 6 in rows(solution)


def test_continuation_opens_its_own_game_above():
    """One stays out unless the better coordination follows: each continuation counts."""
    below = {
        "a": ("two", "t", {"a": (3, 1), "b": (0, 0)}),
        "b": ("two", "t", {"a": (0, 0), "b": (1, 3)}),
    }
    game = make_game("one two", ("one", "start", {"out": (2, 2), "in": ("one", "s", below)}))
    solution = solve_all(game, OPTIONS)
    enters = sorted(row[1] for row in rows(solution))

    assert solution.complete[0]
    assert enters == [0.0, 0.0, 1.0]
    assert certify_tree(game, solution, 1e-9).certified[solution.found].all()


def test_perfect_information_is_complete_and_as_backward_induction():
    game = chain_store(3)
    solution = solve_all(game, OPTIONS)

    assert solution.complete[0]
    assert np.array_equal(solution.profile, solve_perfect(game, OPTIONS).profile)


@pytest.mark.parametrize("seed", range(5))
def test_random_perfect_information_is_as_backward_induction(seed):
    game = grow_game(seed, Shape(players=3, depth=5, hidden=0.0, chance=0.0), 20)
    solution = solve_all(game, OPTIONS)

    assert np.array_equal(solution.profile, solve_perfect(game, OPTIONS).profile)
    assert solution.complete.all()


@pytest.mark.parametrize("seed", range(12))
def test_random_games_are_certified_and_hold_the_others(seed):
    game = grow_game(seed, Shape(players=2 + seed % 2, depth=3, hidden=0.6), 5)
    solution = solve_all(game, OPTIONS)
    pure = solve_pure(game, OPTIONS)
    principal = solve_sequential(game, OPTIONS)

    assert certify_tree(game, solution, 1e-6).certified[solution.found].all()
    for world in range(5):
        found = solution.profile[world, solution.found[world]]
        wanted = [*pure.profile[world, pure.found[world]], principal.profile[world, 0]]
        for row in wanted:
            assert np.abs(found - row).max(axis=1).min() < 1e-6
        assert np.abs(found[0] - principal.profile[world, 0]).max() < 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_no_profile_is_listed_twice(seed):
    game = grow_game(seed, Shape(players=2, depth=4, hidden=0.6))
    found = solve_all(game, OPTIONS)
    listed = found.profile[0, found.found[0]]

    for i, row in enumerate(listed):
        assert all(np.abs(row - other).max() > 1e-6 for other in listed[:i])


def test_tie_is_no_complete_answer():
    game = make_game("one two", ("one", "h", {"a": (1, 0), "b": (1, 1), "c": (0, 0)}))
    solution = solve_all(game, OPTIONS)

    assert sorted(rows(solution)) == [[0, 1, 0], [0.5, 0.5, 0], [1, 0, 0]]
    assert solution.flags["component"][0]
    assert not solution.complete[0]


def test_world_is_solved_the_same_alone():
    game = grow_game(4, Shape(players=2, depth=4, hidden=0.6), 6)
    whole = solve_all(game, OPTIONS)
    for world in range(6):
        part = slice(world, world + 1)
        alone = solve_all(
            TreeGame(game.tree, game.chance[part], game.payoffs[part], game.valid[part]), OPTIONS
        )

        assert np.allclose(rows(alone), rows(whole, world))


@pytest.mark.parametrize("seed", range(6))
def test_every_equilibrium_is_nash_for_gambit(seed):
    pytest.importorskip("pygambit", exc_type=ImportError)
    game = grow_game(seed, Shape(players=2, depth=3, most_actions=3, hidden=0.7))
    solution = solve_all(game, OPTIONS)

    for row in solution.profile[0, solution.found[0]]:
        assert gambit_regret(game, row) < 1e-6


def test_gambit_finds_no_other_equilibrium_of_a_signalling_game():
    """Where every message is sent, each Nash equilibrium is sequential: none may be missing."""
    gambit = pytest.importorskip("pygambit", exc_type=ImportError)
    from tenbin.forms.tree.exchange_objects import to_pygambit

    game = beer_quiche(0.3)
    ours = solve_all(game, OPTIONS).found.sum()
    theirs = gambit.nash.enummixed_solve(to_pygambit(game), rational=False).equilibria

    assert ours == len(theirs)


def stage_of(game: TreeGame) -> StageGame:
    """The only stage of a game that is not divided."""
    walk = Walk(game, OPTIONS)
    (stage,) = find_stages(game.tree)
    assert isinstance(stage, Branch)
    return walk.stage_game(stage)


def test_branches_entered_at_several_points_end_at_several_equilibria():
    stage = stage_of(bimatrix(*coordination(1, 2, 3)))
    found = without_repeats(started_answers(stage), 1)

    assert len(found.line) > 1
    assert np.allclose(found.probability.sum(axis=2), 1.0)


def test_branches_do_not_hang_on_the_other_worlds():
    game = bimatrix(*coordination(1, 2, 3), 3)
    game.payoffs[1] *= [2.0, 1.0]
    whole = started_answers(stage_of(game))
    part = TreeGame(game.tree, game.chance[1:2], game.payoffs[1:2], game.valid[1:2])
    alone = started_answers(stage_of(part))

    assert np.array_equal(whole.probability[whole.line == 1], alone.probability)


def test_large_stage_is_searched_along_branches():
    """Three choose one of six at once: 63 x 63 x 63 patterns of support are too many."""
    ends = {
        f"{i}{j}{k}": (float(i == j == k),) * 3
        for i in range(6)
        for j in range(6)
        for k in range(6)
    }
    names = [str(i) for i in range(6)]
    root = (
        "one",
        "1",
        {i: ("two", "2", {j: ("three", "3", {k: ends[i + j + k] for k in names}) for j in names})
         for i in names},
    )  # fmt: skip
    game = make_game("one two three", root)
    solution = solve_all(game, OPTIONS)
    pure = solve_pure(game, OPTIONS)

    assert patterns_of(stage_of(game).tables) is None
    assert solution.found.sum() >= pure.found.sum() >= 6
    assert certify_tree(game, solution, 1e-6).certified[solution.found].all()
