"""Equilibria without weakly dominated strategies."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import FormError
from tenbin.forms.tree.tables import NONE, Bools, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["is_undominated"]

MOST_PROFILES = 4096
"""Pure profiles of a game in which dominance is looked for."""

TILE_NUMBERS = 1 << 22
"""Payoffs compared at once."""

PLAYED = 1e-9
"""The largest probability that is taken for a rounded zero."""

TOLERANCE = 1e-12
"""Payoffs closer than this share of the payoff range are equal."""


def is_undominated(game: TreeGame, solution: TreeSolution) -> Bools:
    """Whether no player plays, with any probability, a strategy that another pure one dominates.

    A strategy dominates another one weakly where it never pays its player less, whatever the
    others do, and sometimes more [kohlberg1986]. Strategies are plans for all information sets.

    Returns
    -------
    Which equilibria [W, K] pass.

    Raises
    ------
    FormError
        If the game has too many pure profiles to compare them all.
    """
    tree = game.tree
    sizes = np.diff(tree.infoset_start).tolist()
    profiles = float(np.prod([float(size) for size in sizes]))
    if profiles > MOST_PROFILES:
        raise FormError(
            f"the refinement 'undominated' compares all strategies of a game, and this one has "
            f"{profiles:.3g} pure profiles; at most {MOST_PROFILES} are compared"
        )
    passes = solution.found.copy()
    plans = np.array(list(product(*(range(size) for size in sizes))), dtype=np.intp)
    reached = _reached(tree, plans)
    for player in sorted(set(tree.infoset_player.tolist())):
        own = np.flatnonzero(tree.infoset_player == player)
        strategies, mine = np.unique(plans[:, own], axis=0, return_inverse=True)
        order = np.argsort(mine.reshape(-1), kind="stable").reshape(len(strategies), -1)
        others = order.shape[1]
        size = max(1, TILE_NUMBERS // (len(strategies) * others))
        for begin in range(0, game.n_worlds, size):
            rows = slice(begin, begin + size)
            payoffs = _payoffs(game, rows, player, reached)[:, order]
            bad = _dominated(payoffs)
            passes[rows] &= ~_uses(tree, solution, rows, own, strategies, bad)
    return passes


def _reached(tree: Tree, plans: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which terminal nodes [S, Z] each pure profile leads to, chance apart."""
    found = np.ones((tree.n_nodes, len(plans)), dtype=np.bool_)
    for node in range(1, tree.n_nodes):
        found[node] = found[tree.parent[node]]
        if tree.action[node] != NONE:
            h = tree.infoset[tree.parent[node]]
            found[node] &= plans[:, h] == tree.action[node] - tree.infoset_start[h]
    return found[tree.terminal != NONE].T


def _payoffs(game: TreeGame, rows: slice, player: int, reached: NDArray[np.bool_]) -> Array:
    """Expected payoffs [T, S] of one player under each pure profile."""
    tree = game.tree
    chance = np.ones((tree.n_nodes, len(game.chance[rows])))
    for node in range(1, tree.n_nodes):
        chance[node] = chance[tree.parent[node]]
        if tree.branch[node] != NONE:
            chance[node] *= game.chance[rows, tree.branch[node]]
    weight = chance[tree.terminal != NONE].T
    with np.errstate(invalid="ignore"):
        worth = np.where(weight > 0, weight * game.payoffs[rows, :, player], 0.0)
    return worth @ reached.T.astype(np.float64)


def _dominated(payoffs: Array) -> Bools:
    """Which strategies [T, S] another one dominates weakly, by payoffs [T, S, others]."""
    spread = payoffs.max(axis=(1, 2)) - payoffs.min(axis=(1, 2))
    slack = (TOLERANCE * spread)[:, None, None]
    found = np.zeros(payoffs.shape[:2], dtype=np.bool_)
    for better in range(payoffs.shape[1]):
        gain = payoffs[:, better : better + 1] - payoffs
        found |= (gain >= -slack).all(axis=2) & (gain > slack).any(axis=2)
    return found


def _uses(
    tree: Tree,
    solution: TreeSolution,
    rows: slice,
    own: NDArray[np.intp],
    strategies: NDArray[np.intp],
    bad: Bools,
) -> Bools:
    """Whether each equilibrium [T, K] plays one of the bad strategies [T, S]."""
    actions = tree.infoset_start[own] + strategies
    likely = solution.profile[rows][:, :, actions].prod(axis=3)
    return ((likely > PLAYED) & bad[:, None]).any(axis=2)
