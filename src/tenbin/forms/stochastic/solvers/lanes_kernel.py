"""The principal branch in sixteen worlds at once; the equations of `kernel.py` without beliefs.

Each lane follows its own world with its own steps, and takes the next world as soon as its path
ends. Rows are never exchanged here: a world whose path cannot be followed so is reported, and
followed again by the scalar kernel.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.stochastic.solvers.components import Component
from tenbin.forms.stochastic.solvers.follow_kernel import shorten
from tenbin.forms.stochastic.tables import Bools
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.lanes import lane_exp
from tenbin.numerics.linear import SMALLEST_PIVOT
from tenbin.numerics.vector import LANES, higher, load, splat, store, where_above
from tenbin.scenario.language import Array

__all__ = ["Lanes", "follow_lanes", "make_lanes", "uses_lanes"]

LARGEST_LANES = 1 << 22
"""Bytes of lane arrays up to which sixteen worlds at once are taken."""


class Lanes(NamedTuple):
    """Work arrays with the lane last; names as in `Work`."""

    z: Array
    newton: Array
    slope: Array
    sigma: Array
    value: Array
    """[state * P + player]"""
    paid: Array
    """Payoffs [cell of the component * P + player]."""
    chance: Array
    """Branches of the component."""
    discount: Array
    utility: Array
    pull: Array
    reach: Array
    expected: Array
    expected_pull: Array
    expected_reach: Array
    local: Array
    right: Array
    answer: Array
    system: Array
    first: Array
    second: Array
    precision: Array
    sign: Array
    # the paths, lane first
    at: Array
    last: Array
    tangent: Array
    step: Array
    turn: Array
    number: Array
    integer: NDArray[np.int64]
    fresh: Bools
    """Lanes that still need the values of even mixing."""


def uses_lanes(component: Component) -> bool:
    """Whether worlds are followed sixteen at a time: a matter of structure alone."""
    if component.n_types > 1 or component.n_unknowns == 0:
        return False
    P, values = component.n_players, component.n_nodes * component.n_players
    numbers = values * values + component.n_unknowns * (component.most_next * P + 2)
    numbers += len(component.tables.cell_global) * P + len(component.tables.branch_global)
    return 8 * LANES * numbers <= LARGEST_LANES


def make_lanes(component: Component, n_states: int) -> Lanes:
    """Work arrays of the right shapes for one component."""
    t, P, K = component.tables, component.n_players, component.size
    values, most, nexts = component.n_nodes * P, component.most_actions, component.most_next
    columns, odds = nexts * P + 2, component.most_odds

    def lanes(size: int) -> Array:
        return np.zeros((max(size, 1), LANES))

    return Lanes(
        z=lanes(K),
        newton=lanes(K),
        slope=lanes(K),
        sigma=lanes(len(t.action_global)),
        value=lanes(n_states * P),
        paid=lanes(len(t.cell_global) * P),
        chance=lanes(len(t.branch_global)),
        discount=lanes(P),
        utility=lanes(most),
        pull=lanes(most * most),
        reach=lanes(most * nexts),
        expected=lanes(P),
        expected_pull=lanes(P * most),
        expected_reach=lanes(P * nexts),
        local=lanes(odds * odds),
        right=lanes(odds * columns),
        answer=lanes(component.n_unknowns * columns),
        system=lanes(values * values),
        first=lanes(values),
        second=lanes(values),
        precision=lanes(1),
        sign=lanes(1),
        at=np.zeros((LANES, K)),
        last=np.zeros((LANES, K)),
        tangent=np.zeros((LANES, K)),
        step=np.zeros((LANES, K)),
        turn=np.zeros((LANES, K)),
        number=np.zeros((LANES, path.NUMBERS)),
        integer=np.zeros((LANES, path.INTEGERS), dtype=np.int64),
        fresh=np.zeros(LANES, dtype=np.bool_),
    )


@inlined_kernel
def add(array, row, amount):
    """Add a vector to a row."""
    store(array, row, load(array, row) + amount)


@inlined_kernel
def clear_rows(array, rows):
    """Set the first rows to zero."""
    for r in range(rows):
        store(array, r, 0.0)


@kernel
def mix(t, z, sigma):
    """Probabilities of all actions from the log-odds z against each point's first action."""
    for i in range(len(t.point_player)):
        start, stop = t.action_start[i], t.action_start[i + 1]
        odds = t.unknown_start[i] - start - 1
        highest, total = splat(0.0), splat(0.0)
        for a in range(start + 1, stop):
            highest = higher(highest, load(z, odds + a))
        for a in range(start, stop):
            own = load(z, odds + a) if a > start else splat(0.0)
            p = lane_exp(own - highest)
            store(sigma, a, p)
            total += p
        share = 1.0 / total
        for a in range(start, stop):
            store(sigma, a, load(sigma, a) * share)


