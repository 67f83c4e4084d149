"""The equations of the logit equilibrium once more, in plain NumPy and straight from the text."""

from __future__ import annotations

import numpy as np

from tenbin.forms.tree.tables import NONE, TreeGame


def log_strategies(game: TreeGame, z: np.ndarray) -> np.ndarray:
    """Log-probabilities [G] from log-odds against each information set's first action."""
    tree, row, k = game.tree, np.zeros(game.tree.n_actions), 0
    for h in range(tree.n_infosets):
        start, stop = int(tree.infoset_start[h]), int(tree.infoset_start[h + 1])
        odds = np.concatenate([[0.0], z[k : k + stop - start - 1]])
        k += stop - start - 1
        peak = odds.max()
        row[start:stop] = odds - peak - np.log(np.exp(odds - peak).sum())
    return row


def action_payoffs(game: TreeGame, world: int, logs: np.ndarray) -> np.ndarray:
    """Expected payoff of its owner from each action [G], beliefs by Bayes."""
    tree, chance = game.tree, game.chance[world]
    with np.errstate(divide="ignore"):
        log_chance = np.log(chance)
    reach, value = np.zeros(tree.n_nodes), np.zeros((tree.n_nodes, len(tree.players)))
    for n in range(1, tree.n_nodes):
        step = logs[tree.action[n]] if tree.action[n] != NONE else log_chance[tree.branch[n]]
        reach[n] = reach[tree.parent[n]] + step
    for n in range(tree.n_nodes - 1, -1, -1):
        if tree.terminal[n] != NONE:
            possible = reach[n] > -np.inf
            value[n] = game.payoffs[world, tree.terminal[n]] if possible else 0.0
        if n > 0:
            g, c = tree.action[n], tree.branch[n]
            value[tree.parent[n]] += (np.exp(logs[g]) if g != NONE else chance[c]) * value[n]
    utility = np.zeros(tree.n_actions)
    for h in range(tree.n_infosets):
        nodes = np.flatnonzero(tree.infoset == h)
        peak = reach[nodes].max(initial=-np.inf)
        if peak == -np.inf:
            continue
        belief = np.exp(reach[nodes] - peak) / np.exp(reach[nodes] - peak).sum()
        for g in range(int(tree.infoset_start[h]), int(tree.infoset_start[h + 1])):
            for n, weight in zip(nodes, belief, strict=True):
                child = np.flatnonzero((tree.parent == n) & (tree.action == g))[0]
                utility[g] += weight * value[child, tree.infoset_player[h]]
    return utility


def residual(game: TreeGame, world: int, precision: float, z: np.ndarray) -> np.ndarray:
    """F(z) = z - precision * (payoff - payoff of the first action), by information set [K]."""
    tree = game.tree
    utility = action_payoffs(game, world, log_strategies(game, z))
    rows = []
    for h in range(tree.n_infosets):
        start, stop = int(tree.infoset_start[h]), int(tree.infoset_start[h + 1])
        rows.append(utility[start + 1 : stop] - utility[start])
    return z - precision * np.concatenate(rows)
