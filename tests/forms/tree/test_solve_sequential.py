"""Sequential equilibria: certified from the definition, invariant where theory says so."""

from __future__ import annotations

from dataclasses import replace

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
from forms.tree.certify_twin import certify_slowly
from forms.tree.hand_made import make_game
from forms.tree.random_trees import Shape, grow_game
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers import follow
from tenbin.forms.tree.solvers.sequential import solve_sequential, solve_stages
from tenbin.forms.tree.solvers.subgames import undivided
from tenbin.forms.tree.tables import TreeGame

OPTIONS = SolverOptions(concept="sequential", threads=1)
SHAPES = (Shape(), Shape(players=3, depth=5, hidden=0.6), Shape(players=4, hidden=0.7))


def some_worlds(game: TreeGame, worlds) -> TreeGame:
    """A game with only these worlds, in this order."""
    return replace(
        game,
        chance=game.chance[worlds],
        payoffs=game.payoffs[worlds],
        valid=game.valid[worlds],
    )


def with_payoffs(game: TreeGame, payoffs) -> TreeGame:
    return replace(game, payoffs=np.ascontiguousarray(payoffs))


def certified(game: TreeGame, solution) -> bool:
    return bool(certify_tree(game, solution, 1e-6).certified.all())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", SHAPES, ids=["two players", "three players", "four players"])
def test_random_games_are_solved_and_certified(seed, shape):
    game = grow_game(seed, shape, 20)
    solution = solve_sequential(game, OPTIONS)

    assert certified(game, solution)
    assert np.all(solution.status == Status.SOLVED)


def test_the_undivided_game_is_certified_too():
    game = grow_game(11, Shape(depth=5, hidden=0.5), 40)
    solution = solve_stages(game, OPTIONS, (undivided(game.tree),), "")

    assert certified(game, solution)


def test_residual_agrees_with_the_definition_written_out():
    game = grow_game(5, SHAPES[1], 3)
    solution = solve_sequential(game, OPTIONS)

    for world in range(3):
        rows = solution.profile[world, 0], solution.log_witness[world, 0]
        residual, _ = certify_slowly(game, world, *rows, 1e-6, 1e-9)
        assert residual <= 1e-6


def test_one_world_is_a_slice_of_many():
    game = grow_game(3, Shape(depth=5, hidden=0.5), 40)
    whole = solve_sequential(game, OPTIONS)

    for world in (0, 17, 39):
        alone = solve_sequential(some_worlds(game, [world]), OPTIONS)
        assert np.array_equal(alone.profile[0], whole.profile[world])
        assert np.array_equal(alone.log_witness[0], whole.log_witness[world])


def test_permuted_worlds_permute_the_result_whatever_the_threads():
    game = grow_game(4, Shape(depth=5, hidden=0.5), 600)
    order = np.random.default_rng(0).permutation(600)
    whole = solve_sequential(game, OPTIONS)

    mixed = solve_sequential(some_worlds(game, order), replace(OPTIONS, threads=2))

    assert np.array_equal(mixed.profile, whole.profile[order])
    assert np.array_equal(mixed.log_witness, whole.log_witness[order])
    assert np.array_equal(mixed.status, whole.status[order])


def test_lanes_agree_with_one_world_at_a_time(monkeypatch):
    game = grow_game(9, Shape(depth=5, hidden=0.6), 60)
    side_by_side = solve_sequential(game, OPTIONS)

    monkeypatch.setattr(follow, "LARGEST_LANES", 0)
    alone = solve_sequential(game, OPTIONS)

    assert np.max(np.abs(side_by_side.profile - alone.profile)) < 1e-8


def test_lanes_rarely_need_the_scalar_kernel(monkeypatch):
    game = grow_game(9, Shape(depth=5, hidden=0.6), 400)
    rescued = []
    scalar = follow.follow_worlds
    monkeypatch.setattr(follow, "follow_worlds", lambda *a: (rescued.append(len(a[2])), scalar(*a)))

    solve_sequential(game, OPTIONS)

    assert sum(rescued) <= 0.02 * 400


def test_one_factor_and_shifts_change_nothing():
    game = grow_game(6, Shape(hidden=0.6), 30)
    other = with_payoffs(game, 1000.0 * game.payoffs + np.array([5e3, -7e4]))

    same = solve_sequential(other, OPTIONS).profile - solve_sequential(game, OPTIONS).profile

    assert np.max(np.abs(same)) < 1e-6


def test_matching_pennies_is_mixed_evenly():
    solution = solve_sequential(bimatrix(*MATCHING_PENNIES), OPTIONS)

    assert np.allclose(solution.profile[0, 0], 0.5)
    assert not solution.flags["bifurcation"][0]


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (BATTLE_OF_THE_SEXES, [2 / 3, 1 / 3, 1 / 3, 2 / 3]),
        (CHICKEN, [0.9, 0.1, 0.9, 0.1]),
        (coordination(1, 1), [0.5, 0.5, 0.5, 0.5]),
    ],
    ids=["battle of the sexes", "chicken", "coordination"],
)
def test_symmetric_games_keep_their_symmetry_past_the_bifurcation(game, expected):
    tree = bimatrix(*game)
    solution = solve_sequential(tree, OPTIONS)

    assert np.allclose(solution.profile[0, 0], expected, atol=1e-6)
    assert solution.flags["bifurcation"][0]
    assert solution.status[0] == Status.SOLVED
    assert certified(tree, solution)


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (([[3, 0], [0, 1]], [[1, 0], [0, 2]]), [1, 0, 1, 0]),
        (STAG_HUNT, [0, 1, 0, 1]),
        (coordination(2, 1), [1, 0, 1, 0]),
        (coordination(1, 0.9, 0.8), [1, 0, 0, 1, 0, 0]),
    ],
    ids=["battle of the sexes", "stag hunt", "coordination", "three by three"],
)
def test_asymmetric_games_of_coordination_choose_one_way(game, expected):
    tree = bimatrix(*game)
    solution = solve_sequential(tree, OPTIONS)

    assert np.allclose(solution.profile[0, 0], expected, atol=1e-9)
    assert not solution.flags["bifurcation"][0]
    assert certified(tree, solution)