@kernel
def clear_node(actions, nexts, P, utility, pull, reach, expected, expected_pull, expected_reach):
    """Set the sums over one node's cells to zero."""
    clear_rows(utility, actions)
    clear_rows(pull, actions * actions)
    clear_rows(reach, actions * nexts)
    clear_rows(expected, P)
    clear_rows(expected_pull, P * actions)
    clear_rows(expected_reach, P * nexts)


@inlined_kernel
def add_cell(t, n, c, P, w):
    """Add one cell of node n to utilities, expectations and their derivatives."""
    start = t.action_start[t.point_start[n]]
    actions = t.action_start[t.point_start[n + 1]] - start
    nexts = t.next_start[n + 1] - t.next_start[n]
    for p in range(P):
        after = splat(0.0)
        for e in range(t.branch_start[c], t.branch_start[c + 1]):
            after += load(w.chance, e) * load(w.value, t.branch_state[e] * P + p)
        discount = load(w.discount, p)
        worth = load(w.paid, c * P + p) + discount * after
        own, others = t.cell_action[c, p, 0], splat(1.0)
        for q in range(P):
            a = t.cell_action[c, q, 0]
            if q != p and a >= 0:
                others = others * load(w.sigma, a)
        joint = others * load(w.sigma, own) if own >= 0 else others
        gain = joint * worth
        add(w.expected, p, gain)
        for q in range(P):
            a = t.cell_action[c, q, 0]
            if a >= 0:
                add(w.expected_pull, p * actions + a - start, gain)
        weight = joint * discount
        for e in range(t.branch_start[c], t.branch_start[c + 1]):
            m = t.branch_next[e]
            if m >= 0:
                add(w.expected_reach, p * nexts + m, weight * load(w.chance, e))
        if own >= 0:
            gain = others * worth
            add(w.utility, own - start, gain)
            for q in range(P):
                a = t.cell_action[c, q, 0]
                if q != p and a >= 0:
                    add(w.pull, (own - start) * actions + a - start, gain)
            weight = others * discount
            for e in range(t.branch_start[c], t.branch_start[c + 1]):
                m = t.branch_next[e]
                if m >= 0:
                    add(w.reach, (own - start) * nexts + m, weight * load(w.chance, e))


@inlined_kernel
def to_odds(t, n, sigma, array, first):
    """Turn derivatives by log-probabilities, from row `first` on, into those by log-odds."""
    start = t.action_start[t.point_start[n]]
    for i in range(t.point_start[n], t.point_start[n + 1]):
        total = splat(0.0)
        for a in range(t.action_start[i], t.action_start[i + 1]):
            total += load(array, first + a - start)
        for a in range(t.action_start[i], t.action_start[i + 1]):
            add(array, first + a - start, -(load(sigma, a) * total))


