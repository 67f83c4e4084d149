"""Equilibria grouped by what happens: profiles that differ off the path of play are one outcome."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.tables import NONE, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["SAME", "end_probabilities", "group_by_outcome", "group_rows"]

SAME = 1e-6
"""Distributions that differ by no more in any probability are one outcome."""


def end_probabilities(game: TreeGame, profile: Array) -> Array:
    """Probability of each terminal node [W, K, Z] under profiles [W, K, G]."""
    tree = game.tree
    reach = np.ones((tree.n_nodes, *profile.shape[:2]))
    for node in range(1, tree.n_nodes):
        if tree.action[node] != NONE:
            step = profile[:, :, tree.action[node]]
        else:
            step = game.chance[:, tree.branch[node], None]
        reach[node] = reach[tree.parent[node]] * step
    return np.moveaxis(reach[tree.terminal != NONE], 0, 2)


def group_by_outcome(game: TreeGame, solution: TreeSolution) -> NDArray[np.int32]:
    """The number of the outcome of each equilibrium [W, K]; -1 in slots that hold none.

    Two equilibria have the same outcome where every terminal node (which end, along which path,
    for which types) is as likely in one as in the other. Outcomes are numbered from zero in the
    order in which they first appear, so that the selected equilibrium has outcome 0. In generic
    games each connected component of equilibria has one outcome [kreps1982seq], so that outcomes
    tell components apart.
    """
    return group_rows(end_probabilities(game, solution.profile), solution.found)


def group_rows(rows: Array, found: NDArray[np.bool_], same: float = SAME) -> NDArray[np.int32]:
    """Groups [W, K] of rows [W, K, .] that agree; -1 where nothing is found."""
    worlds, slots = found.shape
    groups = np.full((worlds, slots), -1, dtype=np.int32)
    counts = np.zeros(worlds, dtype=np.int32)
    for k in range(slots):
        left = found[:, k]
        for earlier in range(k):
            near = np.abs(rows[:, k] - rows[:, earlier]).max(axis=1, initial=0.0) <= same
            joins = left & found[:, earlier] & near & (groups[:, k] < 0)
            groups[joins, k] = groups[joins, earlier]
        fresh = left & (groups[:, k] < 0)
        groups[fresh, k] = counts[fresh]
        counts[fresh] += 1
    return groups
