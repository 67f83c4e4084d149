"""One node of a component: strategies, posteriors, utilities and expectations with derivatives."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

import numpy as np

from tenbin.forms.stochastic.solvers.work_kernel import ALONE, FROZEN
from tenbin.numerics.compiling import inlined_kernel, kernel

__all__ = [
    "beliefs",
    "mix_point",
    "node_beliefs",
    "read_values",
    "set_bias",
    "strategies",
    "sum_node",
    "unknown_of",
]


SPREAD = 4.0
"""How far apart the log-odds lie from which a branch that is not the principal one begins."""


@inlined_kernel
def set_bias(w, seed):
    """Log-odds to start from, which look random but are the same in every world; none for 0."""
    for k in range(len(w.bias)):
        noise = math.sin(12.9898 * (k + 1) + 78.233 * seed) * 43758.5453
        w.bias[k] = SPREAD * (noise - math.floor(noise) - 0.5) if seed > 0 else 0.0


@inlined_kernel
def unknown_of(t, i, base, a):
    """The log-odds of action a of point i, which is not the base."""
    k = t.unknown_start[i] + a - t.action_start[i]
    return k - 1 if a > base else k


@inlined_kernel
def mix_point(t, w, z, i):
    """Probabilities and log-probabilities of the actions of point i from the log-odds z."""
    start, stop, base = t.action_start[i], t.action_start[i + 1], w.base[i]
    highest = 0.0
    for a in range(start, stop):
        odds = 0.0 if a == base else z[unknown_of(t, i, base, a)]
        w.log_sigma[a] = odds
        highest = max(highest, odds)
    total = 0.0
    for a in range(start, stop):
        w.sigma[a] = math.exp(w.log_sigma[a] - highest)
        total += w.sigma[a]
    shift = highest + math.log(total)
    for a in range(start, stop):
        w.sigma[a] /= total
        w.log_sigma[a] -= shift


@kernel
def strategies(t, w, z):
    """Probabilities and log-probabilities of all actions from the log-odds z."""
    for i in range(len(t.point_player)):
        mix_point(t, w, z, i)


@kernel
def set_lottery(place, points, width, weight, rise):
    """The lottery over three neighbouring grid points that keeps the mean; its first point.

    `place` counts in steps of the grid. At width 0 it is the lottery over the two neighbours;
    else kinks within `width` of an inner grid point are rounded off.

    Parameters
    ----------
    weight, rise
        Written: probabilities [3], and their derivatives by the belief.
    """
    nearest = int(place + 0.5)
    apart = place - nearest
    slope = points - 1.0
    if 0 < nearest < points - 1 and abs(apart) < width:
        spread, turn = 0.5 * (apart * apart / width + width), apart / width
        weight[0], weight[1], weight[2] = (
            0.5 * (spread - apart),
            1.0 - spread,
            0.5 * (spread + apart),
        )
        rise[0], rise[1], rise[2] = 0.5 * (turn - 1.0), -turn, 0.5 * (turn + 1.0)
        first = nearest - 1
    else:
        first = min(int(place), points - 2)
        share = place - first
        weight[0], weight[1], weight[2] = 1.0 - share, share, 0.0
        rise[0], rise[1], rise[2] = -1.0, 1.0, 0.0
    for j in range(3):
        rise[j] *= slope
    return first


@inlined_kernel
def node_beliefs(t, w, n):
    """Posteriors of the slots of node n; kept where no type takes the action."""
    points, g = t.grid[0], t.node_grid[n]
    for k in range(t.slot_start[n], t.slot_start[n + 1]):
        if g == 0 or g == points - 1:
            w.posterior[k] = 0.0 if g == 0 else 1.0
            w.turn[k], w.lower[k] = 0.0, g
            for j in range(3):
                w.weight[k, j] = 1.0 if j == 0 else 0.0
                w.rise[k, j] = 0.0
            continue
        one, other = w.log_sigma[t.slot_action[k, 0]], w.log_sigma[t.slot_action[k, 1]]
        if one == -np.inf and other == -np.inf:
            w.turn[k] = 0.0
        else:
            odds = other - one + math.log((points - 1 - g) / g)
            w.posterior[k] = 1.0 / (1.0 + math.exp(odds))
            w.turn[k] = w.posterior[k] * (1.0 - w.posterior[k])
        place = w.posterior[k] * (points - 1)
        if w.switch[FROZEN]:
            share = place - w.piece[k]
            w.lower[k] = w.piece[k]
            w.weight[k, 0], w.weight[k, 1], w.weight[k, 2] = 1.0 - share, share, 0.0
            w.rise[k, 0], w.rise[k, 1], w.rise[k, 2] = 1.0 - points, points - 1.0, 0.0
            continue
        w.lower[k] = set_lottery(place, points, w.width[0], w.weight[k], w.rise[k])


@kernel
def beliefs(t, w):
    """Posteriors of all slots with their derivatives."""
    for n in range(len(t.node_state)):
        node_beliefs(t, w, n)


@inlined_kernel
def read_values(t, w, z, value):
    """Write the values among the unknowns into value [S, G, P, T]."""
    P, T = value.shape[2], value.shape[3]
    k = len(z) - len(t.node_state) * P * T
    for n in range(len(t.node_state)):
        for p in range(P):
            for kind in range(T):
                value[t.node_state[n], t.node_grid[n], p, kind] = z[k]
                k += 1


@inlined_kernel
def evaluate_cells(t, n, payoffs, prob, discount, value, w):
    """Payoff plus discounted value after each cell of node n, and its derivative by the belief."""
    P, T = value.shape[2], value.shape[3]
    for c in range(t.cell_start[n], t.cell_start[n + 1]):
        own, k = c - t.cell_start[n], t.cell_slot[c]
        for p in range(P):
            for kind in range(T):
                after, change = 0.0, 0.0
                for e in range(t.branch_start[c], t.branch_start[c + 1]):
                    s, chance = t.branch_state[e], prob[t.branch_global[e]]
                    if k < 0:
                        after += chance * value[s, t.node_grid[n], p, kind]
                        continue
                    for j in range(3):
                        if w.weight[k, j] != 0.0 or w.rise[k, j] != 0.0:
                            later = chance * value[s, w.lower[k] + j, p, kind]
                            after += w.weight[k, j] * later
                            change += w.rise[k, j] * later
                w.payoff[own, p, kind] = payoffs[t.cell_global[c], p, kind] + discount[p] * after
                w.by_belief[own, p, kind] = discount[p] * change


@inlined_kernel
def list_successors(t, n, c, prob, w):
    """List the inner successors of cell c of node n in `w.near`, their weights in `w.row`; count.

    A successor can be listed more than once.
    """
    first, width = t.grid[1], t.grid[2]
    k, count = t.cell_slot[c], 0
    wide = t.slot_start[n + 1] > t.slot_start[n]
    for e in range(t.branch_start[c], t.branch_start[c + 1]):
        at = t.branch_next[e]
        if at < 0:
            continue
        chance = prob[t.branch_global[e]]
        if k < 0:
            w.near[count] = at + (t.node_grid[n] - first if wide else 0)
            w.row[count] = chance
            count += 1
            continue
        for j in range(3):
            place = w.lower[k] + j - first
            if 0 <= place < width and w.weight[k, j] != 0.0:
                w.near[count] = at + place
                w.row[count] = chance * w.weight[k, j]
                count += 1
    return count


@inlined_kernel
def clear_node(t, n, w):
    """Set the sums over one node's cells to zero."""
    start, stop = t.action_start[t.point_start[n]], t.action_start[t.point_start[n + 1]]
    actions, nexts = stop - start, 0 if w.switch[ALONE] else t.next_start[n + 1] - t.next_start[n]
    P, T = w.expected.shape
    for a in range(actions):
        w.utility[start + a] = 0.0
        for c in range(actions):
            w.pull[a, c] = 0.0
        for m in range(nexts):
            for kind in range(T):
                w.reach[a, m, kind] = 0.0
    for p in range(P):
        for kind in range(T):
            w.expected[p, kind] = 0.0
            for c in range(actions):
                w.expected_pull[p, kind, c] = 0.0
            for m in range(nexts):
                w.expected_reach[p, kind, m] = 0.0


