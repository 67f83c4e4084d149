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
from tenbin.numerics.lanes import LANES, factor_lanes, lane_exp, lane_log, solve_lanes
from tenbin.scenario.language import Array

__all__ = ["Lanes", "follow_lanes", "make_lanes"]


class Lanes(NamedTuple):
    """Work arrays with the lane last; names as in `Work`."""

    z: Array
    newton: Array
    slope: Array
    spare: Array
    precision: Array
    sign: Array
    highest: Array
    total: Array
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
        precision=lanes(),
        sign=lanes(),
        highest=lanes(),
        total=lanes(),
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
def clear_lanes(array):
    """Set an array [., LANES] to zero."""
    for i in range(len(array)):
        for lane in range(LANES):
            array[i, lane] = 0.0


@kernel
def strategies(t, z, sigma, log_sigma, highest, total):
    """Probabilities and log-probabilities of all actions from the log-odds z."""
    first_action, first_unknown = t.first_action, t.first_unknown
    for h in range(len(t.player)):
        start, stop = first_action[h], first_action[h + 1]
        odds = first_unknown[h] - start - 1
        for lane in range(LANES):
            highest[lane] = 0.0
            total[lane] = 0.0
            log_sigma[start, lane] = 0.0
        for g in range(start + 1, stop):
            for lane in range(LANES):
                log_sigma[g, lane] = z[odds + g, lane]
                highest[lane] = max(highest[lane], z[odds + g, lane])
        for g in range(start, stop):
            for lane in range(LANES):
                log_sigma[g, lane] -= highest[lane]
                sigma[g, lane] = lane_exp(log_sigma[g, lane])
                total[lane] += sigma[g, lane]
        for lane in range(LANES):
            highest[lane] = lane_log(total[lane])
            total[lane] = 1.0 / total[lane]
        for g in range(start, stop):
            for lane in range(LANES):
                log_sigma[g, lane] -= highest[lane]
                sigma[g, lane] *= total[lane]


@kernel
def beliefs(t, log_sigma, log_chance, log_reach, belief, highest, total):
    """Beliefs at all nodes by Bayes; zero where no node of the infoset can be reached."""
    parent, branch, action = t.parent, t.branch, t.action
    member, member_start = t.member, t.member_start
    for n in range(1, len(parent)):
        b, a, p = branch[n], action[n], parent[n]
        if b >= 0:
            for lane in range(LANES):
                log_reach[n, lane] = log_reach[p, lane] + log_chance[b, lane]
        else:
            for lane in range(LANES):
                log_reach[n, lane] = log_reach[p, lane] + log_sigma[a, lane]
    for h in range(len(t.player)):
        start, stop = member_start[h], member_start[h + 1]
        if stop == start + 1:
            n = member[start]
            for lane in range(LANES):
                belief[n, lane] = 1.0 if log_reach[n, lane] > -np.inf else 0.0
            continue
        for lane in range(LANES):
            highest[lane] = -1e300
            total[lane] = 0.0
        for i in range(start, stop):
            n = member[i]
            for lane in range(LANES):
                highest[lane] = max(highest[lane], log_reach[n, lane])
        for i in range(start, stop):
            n = member[i]
            for lane in range(LANES):
                belief[n, lane] = lane_exp(log_reach[n, lane] - highest[lane])
                total[lane] += belief[n, lane]
        for lane in range(LANES):
            total[lane] = 1.0 / total[lane] if total[lane] > 0.0 else 0.0
        for i in range(start, stop):
            n = member[i]
            for lane in range(LANES):
                belief[n, lane] *= total[lane]


@kernel
def evaluate_nodes(t, sigma, chance, value, players):
    """Every player's expected payoff from every node; row (node * players + player)."""
    child_start, child, child_branch = t.child_start, t.child, t.child_branch
    infoset, first_action = t.infoset, t.first_action
    for n in range(len(infoset) - 1, -1, -1):
        h, first = infoset[n], child_start[n]
        for v in range(n * players, (n + 1) * players):
            for lane in range(LANES):
                value[v, lane] = 0.0
        for e in range(first, child_start[n + 1]):
            below = child[e] * players
            if h >= 0:
                a = first_action[h] + e - first
                for player in range(players):
                    for lane in range(LANES):
                        value[n * players + player, lane] += (
                            sigma[a, lane] * value[below + player, lane]
                        )
            else:
                b = child_branch[e]
                for player in range(players):
                    for lane in range(LANES):
                        value[n * players + player, lane] += (
                            chance[b, lane] * value[below + player, lane]
                        )


