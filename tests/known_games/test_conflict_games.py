"""Published conflicts: the 78 games of two by two, the prisoner's dilemma, Elmira, Cuba."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import permutations

import numpy as np
import pytest

from forms.conflict.made import make_conflict, make_graph
from known_games.textbook import textbook
from tenbin.forms.conflict.game import BoundConflict, make_game
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.conflict.solvers.stability import solve_stability
from tenbin.forms.conflict.tables import NONE, ConflictSolution, Preference
from tenbin.forms.contract import SolverOptions

TWO_BY_TWO = [{0: {2}, 2: {0}, 1: {3}, 3: {1}}, {0: {1}, 1: {0}, 2: {3}, 3: {2}}]
"""State 2 * row + column: the first player changes the row, the second the column."""


def alike(game: tuple[tuple[int, ...], tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """The smallest of the games that differ by the order of rows, of columns, of players."""
    found = []
    for rows in (0, 2):
        for columns in (0, 1):
            turned = [tuple(its[state ^ rows ^ columns] for state in range(4)) for its in game]
            mirror = [tuple(its[state] for state in (0, 2, 1, 3)) for its in reversed(turned)]
            found += [tuple(turned), tuple(mirror)]
    return min(found)


@cache
def strict_games() -> tuple[tuple[tuple[int, ...], ...], ...]:
    orders = list(permutations((1, 2, 3, 4)))
    return tuple(sorted({alike((one, two)) for one in orders for two in orders}))


def equilibria_of_strict_games(concept: str) -> Counter[int]:
    """How many of the games have so many equilibria."""
    games = np.array(strict_games(), dtype=np.float64)
    both = tuple(Preference(games[:, player], None, False) for player in range(2))
    game = make_game(make_graph(TWO_BY_TWO, 4), both, len(games))
    found = solve_stability(game, SolverOptions(concept=concept, threads=1)).found
    return Counter(found.sum(axis=1).tolist())


def test_there_are_78_strict_ordinal_games():
    # Rapoport and Guyer (1966)
    assert len(strict_games()) == 78


def test_nash_exists_in_69_of_the_78_games():
    assert equilibria_of_strict_games("nash") == {0: 9, 1: 57, 2: 12}


def test_sequential_stability_exists_in_all_of_the_78_games():
    assert equilibria_of_strict_games("seq") == {1: 50, 2: 28}


@pytest.mark.parametrize(("concept", "states"), [("nash", [3]), ("seq", [0, 3])])
def test_prisoners_dilemma_foresight_adds_cooperation(concept, states):
    game = make_conflict(TWO_BY_TWO, [[3, 1, 4, 2], [3, 4, 1, 2]])

    found = solve_stability(game, SolverOptions(concept=concept, threads=1))

    assert sorted(found.state[0].tolist()) == states


def test_chicken_has_two_nash_equilibria_and_foresight_adds_the_compromise():
    game = make_conflict(TWO_BY_TWO, [[3, 2, 4, 1], [3, 4, 2, 1]])
    nash = solve_stability(game, SolverOptions(concept="nash", threads=1))
    seq = solve_stability(game, SolverOptions(concept="seq", threads=1))

    assert sorted(nash.state[0].tolist()) == [1, 2]
    assert set(nash.state[0].tolist()) <= set(seq.state[0].tolist())


def solved(name: str, model: str, concept: str) -> tuple[BoundConflict, ConflictSolution]:
    bound = ROOM.bind(ROOM.compile(textbook(name), model, {}), {}, {}, 1)
    return bound, ROOM.solve(bound, SolverOptions(concept=concept, threads=1))


ELMIRA = {
    # Hipel, Fang, Kilgour and Haight (1993): state 9 is the closed plant.
    "nash": {5, 8, 9},
    "seq": {5, 8, 9},
    "gmr": {1, 4, 5, 8, 9},
    "smr": {1, 4, 5, 8, 9},
}


@pytest.mark.parametrize("concept", ELMIRA)
def test_elmira_has_the_published_equilibria(concept):
    bound, solution = solved("elmira", "elmira", concept)

    stable = solution.holds(concept, range(bound.game.graph.n_players))[0]

    assert {int(state) + 1 for state in np.flatnonzero(stable)} == ELMIRA[concept]


def test_elmira_graph_has_the_published_moves():
    graph = solved("elmira", "elmira", "seq")[0].game.graph
    moves = [{(s + 1, int(t) + 1) for s in range(9) for t in graph.moves(p, s)} for p in range(3)]

    closing = {(state, 9) for state in range(1, 9)}
    assert moves[0] == {(1, 2), (3, 4), (5, 6), (7, 8)}
    assert moves[1] == {(1, 3), (2, 4), (5, 7), (6, 8)} | closing
    assert moves[2] == {(a, b) for a, b in [(1, 5), (2, 6), (3, 7), (4, 8)]} | {
        (b, a) for a, b in [(1, 5), (2, 6), (3, 7), (4, 8)]
    }


def test_elmira_ministry_and_company_together_leave_5_for_8():
    bound, solution = solved("elmira", "elmira", "seq")
    graph = bound.game.graph
    coalition = len(graph.players)

    assert graph.coalitions == ((0, 1),)
    assert graph.state_names[4] == "deadlock"
    assert not solution.holds("nash", [coalition])[0, 4]
    assert sorted(solution.state[0].tolist()) == [7, 8]
    assert solution.steps_taken[0, 7] == NONE
    assert solution.joint_steps[0, 7] == 2


def test_cuban_crisis_ends_with_the_withdrawal():
    bound, solution = solved("cuban_crisis", "crisis", "seq")
    names = bound.game.graph.state_names

    assert [names[state] for state in solution.state[0]] == ["yielded", "struck", "quiet"]
