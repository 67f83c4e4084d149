"""Decisions solved exactly, one world at a time: the best action, ties mixed evenly."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tenbin.forms.tree.solvers.subgames import Fold
from tenbin.forms.tree.tables import NONE, Ints, Tree
from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["FoldTables", "fold_tables", "fold_worlds", "prepare_worlds"]

TIE = 1e-12
"""Payoffs closer than this share of the payoff range are a tie."""

NEAR = 8.0
"""The least log-odds that a witness gives to the best action over one that is not played."""


class FoldTables(NamedTuple):
    """A run of folds; a fold of `infoset` NONE is a chance node's mean.

    Fold f solves the nodes node[node_start[f] : node_start[f + 1]]. Children of tree node n are
    child[child_start[n] : child_start[n + 1]], in the order of its actions or branches.
    """

    infoset: Ints
    node_start: Ints
    node: Ints
    child_start: Ints
    child: Ints
    branch: Ints
    parent: Ints
    terminal: Ints
    infoset_start: Ints
    infoset_player: Ints


def fold_tables(tree: Tree, folds: tuple[Fold, ...]) -> FoldTables:
    """Index lists of a run of folds."""
    nodes = [node for fold in folds for node in fold.nodes]
    counts = np.bincount(tree.parent[1:], minlength=tree.n_nodes)
    return FoldTables(
        infoset=np.array([fold.infoset for fold in folds], dtype=np.int32),
        node_start=np.cumsum([0] + [len(fold.nodes) for fold in folds]).astype(np.int32),
        node=np.array(nodes, dtype=np.int32),
        child_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        child=(np.argsort(tree.parent[1:], kind="stable") + 1).astype(np.int32),
        branch=tree.branch.astype(np.int32),
        parent=tree.parent.astype(np.int32),
        terminal=tree.terminal.astype(np.int32),
        infoset_start=tree.infoset_start.astype(np.int32),
        infoset_player=tree.infoset_player.astype(np.int32),
    )


@entry_kernel
def prepare_worlds(t, chance, payoffs, value, live, scale):
    """Values at terminal nodes, which nodes chance can reach, and the payoff range.

    What chance rules out is worth zero. The range is the widest spread of any player's payoffs; one
    where nothing is at stake, NaN where a payoff that can be reached is not finite.
    """
    players = payoffs.shape[2]
    lowest, highest = np.zeros(players), np.zeros(players)
    for i in range(len(payoffs)):
        for p in range(players):
            lowest[p], highest[p] = np.inf, -np.inf
        finite = True
        live[i, 0] = True
        for n in range(len(t.parent)):
            if n > 0:
                c = t.branch[n]
                live[i, n] = live[i, t.parent[n]] and (c < 0 or chance[i, c] > 0.0)
            z = t.terminal[n]
            if z >= 0:
                for p in range(players):
                    u = payoffs[i, z, p] if live[i, n] else 0.0
                    value[i, n, p] = u
                    if live[i, n]:
                        finite = finite and np.isfinite(u)
                        lowest[p], highest[p] = min(lowest[p], u), max(highest[p], u)
        spread = 0.0
        for p in range(players):
            spread = max(spread, highest[p] - lowest[p])
        scale[i] = np.nan if not finite else (spread if spread > 0.0 else 1.0)


@entry_kernel
def fold_worlds(t, precision, chance, scale, live, value, profile, log_witness, tie):
    """Solve a run of folds in every world, writing values, strategies and witnesses.

    Parameters
    ----------
    precision
        Of the logit response that is the witness, at unit payoff range.
    chance, scale, live, value
        Chance [W, C], payoff range [W], reachable nodes [W, N], node values [W, N, P].
    profile, log_witness, tie
        Strategies and witnesses [W, G]; whether a decision was a tie [W].
    """
    for i in range(len(chance)):
        odds, reached, worth = chance[i], live[i], value[i]
        strategy, witness = profile[i], log_witness[i]
        for f in range(len(t.infoset)):
            if t.infoset[f] < 0:
                _average(t, t.node[t.node_start[f]], odds, worth)
            elif _decide(t, f, precision, scale[i], reached, worth, strategy, witness):
                tie[i] = True


@kernel
def _average(t, n, chance, value):
    """The value of a chance node."""
    for p in range(value.shape[1]):
        value[n, p] = 0.0
    for e in range(t.child_start[n], t.child_start[n + 1]):
        c = t.child[e]
        for p in range(value.shape[1]):
            value[n, p] += chance[t.branch[c]] * value[c, p]


@kernel
def _decide(t, f, precision, scale, live, value, profile, log_witness):
    """The best actions at one information set, and the values of its nodes; whether it is a tie.

    The first node that chance can reach stands for all: payoff differences are the same.
    """
    h = t.infoset[f]
    player, start, stop = t.infoset_player[h], t.infoset_start[h], t.infoset_start[h + 1]
    node = NONE
    for i in range(t.node_start[f], t.node_start[f + 1]):
        if live[t.node[i]]:
            node = t.node[i]
            break
    if node < 0:
        for g in range(start, stop):
            profile[g] = 1.0 / (stop - start)
            log_witness[g] = math.log(profile[g])
        for i in range(t.node_start[f], t.node_start[f + 1]):
            for p in range(value.shape[1]):
                value[t.node[i], p] = 0.0
        return False
    first = t.child_start[node]
    best = -np.inf
    for e in range(first, t.child_start[node + 1]):
        best = max(best, value[t.child[e], player])
    count, least = 0, np.inf
    for g in range(start, stop):
        loss = best - value[t.child[first + g - start], player]
        if loss <= TIE * scale:
            count += 1
        else:
            least = min(least, loss)
    offset = 0.0 if precision * least >= NEAR * scale else NEAR
    total = 0.0
    for g in range(start, stop):
        loss = best - value[t.child[first + g - start], player]
        taken = loss <= TIE * scale
        profile[g] = 1.0 / count if taken else 0.0
        log_witness[g] = 0.0 if taken else -(precision * loss / scale + offset)
        if log_witness[g] > -50.0:
            total += math.exp(log_witness[g]) if not taken else 1.0
    if total != 1.0:
        total = math.log(total)
        for g in range(start, stop):
            log_witness[g] -= total
    for i in range(t.node_start[f], t.node_start[f + 1]):
        n = t.node[i]
        for p in range(value.shape[1]):
            value[n, p] = 0.0
        for e in range(t.child_start[n], t.child_start[n + 1]):
            weight = profile[start + e - t.child_start[n]]
            if weight > 0.0:
                for p in range(value.shape[1]):
                    value[n, p] += weight * value[t.child[e], p]
    return count > 1