@kernel
def eliminate(matrix, right, size, columns, sign):
    """Overwrite `right` [size * columns] by the solutions; signs of determinants into `sign`."""
    signs = load(sign, 0)
    for k in range(size):
        pivot, largest = load(matrix, k * size + k), splat(0.0)
        for j in range(k + 1, size):
            entry = load(matrix, k * size + j)
            largest = higher(largest, higher(entry, -entry))
        good = where_above(higher(pivot, -pivot), SMALLEST_PIVOT * largest, 1.0, 0.0)
        signs = signs * where_above(pivot, 0.0, good, -good)
        inverse = 1.0 / pivot
        store(matrix, k * size + k, inverse)
        for i in range(k + 1, size):
            factor = load(matrix, i * size + k) * inverse
            for j in range(k + 1, size):
                add(matrix, i * size + j, -(factor * load(matrix, k * size + j)))
            for j in range(columns):
                add(right, i * columns + j, -(factor * load(right, k * columns + j)))
    for k in range(size - 1, -1, -1):
        inverse = load(matrix, k * size + k)
        for j in range(columns):
            total = load(right, k * columns + j)
            for i in range(k + 1, size):
                total -= load(matrix, k * size + i) * load(right, i * columns + j)
            store(right, k * columns + j, total * inverse)
    store(sign, 0, signs)


@kernel
def solve_system(system, first, second, size, sign):
    """Overwrite two right-hand sides [size] by their solutions, without exchanging rows."""
    signs = load(sign, 0)
    for k in range(size):
        pivot, largest = load(system, k * size + k), splat(0.0)
        for j in range(k + 1, size):
            entry = load(system, k * size + j)
            largest = higher(largest, higher(entry, -entry))
        good = where_above(higher(pivot, -pivot), SMALLEST_PIVOT * largest, 1.0, 0.0)
        signs = signs * where_above(pivot, 0.0, good, -good)
        inverse = 1.0 / pivot
        store(system, k * size + k, inverse)
        for i in range(k + 1, size):
            factor = load(system, i * size + k) * inverse
            for j in range(k + 1, size):
                add(system, i * size + j, -(factor * load(system, k * size + j)))
            add(first, i, -(factor * load(first, k)))
            add(second, i, -(factor * load(second, k)))
    for k in range(size - 1, -1, -1):
        inverse = load(system, k * size + k)
        one, two = load(first, k), load(second, k)
        for j in range(k + 1, size):
            entry = load(system, k * size + j)
            one -= entry * load(first, j)
            two -= entry * load(second, j)
        store(first, k, one * inverse)
        store(second, k, two * inverse)
    store(sign, 0, signs)


@inlined_kernel
def fill_local(t, n, P, w):
    """The equations of node n's log-odds, given the values of its successors."""
    start = t.action_start[t.point_start[n]]
    actions = t.action_start[t.point_start[n + 1]] - start
    nexts = t.next_start[n + 1] - t.next_start[n]
    columns, size = nexts * P + 2, actions - (t.point_start[n + 1] - t.point_start[n])
    odds = t.unknown_start[t.point_start[n]]
    precision = load(w.precision, 0)
    share = 1.0 / higher(precision, 1.0)
    for a in range(actions):
        to_odds(t, n, w.sigma, w.pull, a * actions)
    row = 0
    for i in range(t.point_start[n], t.point_start[n + 1]):
        base, p = t.action_start[i] - start, t.point_player[i]
        for a in range(base + 1, t.action_start[i + 1] - start):
            column = 0
            for j in range(t.point_start[n], t.point_start[n + 1]):
                for c in range(t.action_start[j] + 1 - start, t.action_start[j + 1] - start):
                    change = load(w.pull, a * actions + c) - load(w.pull, base * actions + c)
                    entry = -(precision * change)
                    if column == row:
                        entry = entry + 1.0
                    store(w.local, row * size + column, entry)
                    column += 1
            for j in range(columns):
                store(w.right, row * columns + j, 0.0)
            for m in range(nexts):
                change = load(w.reach, a * nexts + m) - load(w.reach, base * nexts + m)
                store(w.right, row * columns + m * P + p, precision * change)
            gain, own = load(w.utility, a) - load(w.utility, base), load(w.z, odds + row)
            store(w.right, row * columns + columns - 2, precision * gain - own)
            turn = where_above(precision, 1.0, own * share, gain)
            store(w.right, row * columns + columns - 1, turn)
            row += 1
    return size, columns


