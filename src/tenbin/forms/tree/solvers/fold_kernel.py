"""Decisions solved exactly, sixteen worlds side by side: the best action, ties mixed evenly."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tenbin.forms.tree.solvers.subgames import Fold
from tenbin.forms.tree.tables import Ints, Tree
from tenbin.numerics.compiling import entry_kernel, kernel
from tenbin.numerics.lanes import lane_exp, lane_log
from tenbin.numerics.vector import LANES, higher, load, splat, store, where_above

__all__ = ["FoldTables", "collect_worlds", "fold_tables", "fold_worlds", "prepare_worlds"]

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
def prepare_worlds(t, chance, payoffs, odds, value, live, scale):
    """Lay worlds out in blocks of LANES, the world last; `kernel.py` has the letters.

    Values at terminal nodes [B, N, P, LANES], whether chance can reach each node [B, N, LANES] (1
    or 0), chance [B, C, LANES] and the payoff range [B, LANES]: the widest spread of any player's
    payoffs, one where nothing is at stake, NaN where a payoff that can be reached is not finite.
    What chance rules out is worth zero.
    """
    players = payoffs.shape[2]
    ranges = np.zeros((2 * players + 1, LANES))
    for b in range(len(value)):
        first, stop = b * LANES, min((b + 1) * LANES, len(payoffs))
        for i in range(first, stop):
            for c in range(chance.shape[1]):
                odds[b, c, i - first] = chance[i, c]
        _reach(t, odds[b], live[b])
        _lay_out(t, payoffs, first, stop, live[b], value[b], ranges)
        spread = splat(0.0)
        for p in range(players):
            spread = higher(spread, load(ranges, 2 * p) - load(ranges, 2 * p + 1))
        unsound = load(ranges, 2 * players)
        store(scale, b, where_above(spread, 0.0, spread, 1.0) + unsound)


@kernel
def _reach(t, odds, live):
    """Whether chance can reach each node [N, LANES]."""
    store(live, 0, 1.0)
    for n in range(1, len(t.parent)):
        above = load(live, t.parent[n])
        c = t.branch[n]
        store(live, n, where_above(load(odds, c), 0.0, above, 0.0) if c >= 0 else above)


@kernel
def _lay_out(t, payoffs, first, stop, live, value, ranges):
    """Payoffs of one block at its terminal nodes; each player's highest and lowest in `ranges`.

    The last row of `ranges` is zero, or NaN where a payoff is infinite or undefined.
    """
    players = payoffs.shape[2]
    for p in range(players):
        store(ranges, 2 * p, -np.inf)
        store(ranges, 2 * p + 1, np.inf)
    unsound = splat(0.0)
    for n in range(len(t.parent)):
        z = t.terminal[n]
        if z >= 0:
            for p in range(players):
                for i in range(first, stop):
                    value[n, p, i - first] = payoffs[i, z, p]
                possible = load(live, n)
                u = where_above(possible, 0.0, load(value, n * players + p), 0.0)
                store(value, n * players + p, u)
                highest, lowest = load(ranges, 2 * p), load(ranges, 2 * p + 1)
                highest = where_above(possible, 0.0, higher(highest, u), highest)
                lowest = where_above(possible, 0.0, -higher(-lowest, -u), lowest)
                store(ranges, 2 * p, highest)
                store(ranges, 2 * p + 1, lowest)
                unsound += u * 0.0
    store(ranges, 2 * players, unsound)


@entry_kernel
def collect_worlds(strategy, witness, profile, log_witness):
    """Strategies and witnesses [B, G, LANES] as [W, G]."""
    for i in range(len(profile)):
        b, lane = i // LANES, i % LANES
        for g in range(profile.shape[1]):
            profile[i, g] = strategy[b, g, lane]
        for g in range(profile.shape[1]):
            log_witness[i, g] = witness[b, g, lane]


@entry_kernel
def fold_worlds(t, precision, odds, scale, live, value, strategy, witness, tie):
    """Solve a run of folds in every world, writing values, strategies and witnesses.

    Parameters
    ----------
    precision
        Of the logit response that is the witness, at unit payoff range.
    odds, scale, live, value
        As `prepare_worlds` lays them out.
    strategy, witness, tie
        Written: strategies and log-witnesses [B, G, LANES]; decisions that were ties [B, LANES].
    """
    own = np.zeros((strategy.shape[1], LANES))
    for b in range(len(value)):
        chance, possible, worth = odds[b], live[b], value[b]
        played, logs, ties, unit = strategy[b], witness[b], tie[b], scale[b]
        for f in range(len(t.infoset)):
            if t.infoset[f] < 0:
                _average(t, t.node[t.node_start[f]], chance, worth)
            else:
                _decide(t, f, precision, unit, possible, worth, own, played, logs, ties)
                _play(t, f, played, worth)


@kernel
def _average(t, n, chance, value):
    """The values of a chance node; row (node * players + player)."""
    players = value.shape[1]
    for p in range(players):
        total = splat(0.0)
        for e in range(t.child_start[n], t.child_start[n + 1]):
            c = t.child[e]
            total += load(chance, t.branch[c]) * load(value, c * players + p)
        store(value, n * players + p, total)


@kernel
def _decide(t, f, precision, scale, live, value, own, strategy, witness, tie):
    """The best actions at one information set and the logit response near them.

    The first node that chance can reach stands for all: payoff differences are the same. Where none
    can be reached every action is worth zero, and all are mixed. `own` [G, LANES] is work.
    """
    h, players = t.infoset[f], value.shape[1]
    player, start, stop = t.infoset_player[h], t.infoset_start[h], t.infoset_start[h + 1]
    reached = splat(0.0)
    for g in range(start, stop):
        store(own, g, 0.0)
    for i in range(t.node_start[f], t.node_start[f + 1]):
        n = t.node[i]
        weight = load(live, n) * (1.0 - reached)
        for g in range(start, stop):
            c = t.child[t.child_start[n] + g - start]
            store(own, g, load(own, g) + weight * load(value, c * players + player))
        reached += weight
    best, unit = load(own, start), 1.0 / load(scale, 0)
    for g in range(start + 1, stop):
        best = higher(best, load(own, g))
    count, least = splat(0.0), splat(1.0)
    for g in range(start, stop):
        loss = (best - load(own, g)) * unit
        store(own, g, loss)
        count += where_above(loss, TIE, 0.0, 1.0)
        least = -higher(-least, where_above(loss, TIE, -loss, -1.0))
    store(tie, 0, load(tie, 0) + where_above(count, 1.0, reached, 0.0))
    offset = where_above(NEAR, precision * least, NEAR, 0.0)
    even, total = 1.0 / count, splat(0.0)
    for g in range(start, stop):
        loss = load(own, g)
        log = where_above(loss, TIE, -(precision * loss + offset), 0.0)
        store(strategy, g, where_above(loss, TIE, 0.0, even))
        store(witness, g, log)
        total += lane_exp(log)
    log_total = lane_log(total)
    for g in range(start, stop):
        store(witness, g, load(witness, g) - log_total)


@kernel
def _play(t, f, strategy, value):
    """The values of an information set's nodes under its strategy."""
    start, players = t.infoset_start[t.infoset[f]], value.shape[1]
    for i in range(t.node_start[f], t.node_start[f + 1]):
        n = t.node[i]
        for p in range(players):
            total = splat(0.0)
            for e in range(t.child_start[n], t.child_start[n + 1]):
                weight = load(strategy, start + e - t.child_start[n])
                total += weight * load(value, t.child[e] * players + p)
            store(value, n * players + p, total)
