"""The equilibria of one world in words and numbers, for people and for other programs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tenbin.forms.contract import Certificate
from tenbin.forms.tree.grouping import end_probabilities, group_rows
from tenbin.forms.tree.tables import NONE, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["describe_equilibria", "expected_payoffs", "terminal_probabilities"]


def describe_equilibria(
    game: TreeGame, solution: TreeSolution, certificate: Certificate, world: int
) -> list[dict[str, Any]]:
    """Every equilibrium found in one world: profile by information set, payoffs, residual.

    Where there are several, `outcome` numbers what happens from 1: equilibria with the same number
    have the same distribution over terminal nodes.

    Parameters
    ----------
    game
        The games of a batch.
    solution
        Their solution, profile [W, K, G].
    certificate
        What the certifier says of it, residual [W, K].
    world
        Which world of the batch.
    """
    tree = game.tree
    found = np.flatnonzero(solution.found[world])
    outcome = _outcomes(game, solution, world)
    return [
        {
            **({"outcome": outcome[slot]} if len(found) > 1 else {}),
            "profile": _profile(tree, solution.profile[world, slot]),
            "payoffs": _payoffs(game, solution, world, int(slot)),
            "residual": float(certificate.residual[world, slot]),
        }
        for slot in found
    ]


def terminal_probabilities(tree: Tree, chance: Array, profile: Array) -> Array:
    """Probability of each terminal node [W, Z], by chance [W, C] and one profile [W, G]."""
    reach = np.ones((len(chance), tree.n_nodes))
    for node in range(1, tree.n_nodes):
        step = reach[:, tree.parent[node]]
        if tree.action[node] != NONE:
            step = step * profile[:, tree.action[node]]
        elif tree.branch[node] != NONE:
            step = step * chance[:, tree.branch[node]]
        reach[:, node] = step
    return reach[:, np.flatnonzero(tree.terminal != NONE)]


def expected_payoffs(game: TreeGame, profile: Array) -> Array:
    """Expected payoff of each player [W, P] under one profile [W, G]."""
    reach = terminal_probabilities(game.tree, game.chance, profile)
    return np.einsum("wz,wzp->wp", reach, game.payoffs)


def _profile(tree: Tree, probabilities: Array) -> dict[str, dict[str, float]]:
    return {
        name: {
            tree.action_names[action]: float(probabilities[action])
            for action in range(tree.infoset_start[i], tree.infoset_start[i + 1])
        }
        for i, name in enumerate(tree.infoset_names)
    }


def _outcomes(game: TreeGame, solution: TreeSolution, world: int) -> list[int]:
    """The number of what happens, from 1, in each slot of one world."""
    row = slice(world, world + 1)
    ends = end_probabilities(replace(game, chance=game.chance[row]), solution.profile[row])
    return (group_rows(ends, solution.found[row])[0] + 1).tolist()


def _payoffs(game: TreeGame, solution: TreeSolution, world: int, slot: int) -> dict[str, float]:
    one = TreeGame(
        game.tree,
        game.chance[world : world + 1],
        game.payoffs[world : world + 1],
        game.valid[world : world + 1],
    )
    values = expected_payoffs(one, solution.profile[world : world + 1, slot])[0]
    return {player: float(value) for player, value in zip(game.tree.players, values, strict=True)}