@inlined_kernel
def add_rows(t, n, P, size, columns, w):
    """Write node n's equations for its values into the system in the values."""
    start = t.action_start[t.point_start[n]] if size > 0 else 0
    actions = t.action_start[t.point_start[n + 1]] - start if size > 0 else 0
    nexts, values = t.next_start[n + 1] - t.next_start[n], len(w.first)
    odds = len(w.z) - values
    for p in range(P):
        r = n * P + p
        for j in range(values):
            store(w.system, r * values + j, 1.0 if j == r else 0.0)
        one, two = load(w.expected, p) - load(w.z, odds + r), splat(0.0)
        for m in range(nexts):
            at = t.next_node[t.next_start[n] + m] * P + p
            add(w.system, r * values + at, -load(w.expected_reach, p * nexts + m))
        row = 0
        if size > 0:
            to_odds(t, n, w.sigma, w.expected_pull, p * actions)
            for i in range(t.point_start[n], t.point_start[n + 1]):
                for a in range(t.action_start[i] + 1, t.action_start[i + 1]):
                    factor = load(w.expected_pull, p * actions + a - start)
                    for m in range(nexts):
                        at = r * values + t.next_node[t.next_start[n] + m] * P
                        for j in range(P):
                            source = row * columns + m * P + j
                            add(w.system, at + j, -(factor * load(w.right, source)))
                    one += factor * load(w.right, row * columns + columns - 2)
                    two += factor * load(w.right, row * columns + columns - 1)
                    row += 1
        store(w.first, r, one)
        store(w.second, r, two)


@inlined_kernel
def substitute(t, P, most, w):
    """Log-odds of all nodes from the values; both right-hand sides into newton and slope."""
    values = len(w.first)
    odds = len(w.z) - values
    for j in range(values):
        store(w.newton, odds + j, load(w.first, j))
        store(w.slope, odds + j, load(w.second, j))
    for n in range(len(t.node_state)):
        nexts = t.next_start[n + 1] - t.next_start[n]
        for i in range(t.point_start[n], t.point_start[n + 1]):
            for r in range(t.action_start[i + 1] - t.action_start[i] - 1):
                k = t.unknown_start[i] + r
                one = load(w.answer, k * most + nexts * P)
                two = load(w.answer, k * most + nexts * P + 1)
                for m in range(nexts):
                    at = t.next_node[t.next_start[n] + m] * P
                    for j in range(P):
                        entry = load(w.answer, k * most + m * P + j)
                        one += entry * load(w.first, at + j)
                        two += entry * load(w.second, at + j)
                store(w.newton, k, one)
                store(w.slope, k, two)


@kernel
def evaluate_node(t, n, P, most, w):
    """Sum, eliminate and write the equations of one node."""
    nexts, size, columns = t.next_start[n + 1] - t.next_start[n], 0, 2
    first = t.point_start[n]
    actions = 0
    if t.point_start[n + 1] > first:
        actions = t.action_start[t.point_start[n + 1]] - t.action_start[first]
    clear_node(
        actions,
        nexts,
        P,
        w.utility,
        w.pull,
        w.reach,
        w.expected,
        w.expected_pull,
        w.expected_reach,
    )
    for c in range(t.cell_start[n], t.cell_start[n + 1]):
        add_cell(t, n, c, P, w)
    if actions > 0:
        size, columns = fill_local(t, n, P, w)
        eliminate(w.local, w.right, size, columns, w.sign)
        odds = t.unknown_start[first]
        for r in range(size):
            for j in range(columns):
                store(w.answer, (odds + r) * most + j, load(w.right, r * columns + j))
    add_rows(t, n, P, size, columns, w)


