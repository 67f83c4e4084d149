"""The principal branch in sixteen worlds at once; the equations of `kernel.py`, lane by lane.

Each lane follows its own world with its own steps, and takes the next world as soon as its path
ends, so that no world waits for a longer one. Rows are never exchanged here: a world whose path
cannot be followed so is reported, and followed again by the scalar kernel.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.solvers.branch import BranchProblem
from tenbin.forms.tree.solvers.kernel import normalise
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.lanes import clear_lanes, factor_lanes, lane_exp, lane_log, solve_lanes
from tenbin.numerics.vector import LANES, higher, load, splat, store, where_above
from tenbin.scenario.language import Array

__all__ = ["Lanes", "follow_lanes", "make_lanes"]


UNREACHED = -1e300
"""A log-probability below every one that can be reached, and above that of the impossible."""


class Lanes(NamedTuple):
    """Work arrays with the lane last; names as in `Work`."""

    z: Array
    newton: Array
    slope: Array
    spare: Array
    spare_too: Array
    precision: Array
    sign: Array
    chance: Array
    log_chance: Array
    sigma: Array
    log_sigma: Array
    log_reach: Array
    belief: Array
    value: Array
    utility: Array
    tail: Array
    probability: Array
    influence: Array
    surprise: Array
    gradient: Array
    shift: Array
    matrix: Array
    # the paths, lane first
    at: Array
    last: Array
    tangent: Array
    step: Array
    turn: Array
    number: Array
    integer: NDArray[np.int64]


def make_lanes(problem: BranchProblem) -> Lanes:
    """Work arrays of the right shapes for one problem."""
    t, K = problem.tables, problem.n_unknowns
    n_players = problem.n_players
    M, G, E = len(t.parent), len(problem.actions), len(problem.ends)

    def lanes(*shape: int) -> Array:
        return np.zeros((*shape, LANES))

    return Lanes(
        z=lanes(K),
        newton=lanes(K),
        slope=lanes(K),
        spare=lanes(K),
        spare_too=lanes(K),
        precision=lanes(),
        sign=lanes(),
        chance=lanes(len(problem.branches)),
        log_chance=lanes(len(problem.branches)),
        sigma=lanes(G),
        log_sigma=lanes(G),
        log_reach=lanes(M),
        belief=lanes(M),
        value=lanes((M + E) * n_players),
        utility=lanes(G),
        tail=lanes(len(t.pair_node)),
        probability=lanes(M),
        influence=lanes(n_players * len(t.child)),
        surprise=lanes(len(t.child)),
        gradient=lanes(problem.n_gradient),
        shift=lanes(problem.n_shift),
        matrix=lanes(problem.n_entries),
        at=np.zeros((LANES, K)),
        last=np.zeros((LANES, K)),
        tangent=np.zeros((LANES, K)),
        step=np.zeros((LANES, K)),
        turn=np.zeros((LANES, K)),
        number=np.zeros((LANES, path.NUMBERS)),
        integer=np.zeros((LANES, path.INTEGERS), dtype=np.int64),
    )


@kernel
def strategies(t, z, sigma, log_sigma):
    """Probabilities and log-probabilities of all actions from the log-odds z."""
    first_action, first_unknown = t.first_action, t.first_unknown
    for h in range(len(t.player)):
        start, stop = first_action[h], first_action[h + 1]
        odds = first_unknown[h] - start - 1
        highest, total = splat(0.0), splat(0.0)
        for g in range(start + 1, stop):
            highest = higher(highest, load(z, odds + g))
        for g in range(start, stop):
            x = (load(z, odds + g) if g > start else splat(0.0)) - highest
            p = lane_exp(x)
            store(log_sigma, g, x)
            store(sigma, g, p)
            total += p
        log_total, inverse = lane_log(total), 1.0 / total
        for g in range(start, stop):
            store(log_sigma, g, load(log_sigma, g) - log_total)
            store(sigma, g, load(sigma, g) * inverse)


@kernel
def beliefs(t, log_sigma, log_chance, log_reach, belief):
    """Beliefs at all nodes by Bayes; zero where no node of the infoset can be reached."""
    parent, branch, action = t.parent, t.branch, t.action
    member, member_start = t.member, t.member_start
    for n in range(1, len(parent)):
        b = branch[n]
        step = load(log_chance, b) if b >= 0 else load(log_sigma, action[n])
        store(log_reach, n, load(log_reach, parent[n]) + step)
    for h in range(len(t.player)):
        start, stop = member_start[h], member_start[h + 1]
        highest, total = splat(UNREACHED), splat(0.0)
        for i in range(start, stop):
            highest = higher(highest, load(log_reach, member[i]))
        for i in range(start, stop):
            p = lane_exp(load(log_reach, member[i]) - highest)
            store(belief, member[i], p)
            total += p
        inverse = where_above(total, 0.0, 1.0 / total, 0.0)
        for i in range(start, stop):
            store(belief, member[i], load(belief, member[i]) * inverse)


@kernel
def evaluate_nodes(t, sigma, chance, value, players):
    """Every player's expected payoff from every node; row (node * players + player)."""
    child_start, child, child_branch = t.child_start, t.child, t.child_branch
    infoset, first_action = t.infoset, t.first_action
    for n in range(len(infoset) - 1, -1, -1):
        h, first = infoset[n], child_start[n]
        for player in range(players):
            total = splat(0.0)
            for e in range(first, child_start[n + 1]):
                if h >= 0:
                    p = load(sigma, first_action[h] + e - first)
                else:
                    p = load(chance, child_branch[e])
                total += p * load(value, child[e] * players + player)
            store(value, n * players + player, total)