@kernel
def evaluate_actions(t, belief, value, utility, players):
    """The owner's expected payoff of each action, given beliefs."""
    child_start, child, infoset, player = t.child_start, t.child, t.infoset, t.player
    clear_lanes(utility)
    for n in range(len(infoset)):
        h = infoset[n]
        if h >= 0:
            a = t.first_action[h]
            for e in range(child_start[n], child_start[n + 1]):
                v = child[e] * players + player[h]
                for lane in range(LANES):
                    utility[a, lane] += belief[n, lane] * value[v, lane]
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
        if n > 0 and branch[n] >= 0:
            for lane in range(LANES):
                probability[n, lane] = chance[branch[n], lane]
        elif n > 0:
            a = t.action[n]
            for lane in range(LANES):
                probability[n, lane] = sigma[a, lane]
        if h >= 0:
            a, owner = t.first_action[h], t.player[h]
            for e in range(child_start[n], child_start[n + 1]):
                v = child[e] * players + owner
                for lane in range(LANES):
                    surprise[e, lane] = belief[n, lane] * (value[v, lane] - utility[a, lane])
                for player in range(players):
                    i, v = player * edges + e, child[e] * players + player
                    above = n * players + player
                    for lane in range(LANES):
                        influence[i, lane] = sigma[a, lane] * (value[v, lane] - value[above, lane])
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
        if lead < 0:
            n = -1 - lead
            for lane in range(LANES):
                tail[q, lane] = belief[n, lane]
        else:
            for lane in range(LANES):
                tail[q, lane] = tail[lead, lane] * probability[d, lane]
        first, stop = child_start[d], child_start[d + 1]
        slot = below_slot[q]
        if slot >= 0:
            offset = t.pair_player[q] * edges
            for f in range(first + 1, stop):
                for lane in range(LANES):
                    gradient[slot, lane] += tail[q, lane] * influence[offset + f, lane]
                slot += 1
        slot = above_slot[q]
        if slot >= 0:
            for f in range(first, stop):
                for lane in range(LANES):
                    shift[slot, lane] += surprise[f, lane]
                slot += above_stride[q]


@kernel
def add_blocks(t, sigma, shift, gradient, total):
    """Turn sums by action of the upper infoset into derivatives by its log-odds."""
    first_action = t.first_action
    for b in range(len(t.block_row)):
        g, h = t.block_lower[b], t.block_upper[b]
        start, stop = first_action[h], first_action[h + 1]
        source, row, width = t.block_start[b] - start, t.block_row[b], t.width[g]
        for _ in range(first_action[g], first_action[g + 1]):
            for lane in range(LANES):
                total[lane] = 0.0
            for a in range(start, stop):
                for lane in range(LANES):
                    total[lane] += shift[source + a, lane]
            for a in range(start + 1, stop):
                r = row + a - start - 1
                for lane in range(LANES):
                    gradient[r, lane] += shift[source + a, lane] - sigma[a, lane] * total[lane]
            source += stop - start
            row += width


@kernel
def assemble(t, w):
    """The Jacobians of F by z, packed, and the two right-hand sides."""
    first_action, diagonal, packed = t.first_action, t.matrix_diagonal, t.packed
    matrix, gradient, utility, z = w.matrix, w.gradient, w.utility, w.z
    newton, slope, precision = w.newton, w.slope, w.precision
    clear_lanes(matrix)
    for i in range(len(diagonal)):
        d = diagonal[i]
        for lane in range(LANES):
            matrix[d, lane] = 1.0
    entry = 0
    for h in range(len(t.player)):
        start, stop = first_action[h], first_action[h + 1]
        width, first = t.width[h], t.row_start[h]
        for a in range(start + 1, stop):
            row = first + (a - start) * width
            for j in range(width):
                m = packed[entry]
                for lane in range(LANES):
                    change = gradient[row + j, lane] - gradient[first + j, lane]
                    matrix[m, lane] -= precision[lane] * change
                entry += 1
            k = t.first_unknown[h] + a - start - 1
            for lane in range(LANES):
                gain = utility[a, lane] - utility[start, lane]
                newton[k, lane] = precision[lane] * gain - z[k, lane]
                quotient = z[k, lane] / max(precision[lane], 1.0)
                slope[k, lane] = quotient if precision[lane] > 1.0 else gain


@inlined_kernel
def evaluate_lanes(t, w, players):
    """Newton steps, slopes and signs of all lanes."""
    strategies(t, w.z, w.sigma, w.log_sigma, w.highest, w.total)
    beliefs(t, w.log_sigma, w.log_chance, w.log_reach, w.belief, w.highest, w.total)
    evaluate_nodes(t, w.sigma, w.chance, w.value, players)
    evaluate_actions(t, w.belief, w.value, w.utility, players)
    prepare_derivatives(t, w, players)
    clear_lanes(w.gradient)
    clear_lanes(w.shift)
    add_pairs(t, w)
    add_blocks(t, w.sigma, w.shift, w.gradient, w.total)
    assemble(t, w)
    rows, columns, diagonal = t.matrix_row, t.matrix_column, t.matrix_diagonal
    factor_lanes(rows, columns, diagonal, w.matrix, w.spare, w.highest, w.sign)
    solve_lanes(rows, columns, diagonal, t.order, w.matrix, w.newton, w.spare)
    solve_lanes(rows, columns, diagonal, t.order, w.matrix, w.slope, w.spare)


@inlined_kernel
def load(t, s, w, lane, chance, payoffs, precision_end, max_evaluations):
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
    path.begin(w.at[lane], w.number[lane], w.integer[lane], precision_end, max_evaluations)
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
                if load(t, s, w, lane, chance[i], payoffs[i], precision_end[i], max_evaluations):
                    world[lane] = i
            if world[lane] >= 0:
                busy += 1
            for k in range(len(w.z)):
                w.z[k, lane] = w.at[lane, k]
            w.precision[lane] = w.number[lane, path.PRECISION]
        if busy > 0:
            evaluate_lanes(t, w, payoffs.shape[2])