@inlined_kernel
def type_weight(t, n, i, kind):
    """How much the payoff under a type counts at decision point i of node n."""
    if t.point_type[i] >= 0:
        return 1.0
    if t.grid[0] == 1:
        return 1.0
    b = t.node_grid[n] / (t.grid[0] - 1.0)
    return b if kind == 0 else 1.0 - b


@inlined_kernel
def others_play(t, w, c, player, kind):
    """The probability that everybody but the player takes their part in cell c."""
    product = 1.0
    for p in range(t.cell_action.shape[1]):
        a = t.cell_action[c, p, kind]
        if p != player and a >= 0:
            product *= w.sigma[a]
    return product


@inlined_kernel
def add_cell(t, n, c, prob, discount, w):
    """Add one cell of node n to utilities, expectations and their derivatives."""
    start = t.action_start[t.point_start[n]]
    own, k = c - t.cell_start[n], t.cell_slot[c]
    P, T = w.expected.shape
    count = 0 if w.switch[ALONE] else list_successors(t, n, c, prob, w)
    one = other = 0
    if k >= 0:
        one, other = t.slot_action[k, 0] - start, t.slot_action[k, 1] - start
    for kind in range(T):
        for p in range(P):
            worth, a = w.payoff[own, p, kind], t.cell_action[c, p, kind]
            others = others_play(t, w, c, p, kind)
            joint = others * (w.sigma[a] if a >= 0 else 1.0)
            w.expected[p, kind] += joint * worth
            for q in range(P):
                move = t.cell_action[c, q, kind]
                if move >= 0:
                    w.expected_pull[p, kind, move - start] += joint * worth
            if k >= 0:
                change = joint * w.by_belief[own, p, kind] * w.turn[k]
                w.expected_pull[p, kind, one] += change
                w.expected_pull[p, kind, other] -= change
            share = joint * discount[p]
            for m in range(count):
                w.expected_reach[p, kind, w.near[m]] += share * w.row[m]
            if a < 0:
                continue
            others *= type_weight(t, n, t.action_point[a], kind)
            w.utility[a] += others * worth
            for q in range(P):
                move = t.cell_action[c, q, kind]
                if q != p and move >= 0:
                    w.pull[a - start, move - start] += others * worth
            if k >= 0:
                change = others * w.by_belief[own, p, kind] * w.turn[k]
                w.pull[a - start, one] += change
                w.pull[a - start, other] -= change
            share = others * discount[p]
            for m in range(count):
                w.reach[a - start, w.near[m], kind] += share * w.row[m]


@kernel
def sum_node(t, n, payoffs, prob, discount, value, w):
    """Utilities, expectations and their derivatives at node n, for the present profile.

    With the switch ALONE those by the values of its successors are left out.
    """
    evaluate_cells(t, n, payoffs, prob, discount, value, w)
    clear_node(t, n, w)
    for c in range(t.cell_start[n], t.cell_start[n + 1]):
        add_cell(t, n, c, prob, discount, w)