@kernel
def evaluate_actions(t, belief, value, utility, players):
    """The owner's expected payoff of each action, given beliefs."""
    child_start, child, infoset, player = t.child_start, t.child, t.infoset, t.player
    clear_lanes(utility)
    for n in range(len(infoset)):
        h = infoset[n]
        if h >= 0:
            a, weight = t.first_action[h], load(belief, n)
            for e in range(child_start[n], child_start[n + 1]):
                u = load(value, child[e] * players + player[h])
                store(utility, a, load(utility, a) + weight * u)
                a += 1


@kernel
def prepare_derivatives(t, w, players):
    """What each edge contributes: its probability, its influence on values, on utilities."""
    child_start, child, infoset, branch = t.child_start, t.child, t.infoset, t.branch
    probability, surprise, influence = w.probability, w.surprise, w.influence
    sigma, belief, value, utility = w.sigma, w.belief, w.value, w.utility
    chance, edges = w.chance, len(child)
    for n in range(len(infoset)):
        h = infoset[n]
        if n > 0:
            b = branch[n]
            store(probability, n, load(chance, b) if b >= 0 else load(sigma, t.action[n]))
        if h >= 0:
            a, owner, weight = t.first_action[h], t.player[h], load(belief, n)
            for e in range(child_start[n], child_start[n + 1]):
                below = child[e] * players
                store(surprise, e, weight * (load(value, below + owner) - load(utility, a)))
                for player in range(players):
                    change = load(value, below + player) - load(value, n * players + player)
                    store(influence, player * edges + e, load(sigma, a) * change)
                a += 1


@kernel
def add_pairs(t, w):
    """What hangs on each pair of a decision and a node below it."""
    child_start, pair_node, pair_lead = t.child_start, t.pair_node, t.pair_lead
    below_slot, above_slot, above_stride = t.below_slot, t.above_slot, t.above_stride
    probability, influence, surprise = w.probability, w.influence, w.surprise
    gradient, shift, tail, belief = w.gradient, w.shift, w.tail, w.belief
    edges = len(t.child)
    for q in range(len(pair_node)):
        d, lead = pair_node[q], pair_lead[q]
        weight = load(belief, -1 - lead) if lead < 0 else load(tail, lead) * load(probability, d)
        store(tail, q, weight)
        first, stop = child_start[d], child_start[d + 1]
        slot = below_slot[q]
        if slot >= 0:
            offset = t.pair_player[q] * edges
            for f in range(first + 1, stop):
                store(gradient, slot, load(gradient, slot) + weight * load(influence, offset + f))
                slot += 1
        slot = above_slot[q]
        if slot >= 0:
            for f in range(first, stop):
                store(shift, slot, load(shift, slot) + load(surprise, f))
                slot += above_stride[q]


@kernel
def add_blocks(t, sigma, shift, gradient):
    """Turn sums by action of the upper infoset into derivatives by its log-odds."""
    first_action = t.first_action
    for b in range(len(t.block_row)):
        g, h = t.block_lower[b], t.block_upper[b]
        start, stop = first_action[h], first_action[h + 1]
        source, row, width = t.block_start[b] - start, t.block_row[b], t.width[g]
        for _ in range(first_action[g], first_action[g + 1]):
            total = splat(0.0)
            for a in range(start, stop):
                total += load(shift, source + a)
            for a in range(start + 1, stop):
                r = row + a - start - 1
                change = load(shift, source + a) - load(sigma, a) * total
                store(gradient, r, load(gradient, r) + change)
            source += stop - start
            row += width


