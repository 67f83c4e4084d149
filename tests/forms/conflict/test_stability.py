"""The solver and the certifier against the definitions, taken literally."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forms.conflict.brute_force import Conflict
from forms.conflict.made import make_conflict, make_graph, random_conflict, random_moves
from tenbin.forms.conflict.certify import certify_conflict
from tenbin.forms.conflict.game import make_game
from tenbin.forms.conflict.solvers.stability import solve_stability
from tenbin.forms.conflict.tables import CONCEPTS, NONE, ConflictGame, ConflictSolution, Preference
from tenbin.forms.contract import SolverOptions, Status


def solve(game: ConflictGame, concept: str = "seq") -> ConflictSolution:
    return solve_stability(game, SolverOptions(concept=concept, threads=1))


def equilibria(game: ConflictGame, concept: str, world: int = 0) -> list[int]:
    solution = solve(game, concept)
    return sorted(solution.state[world, solution.found[world]].tolist())


def test_stable_states_of_random_conflicts_of_three_are_those_of_the_definition():
    for seed in range(300):
        game, literal = random_conflict(seed)
        solution = solve(game)

        for concept in CONCEPTS:
            wanted = [[literal.stable(concept, [p], s) for s in range(6)] for p in range(3)]
            found = [solution.holds(concept, [p])[0].tolist() for p in range(3)]
            assert found == wanted, (seed, concept)


def test_stable_states_of_coalitions_are_those_of_the_definition():
    for seed in range(120):
        players = 3 if seed % 2 else 4
        game, literal = random_conflict(seed, players, states=5, coalitions=True)
        groups = literal.all_groups()
        solution = solve(game)

        for concept in CONCEPTS:
            wanted = [[literal.stable(concept, g, s) for s in range(5)] for g in groups]
            found = [solution.holds(concept, [n])[0].tolist() for n in range(len(groups))]
            assert found == wanted, (seed, concept)
            assert equilibria(game, concept) == literal.equilibria(concept, groups)


@pytest.mark.parametrize("coalitions", [False, True])
def test_certifier_agrees_with_the_definition_on_every_state(coalitions):
    for seed in range(60):
        game, literal = random_conflict(seed, coalitions=coalitions)
        groups = literal.all_groups() if coalitions else [(0,), (1,), (2,)]
        for concept in CONCEPTS:
            solution = claimed(solve(game, concept), list(range(6)))

            certificate = certify_conflict(game, solution, 1e-6)

            stable = [all(literal.stable(concept, g, s) for g in groups) for s in range(6)]
            assert (certificate.residual[0] == 0).tolist() == stable, (seed, concept)


def test_what_is_reached_from_the_start_is_what_legal_sequences_reach():
    for seed in range(100):
        game, literal = random_conflict(seed, players=2 + seed % 3)
        solution, start = solve(game), game.graph.start
        for steps, improving in ((solution.steps_taken[0], True), (solution.moves_taken, False)):
            wanted = {start} | literal.reached(literal.players, start, improving)

            assert set(np.flatnonzero(steps != NONE).tolist()) == wanted


def claimed(solution: ConflictSolution, states: list[int]) -> ConflictSolution:
    """The solution, with other states for its equilibria, and no word of having found all."""
    state = np.array([states], dtype=np.int32)
    return replace(solution, state=state, found=state != NONE, complete=np.zeros(1, dtype=np.bool_))


def test_certifier_accepts_what_the_solver_finds():
    for seed in range(60):
        game, _ = random_conflict(seed, coalitions=bool(seed % 2))
        for concept in CONCEPTS:
            solution = solve(game, concept)
            certificate = certify_conflict(game, solution, 1e-6)

            wanted = solution.found.copy()
            wanted[:, 0] = True  # of a world without equilibria: certain that there is none
            assert (certificate.certified == wanted).all()


def test_certifier_rejects_a_state_that_is_no_equilibrium():
    moves = [{0: {1}}, {1: {2}}]
    game = make_conflict(moves, [[1, 2, 3], [0, 1, 0]])
    wrong = 0

    certificate = certify_conflict(game, claimed(solve(game), [wrong]), 1e-6)

    assert not certificate.certified.any()
    assert certificate.residual[0, 0] > 0


def test_certifier_rejects_a_list_that_leaves_an_equilibrium_out():
    game, _ = random_conflict(1)
    solution = solve(game, "gmr")
    state = solution.state.copy()
    state[0, np.flatnonzero(solution.found[0])[-1]] = NONE

    short = replace(solution, state=state, found=state != NONE)

    assert solution.found.sum() > 1
    assert not certify_conflict(game, short, 1e-6).certified.any()


def test_certifier_rejects_a_list_that_names_an_equilibrium_twice():
    game, _ = random_conflict(1)
    solution = solve(game, "gmr")
    state = np.concatenate([solution.state, solution.state[:, :1]], axis=1)

    twice = replace(solution, state=state, found=state != NONE)

    assert not certify_conflict(game, twice, 1e-6).certified.any()


def test_certifier_rejects_rankings_that_are_not_those_of_the_payoffs():
    game, _ = random_conflict(1)
    turned = tuple((its.max() + 1 - its).astype(np.int16) for its in game.ranks)
    wrong = replace(game, ranks=turned)

    assert not certify_conflict(wrong, solve(wrong), 1e-6).certified.any()


def test_inclusions_hold_for_every_player_and_coalition():
    for seed in range(200):
        game, _ = random_conflict(seed, players=3 + seed % 2, coalitions=True)
        solution = solve(game)
        for group in range(len(game.graph.groups)):
            nash, gmr, smr, seq = (
                solution.holds(concept, [group]) for concept in ("nash", "gmr", "smr", "seq")
            )

            assert (nash <= smr).all()
            assert (smr <= gmr).all()
            assert (nash <= seq).all()
            assert (seq <= gmr).all()


def test_gmr_and_seq_equilibria_always_exist():
    for seed in range(1000, 1300):
        game, _ = random_conflict(seed, players=2 + seed % 3, states=4 + seed % 5)

        assert equilibria(game, "gmr")
        assert equilibria(game, "seq")


def test_gmr_and_seq_equilibria_exist_where_options_change_at_will():
    rng = np.random.default_rng(5)
    for _ in range(60):
        moves = [
            {s: {s ^ change << 2 * p for change in (1, 2, 3)} for s in range(64)} for p in range(3)
        ]
        game = make_conflict(moves, rng.integers(12, size=(3, 64)).astype(float).tolist())

        assert equilibria(game, "gmr")
        assert equilibria(game, "seq")


def test_sanction_in_which_one_opponent_moves_twice_counts():
    # A gains by s1 -> s2. Only B, then C, then B again lead to s5, which A likes least.
    moves = [{0: {1}}, {1: {2}, 3: {4}}, {2: {3}}]
    values = [[1, 4, 3, 2, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 0]]
    game = make_conflict(moves, values)

    for concept in ("gmr", "smr", "seq"):
        assert solve(game, concept).holds(concept, [0])[0, 0]
    assert not solve(game).holds("nash", [0])[0, 0]


def test_sanction_by_two_moves_of_one_opponent_in_a_row_does_not_count():
    moves = [{0: {1}}, {1: {2}, 2: {3}}, {}]
    values = [[1, 4, 3, 0], [0, 0, 1, 2], [0, 0, 0, 0]]
    game = make_conflict(moves, values)

    for concept in ("gmr", "smr", "seq"):
        assert not solve(game, concept).holds(concept, [0])[0, 0]


def test_sanction_may_lead_back_to_where_it_started():
    moves = [{0: {1}}, {1: {0}}]
    game = make_conflict(moves, [[1, 2], [1, 0]])

    assert equilibria(game, "seq") == [0, 1]
    assert equilibria(game, "nash") == []


def test_two_players_coalition_without_opponents_is_stable_only_without_improvements():
    moves = [{0: {1}}, {1: {2}}]
    game = make_conflict(moves, [[0, -1, 1], [0, 0, 1]], coalitions=True)

    for concept in CONCEPTS:
        assert not solve(game, concept).holds(concept, [2])[0, 0]
        assert equilibria(game, concept) == [2]


def test_coalition_without_a_joint_move_changes_nothing():
    for seed in range(50):
        _, literal = random_conflict(seed, players=2)
        moves = [literal.moves[0], {}]
        alone = make_conflict(moves, literal.values)
        joined = make_conflict(moves, [literal.values[0], literal.values[0]], coalitions=True)
        twin = make_conflict(moves, [literal.values[0], literal.values[0]])

        assert equilibria(joined, "nash") == equilibria(twin, "nash")
        assert equilibria(alone, "nash") == equilibria(twin, "nash")


def test_single_player_stays_where_nothing_is_better_under_every_concept():
    moves = [{0: {1, 2}, 1: {2}, 2: set()}]
    game = make_conflict(moves, [[1, 2, 3]])

    for concept in CONCEPTS:
        assert equilibria(game, concept) == [2]


def test_every_state_is_an_equilibrium_without_moves():
    game = make_conflict([{}, {}, {}], [[1, 2], [2, 1], [0, 0]], coalitions=True)

    for concept in CONCEPTS:
        assert equilibria(game, concept) == [0, 1]


def test_every_state_is_an_equilibrium_where_all_is_tied():
    rng = np.random.default_rng(0)
    moves = random_moves(rng, 3, 7, 0.5)
    game = make_conflict(moves, [[0.3] * 7] * 3, coalitions=True)

    assert equilibria(game, "nash") == list(range(7))
    assert solve(game).flags["tie"].all()


def test_payoffs_that_differ_by_rounding_alone_are_a_tie():
    game = make_conflict([{0: {1}}, {}], [[0.3, 0.1 + 0.2, 1.0], [0, 1, 2]])

    assert equilibria(game, "nash") == [0, 1, 2]


def test_one_state_is_an_equilibrium():
    game = make_conflict([{}], [[1.0]])

    assert equilibria(game, "seq") == [0]


def test_world_with_a_number_that_is_not_finite_gets_a_status_and_harms_no_other():
    values = np.array([[1.0, 2.0], [np.nan, 2.0], [2.0, np.inf], [2.0, 1.0]])
    game = make_game(make_graph([{0: {1}}], 2), (Preference(values, None, False),), 4)

    solution = solve(game)

    good, bad = Status.SOLVED, Status.NOT_FINITE
    assert solution.status.tolist() == [good, bad, bad, good]
    assert solution.state[:, 0].tolist() == [1, NONE, NONE, 0]
    assert not solution.complete[1]


def test_world_without_equilibrium_says_so():
    # Matching pennies as a graph: somebody always wants to turn the coin.
    moves = [{0: {1}, 1: {0}, 2: {3}, 3: {2}}, {0: {2}, 2: {0}, 1: {3}, 3: {1}}]
    game = make_conflict(moves, [[1, 0, 0, 1], [0, 1, 1, 0]])

    solution = solve(game, "nash")

    assert solution.status.tolist() == [Status.SOLVED]
    assert solution.complete.all()
    assert not solution.found.any()
    assert solution.flags["no_equilibrium"].tolist() == [True]


def test_certifier_tells_a_world_without_equilibrium_from_one_whose_equilibria_were_missed():
    # Worlds: matching pennies, and the same with a second player who likes to match as well.
    moves = [{0: {1}, 1: {0}, 2: {3}, 3: {2}}, {0: {2}, 2: {0}, 1: {3}, 3: {1}}]
    match, differ = [1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]
    first, second = np.array([match, match]), np.array([differ, match])
    wants = tuple(Preference(values, None, False) for values in (first, second))
    game = make_game(make_graph(moves, 4), wants, 2)
    solution = solve(game, "nash")
    nothing = replace(solution, found=np.zeros_like(solution.found))

    assert certify_conflict(game, solution, 1e-6).certified[:, 0].tolist() == [True, True]
    assert certify_conflict(game, nothing, 1e-6).certified[:, 0].tolist() == [True, False]
    unsure = replace(nothing, complete=np.zeros(2, dtype=bool))
    assert not certify_conflict(game, unsure, 1e-6).certified.any()


def random_worlds(worlds: int, seed: int) -> ConflictGame:
    rng = np.random.default_rng(seed)
    graph = make_graph(random_moves(rng, 3, 8, 0.3), 8, coalitions=True)
    values = [rng.integers(3, size=(worlds, 8)).astype(float) for _ in range(3)]
    return make_game(graph, tuple(Preference(its, None, False) for its in values), worlds)


def part(game: ConflictGame, worlds: np.ndarray) -> ConflictGame:
    preferences = tuple(Preference(p.values[worlds], None, False) for p in game.preferences)
    return make_game(game.graph, preferences, len(worlds))


def listed(solution: ConflictSolution) -> list[list[int]]:
    return [row[row != NONE].tolist() for row in solution.state]


def test_world_alone_is_solved_as_in_a_batch():
    game = random_worlds(40, seed=2)
    whole = listed(solve(game))

    for world in range(40):
        assert listed(solve(part(game, np.array([world])))) == [whole[world]]


def test_permuting_worlds_permutes_results():
    game = random_worlds(200, seed=3)
    order = np.random.default_rng(0).permutation(200)

    shuffled = listed(solve(part(game, order)))

    assert shuffled == [listed(solve(game))[world] for world in order]


def test_threads_change_nothing():
    game = random_worlds(500, seed=4)

    one = solve_stability(game, SolverOptions(concept="seq", threads=1))
    two = solve_stability(game, SolverOptions(concept="seq", threads=3))

    assert (one.state == two.state).all()
    assert (one.stable == two.stable).all()


def test_worlds_with_the_same_rankings_share_an_order():
    graph = make_graph([{0: {1}}, {1: {0}}], 2)
    rng = np.random.default_rng(1)
    values = tuple(Preference(rng.random((1000, 2)), None, False) for _ in range(2))

    assert make_game(graph, values, 1000).n_orders == 4


def test_positive_affine_payoffs_leave_the_equilibria():
    game = random_worlds(100, seed=6)
    scale = np.random.default_rng(0).uniform(0.1, 9, size=(3, 100, 1))
    shifted = tuple(
        Preference(s * p.values - 3 * s, None, False)
        for s, p in zip(scale, game.preferences, strict=True)
    )

    again = make_game(game.graph, shifted, 100)

    assert listed(solve(again)) == listed(solve(game))


def test_relabelling_players_leaves_the_equilibria():
    for seed in range(60):
        _, literal = random_conflict(seed, coalitions=True)
        turned = [2, 0, 1]
        moves = [literal.moves[p] for p in turned]
        values = [literal.values[p] for p in turned]

        for concept in CONCEPTS:
            assert equilibria(make_conflict(moves, values, coalitions=True), concept) == Conflict(
                literal.moves, literal.values
            ).equilibria(concept, literal.all_groups())


def test_selected_equilibrium_is_the_nearest_to_the_start_by_improvements():
    # From s1 one improvement leads to s3; s2 would be one move that A does not want.
    moves = [{0: {1, 2}}, {}]
    game = make_conflict(moves, [[1, 0, 2], [0, 0, 0]])

    solution = solve(game, "nash")

    assert solution.state[0].tolist() == [2, 1]
    assert solution.steps_taken[0].tolist() == [0, NONE, 1]
    assert solution.moves_taken.tolist() == [0, 1, 1]


def test_improvements_from_the_start_bar_two_moves_in_a_row():
    moves = [{0: {1}, 1: {2}}, {1: {3}}]
    game = make_conflict(moves, [[0, 1, 2, 0], [0, 0, 0, 1]])

    assert solve(game).steps_taken[0].tolist() == [0, 1, NONE, 2]


def test_without_a_start_equilibria_stand_by_number():
    game = make_conflict([{0: {1}}, {}], [[0, 1, 1], [0, 0, 0]], start=NONE)

    solution = solve(game)

    assert solution.state[0].tolist() == [1, 2]
    assert (solution.steps_taken == NONE).all()