@pytest.mark.parametrize("size", [3, 4])
def test_larger_symmetric_coordination_solves(size):
    tree = bimatrix(*coordination(*[1.0] * size))
    solution = solve_sequential(tree, OPTIONS)

    assert np.allclose(solution.profile[0, 0], 1 / size)
    assert certified(tree, solution)


def test_a_millionth_off_symmetry_is_followed_to_a_pure_end():
    tree = bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2 + 1e-6]])
    solution = solve_sequential(tree, OPTIONS)

    assert np.allclose(solution.profile[0, 0], [0, 1, 0, 1])
    assert certified(tree, solution)


SELTEN = (
    "entrant",
    "enter?",
    {
        "out": (0, 2),
        "in": ("incumbent", "reply", {"fight": (-1, -1), "share": (1, 1)}),
    },
)


def test_threat_that_is_not_credible_is_not_believed():
    game = make_game("entrant incumbent", SELTEN)
    solution = solve_sequential(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [0, 1, 0, 1]
    assert solution.steps is not None
    assert solution.steps[0] == 0


def test_tie_is_mixed_evenly_and_flagged():
    game = make_game("one two", ("one", "h", {"a": (1, 0), "b": (1, 5), "c": (0, 0)}))
    solution = solve_sequential(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [0.5, 0.5, 0]
    assert solution.flags["tie"][0]
    assert certified(game, solution)


@pytest.mark.parametrize("loss", [1e-11, 1e-8, 1e-6, 1e-5])
def test_near_tie_is_decided_and_its_witness_is_near(loss):
    game = make_game("one two", ("one", "h", {"a": (1, 0), "b": (1 - loss, 1), "c": (0, 0)}))
    solution = solve_sequential(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [1, 0, 0]
    assert not solution.flags["tie"][0]
    assert certified(game, solution)


def test_action_of_one_is_no_choice():
    inner = ("two", "g", {"l": (1, 1), "r": (0, 0)})
    game = make_game("one two", ("one", "h", {"only": inner}))
    solution = solve_sequential(game, OPTIONS)

    assert solution.profile[0, 0].tolist() == [1, 1, 0]


def signalling(p: float):
    """A sender of two types; the receiver sees only the message."""

    def reply(strong: bool, message: str):
        hit = (0.0 + (strong == (message == "beer")), 0.0 if strong else 1.0)
        spare = (2.0 + (strong == (message == "beer")), 1.0 if strong else 0.0)
        return ("receiver", f"after {message}", {"duel": hit, "spare": spare})

    def send(strong: bool):
        name = "strong" if strong else "weak"
        return ("sender", name, {m: reply(strong, m) for m in ("beer", "quiche")})

    return ("chance", {"strong": (p, send(True)), "weak": (1 - p, send(False))})


def test_beer_for_everybody_when_most_are_strong():
    game = make_game("sender receiver", signalling(0.9))
    solution = solve_sequential(game, OPTIONS)

    profile = dict(zip(game.tree.action_names[:2], solution.profile[0, 0, :2], strict=True))
    assert profile == {"beer": 1.0, "quiche": 0.0}
    assert certified(game, solution)


def test_type_of_probability_zero_disturbs_nothing():
    game = make_game("sender receiver", signalling(1.0), 2)
    game.chance[1] = [0.0, 1.0]
    game.payoffs[0, 4:] = np.nan
    solution = solve_sequential(game, OPTIONS)

    weak = game.tree.infoset_start[game.tree.infoset_names.index("weak")]
    assert np.all(solution.status == Status.SOLVED)
    assert solution.profile[0, 0, weak : weak + 2].tolist() == [0.5, 0.5]
    assert certified(game, solution)


def test_random_games_with_chances_of_zero_are_certified():
    for seed in range(10):
        game = grow_game(seed, Shape(depth=5, chance=0.5, zero_chance=0.6, hidden=0.5), 10)
        solution = solve_sequential(game, OPTIONS)
        assert certified(game, solution)


def test_world_with_a_number_that_is_none_is_told_apart():
    game = grow_game(2, Shape(), 5)
    game.payoffs[3, 0, 0] = np.nan
    game.valid[1] = False
    solution = solve_sequential(game, OPTIONS)

    assert solution.status.tolist() == [0, Status.NOT_FINITE, 0, Status.NOT_FINITE, 0]
    assert solution.found[:, 0].tolist() == [True, False, True, False, True]


def test_bound_on_steps_is_said():
    game = bimatrix(*BATTLE_OF_THE_SEXES)
    solution = solve_sequential(game, replace(OPTIONS, max_steps=5))

    assert solution.status[0] == Status.MAX_STEPS_REACHED


def test_no_worlds_are_no_trouble():
    game = some_worlds(grow_game(0, Shape(), 2), [])

    assert solve_sequential(game, OPTIONS).profile.shape == (0, 1, game.tree.n_actions)