@kernel
def assemble(t, w):
    """The Jacobians of F by z, packed, and the two right-hand sides."""
    first_action, diagonal, packed = t.first_action, t.matrix_diagonal, t.packed
    matrix, gradient, utility, z = w.matrix, w.gradient, w.utility, w.z
    precision = load(w.precision, 0)
    share = 1.0 / higher(precision, 1.0)
    clear_lanes(matrix)
    for i in range(len(diagonal)):
        store(matrix, diagonal[i], 1.0)
    entry = 0
    for h in range(len(t.player)):
        start, stop = first_action[h], first_action[h + 1]
        width, first = t.width[h], t.row_start[h]
        for a in range(start + 1, stop):
            row = first + (a - start) * width
            for j in range(width):
                m = packed[entry]
                change = load(gradient, row + j) - load(gradient, first + j)
                store(matrix, m, load(matrix, m) - precision * change)
                entry += 1
            k = t.first_unknown[h] + a - start - 1
            gain, odds = load(utility, a) - load(utility, start), load(z, k)
            store(w.newton, k, precision * gain - odds)
            store(w.slope, k, where_above(precision, 1.0, odds * share, gain))


@inlined_kernel
def evaluate_lanes(t, w, players):
    """Newton steps, slopes and signs of all lanes."""
    strategies(t, w.z, w.sigma, w.log_sigma)
    beliefs(t, w.log_sigma, w.log_chance, w.log_reach, w.belief)
    evaluate_nodes(t, w.sigma, w.chance, w.value, players)
    evaluate_actions(t, w.belief, w.value, w.utility, players)
    prepare_derivatives(t, w, players)
    clear_lanes(w.gradient)
    clear_lanes(w.shift)
    add_pairs(t, w)
    add_blocks(t, w.sigma, w.shift, w.gradient)
    assemble(t, w)
    rows, columns, diagonal, matrix = t.matrix_row, t.matrix_column, t.matrix_diagonal, w.matrix
    factor_lanes(rows, columns, diagonal, matrix, w.spare, w.sign)
    solve_lanes(rows, columns, diagonal, t.order, matrix, w.newton, w.slope, w.spare, w.spare_too)


@inlined_kernel
def enter(t, s, w, lane, chance, payoffs, precision_end, max_evaluations):
    """Put one world into a lane; False where its numbers are not finite."""
    if normalise(t, chance, payoffs, s) == 0.0:
        return False
    M, players = len(t.parent), payoffs.shape[1]
    for c in range(len(chance)):
        w.chance[c, lane] = chance[c]
        w.log_chance[c, lane] = s.log_chance[c]
    for e in range(len(payoffs)):
        for player in range(players):
            w.value[(M + e) * players + player, lane] = s.payoff[e, player]
    path.begin_towards(w.at[lane], w.number[lane], w.integer[lane], precision_end, max_evaluations)
    return True


@inlined_kernel
def steer(w, lane):
    """Hand one lane's evaluation to its path; False when the path has ended."""
    at, step, turn = w.at[lane], w.step[lane], w.turn[lane]
    for k in range(len(at)):
        step[k] = w.newton[k, lane]
        turn[k] = w.slope[k, lane]
    sign = int(w.sign[lane])
    number, integer = w.number[lane], w.integer[lane]
    return path.advance(at, w.last[lane], w.tangent[lane], step, turn, sign, number, integer)


@entry_kernel
def follow_lanes(t, s, w, chance, payoffs, precision_end, max_evaluations, ends, precision, record):
    """As `kernel.follow_worlds`; `s` are the scalar kernel's work arrays, `w` the lanes."""
    world = np.full(LANES, -1)
    upcoming, busy = 0, 1
    while busy > 0:
        busy = 0
        for lane in range(LANES):
            if world[lane] >= 0 and not steer(w, lane):
                i = world[lane]
                number, integer = w.number[lane], w.integer[lane]
                for k in range(len(w.z)):
                    ends[i, k] = w.at[lane, k]
                precision[i] = number[path.PRECISION]
                record[i, 0] = integer[path.PHASE]
                record[i, 1] = integer[path.EVALUATIONS]
                record[i, 2] = integer[path.BIFURCATIONS]
                world[lane] = -1
            while world[lane] < 0 and upcoming < len(chance):
                i = upcoming
                upcoming += 1
                if enter(t, s, w, lane, chance[i], payoffs[i], precision_end[i], max_evaluations):
                    world[lane] = i
            if world[lane] >= 0:
                busy += 1
            for k in range(len(w.z)):
                w.z[k, lane] = w.at[lane, k]
            w.precision[lane] = w.number[lane, path.PRECISION]
        if busy > 0:
            evaluate_lanes(t, w, payoffs.shape[2])
