"""The order of solving: found from structure, the same for all worlds, right in its results."""

from __future__ import annotations

import numpy as np

from forms.tree.bimatrix import MATCHING_PENNIES, bimatrix
from forms.tree.hand_made import make_game
from forms.tree.random_trees import Shape, grow_game
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.solvers.subgames import Branch, Fold, find_stages, undivided
from tenbin.forms.tree.tables import NONE

OPTIONS = SolverOptions(threads=1)


def names(game, stages) -> list[str]:
    """A stage by its information sets; `chance` for a chance node's mean."""
    rows = []
    for stage in stages:
        if isinstance(stage, Branch):
            rows.append("branch " + " ".join(game.tree.infoset_names[h] for h in stage.infosets))
        else:
            rows.append(
                "chance" if stage.infoset == NONE else game.tree.infoset_names[stage.infoset]
            )
    return rows


def hidden_pair(end=(0.0, 0.0)):
    """Two simultaneous choices, after which the first player decides alone."""

    def last(i: int, j: int):
        return ("one", f"last {i}{j}", {"x": (i + j, j), "y": (i - j, 1)})

    second = {i: ("two", "second", {str(j): last(i, j) for j in range(2)}) for i in range(2)}
    pair = ("one", "first", {str(i): second[i] for i in range(2)})
    return ("two", "start", {"in": pair, "out": end})


def test_subgames_are_solved_innermost_first():
    game = make_game("one two", hidden_pair())

    order = names(game, find_stages(game.tree))

    assert sorted(order[:4]) == ["last 00", "last 01", "last 10", "last 11"]
    assert order[4:] == ["branch first second", "start"]


def test_perfect_information_is_folded_throughout():
    game = grow_game(1, Shape(hidden=0.0, chance=0.0))

    assert all(isinstance(stage, Fold) for stage in find_stages(game.tree))


def test_every_infoset_is_solved_once_and_after_all_below_it():
    for seed in range(30):
        tree = grow_game(seed, Shape(players=3, depth=5, hidden=0.4)).tree
        done: set[int] = set(np.flatnonzero(tree.terminal != NONE).tolist())
        for stage in find_stages(tree):
            inside = set(stage.nodes)
            below = {n for n in range(1, tree.n_nodes) if int(tree.parent[n]) in inside}
            assert below <= done | inside
            assert not inside & done
            done |= inside
        assert len(done) == tree.n_nodes


def sunk_cost(noise: float = 0.0):
    """The last choice does not hang on which type the mover faces, but for `noise`."""

    def last(kind: int):
        return ("one", "last", {"stop": (kind, 1.0), "go": (kind + 0.3 + noise * kind, -1.0)})

    def answer(kind: int):
        return ("two", f"type {kind}", {"yield": (2, kind), "resist": last(kind)})

    return ("chance", {str(kind): (0.5, answer(kind)) for kind in range(2)})


def probes(game, payoffs=None):
    """The same model at eight random points: here every point shifts each type's payoffs."""
    rng = np.random.default_rng(0)
    base = game.payoffs[0] if payoffs is None else payoffs
    kind = np.repeat([0, 1], game.tree.n_terminals // 2)
    shifts = rng.normal(size=(8, 2, 1))
    game.tree.cache["probe_payoffs"] = np.tile(base, (8, 1, 1)) + shifts[:, kind]
    game.tree.cache["probe_chance"] = np.tile(game.chance[0], (8, 1))


def test_choice_that_beliefs_cannot_change_is_folded_by_hint():
    game = make_game("one two", sunk_cost())
    game.tree.cache["belief_free"] = np.array([name == "last" for name in game.tree.infoset_names])

    assert names(game, find_stages(game.tree)) == ["last", "type 1", "type 0", "chance"]


def test_choice_that_beliefs_cannot_change_is_found_by_probes():
    game = make_game("one two", sunk_cost())
    probes(game)

    assert "last" in names(game, find_stages(game.tree))


def test_choice_that_beliefs_can_change_is_not_folded():
    game = make_game("one two", sunk_cost(noise=0.1))
    probes(game)

    assert names(game, find_stages(game.tree)) == ["branch type 0 last type 1"]


def test_probes_that_are_no_numbers_fold_nothing():
    game = make_game("one two", sunk_cost())
    probes(game, np.full_like(game.payoffs[0], np.nan))

    assert len(find_stages(game.tree)) == 1


def test_folding_leaves_an_equilibrium_of_the_undivided_game():
    game = make_game("one two", sunk_cost(), 50)
    kind = np.repeat([0, 1], 3)
    game.payoffs[:] += np.random.default_rng(1).normal(size=(50, 2, 2))[:, kind]
    probes(game)
    solution = solve_sequential(game, OPTIONS)

    assert len(find_stages(game.tree)) > 1
    assert certify_tree(game, solution, 1e-6).certified.all()


def test_nested_folds_are_found_when_the_play_below_may_be_anything():
    def late(kind: int):
        return ("one", "late", {"a": (kind, kind), "b": (kind + 1, kind - 1)})

    def early(kind: int):
        return ("two", "early", {"c": late(kind), "d": (0, kind + 0.5)})

    game = make_game("one two", ("chance", {str(k): (0.5, early(k)) for k in range(2)}))
    probes(game)

    assert names(game, find_stages(game.tree)) == ["late", "early", "chance"]


def test_wrong_hint_costs_the_certificate():
    game = bimatrix(*MATCHING_PENNIES)
    game.tree.cache["belief_free"] = np.ones(2, dtype=bool)
    solution = solve_sequential(game, OPTIONS)

    assert not certify_tree(game, solution, 1e-6).certified.any()


def test_undivided_game_is_one_branch():
    tree = grow_game(0, Shape()).tree

    assert undivided(tree).infosets == tuple(range(tree.n_infosets))