@inlined_kernel
def evaluate_lanes(t, P, most, w):
    """Newton steps, slopes and signs of all lanes."""
    values = len(w.first)
    odds = len(w.z) - values
    mix(t, w.z, w.sigma)
    for n in range(len(t.node_state)):
        for p in range(P):
            store(w.value, t.node_state[n] * P + p, load(w.z, odds + n * P + p))
    store(w.sign, 0, 1.0)
    for n in range(len(t.node_state)):
        evaluate_node(t, n, P, most, w)
    solve_system(w.system, w.first, w.second, values, w.sign)
    substitute(t, P, most, w)


@inlined_kernel
def enter(t, w, lane, payoffs, prob, discount, value, precision_end, aim, longest):
    """Put one world into a lane, at precision 0; the values of even mixing are still to come."""
    P = payoffs.shape[1]
    for c in range(len(t.cell_global)):
        for p in range(P):
            w.paid[c * P + p, lane] = payoffs[t.cell_global[c], p, 0]
    for e in range(len(t.branch_global)):
        w.chance[e, lane] = prob[t.branch_global[e]]
    for p in range(P):
        w.discount[p, lane] = discount[p]
    for s in range(len(value)):
        for p in range(P):
            w.value[s * P + p, lane] = value[s, 0, p, 0]
    path.begin(w.at[lane], w.number[lane], w.integer[lane], precision_end, longest)
    shorten(w.number[lane], aim)
    w.fresh[lane] = True


@inlined_kernel
def steer(w, lane):
    """Hand one lane's evaluation to its path; False when the path has ended."""
    at, step, turn = w.at[lane], w.step[lane], w.turn[lane]
    for k in range(len(at)):
        step[k] = w.newton[k, lane]
        turn[k] = w.slope[k, lane]
    if w.fresh[lane]:
        w.fresh[lane] = False
        for k in range(len(at)):
            at[k] += step[k]
        return True
    sign = int(w.sign[0, lane])
    number, integer = w.number[lane], w.integer[lane]
    return path.advance(at, w.last[lane], w.tangent[lane], step, turn, sign, number, integer)


@entry_kernel
def follow_lanes(
    t,
    w,
    payoffs,
    prob,
    discount,
    valid,
    value,
    precision_end,
    aim,
    longest,
    ends,
    precision,
    record,
):
    """Follow the branch of one component in every world.

    Parameters
    ----------
    payoffs, prob, discount, valid, value, precision_end, aim, longest
        As `follow_kernel.follow_worlds` has them; which worlds are to be solved [W].
    ends, precision, record
        Written: the last point [W, K], its precision [W], and phase, evaluations and bifurcations
        of each path [W, 3].
    """
    P = payoffs.shape[2]
    most = len(w.answer) // max(len(w.z) - len(w.first), 1)
    world = np.full(LANES, -1)
    upcoming, busy = 0, 1
    while busy > 0:
        busy = 0
        for lane in range(LANES):
            if world[lane] >= 0 and not steer(w, lane):
                i = world[lane]
                for k in range(len(w.z)):
                    ends[i, k] = w.at[lane, k]
                precision[i] = w.number[lane, path.PRECISION]
                record[i, 0] = w.integer[lane, path.PHASE]
                record[i, 1] = w.integer[lane, path.EVALUATIONS]
                record[i, 2] = w.integer[lane, path.BIFURCATIONS]
                world[lane] = -1
            while world[lane] < 0 and upcoming < len(payoffs):
                i = upcoming
                upcoming += 1
                if valid[i]:
                    world[lane] = i
                    enter(
                        t,
                        w,
                        lane,
                        payoffs[i],
                        prob[i],
                        discount[i],
                        value[i],
                        precision_end[i],
                        aim,
                        longest,
                    )
            if world[lane] >= 0:
                busy += 1
            for k in range(len(w.z)):
                w.z[k, lane] = w.at[lane, k]
            w.precision[0, lane] = w.number[lane, path.PRECISION]
        if busy > 0:
            evaluate_lanes(t, P, most, w)
