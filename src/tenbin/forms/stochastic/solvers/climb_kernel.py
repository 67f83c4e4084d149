"""A second way up the precision: steps of Newton's method at rising precision, and jumps.

Where the branch folds back, or bends at a kink of the belief lottery, this does not follow it:
damped logit responses at that precision settle on another equilibrium, from which it goes on. So
what is found may lie on another branch than the principal one; the world is flagged.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.stochastic.solvers.follow_kernel import start_path
from tenbin.forms.stochastic.solvers.kernel import eliminate_node, evaluate
from tenbin.forms.stochastic.solvers.node_kernel import (
    beliefs,
    mix_point,
    node_beliefs,
    read_values,
    set_bias,
    strategies,
    sum_node,
    unknown_of,
)
from tenbin.forms.stochastic.solvers.work_kernel import ALONE
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.linear import copy

__all__ = ["climb_worlds"]

MOST_CORRECTIONS = 8
LARGEST_FACTOR = 3.0
SMALLEST_FACTOR = 1.05
LOCAL_CORRECTIONS = 10
ROUNDS = 30
SETTLED = 1e-5
NEAR = 0.05
HIGH = 1e3
HIGH_FACTOR = 10.0


@kernel
def correct(t, w, precision, payoffs, prob, discount, value):
    """Newton's method at one precision from `w.z`; evaluations used, negative where it failed."""
    odds, before = len(w.z) - len(w.first), np.inf
    for count in range(1, MOST_CORRECTIONS + 1):
        if evaluate(t, w.z, precision, payoffs, prob, discount, value, w) == 0:
            return -count
        size = 0.0
        for k in range(odds):
            size = max(size, abs(w.newton[k]) / (1.0 + abs(w.z[k])))
        if not np.isfinite(size) or (count > 3 and size > 2.0 * before):
            return -count
        before = size
        for k in range(len(w.z)):
            w.z[k] += w.newton[k]
        if size < 1e-9:
            return count
    return -MOST_CORRECTIONS


@inlined_kernel
def look(t, w, n):
    """Strategies and posteriors of node n from the log-odds `w.z`."""
    for i in range(t.point_start[n], t.point_start[n + 1]):
        mix_point(t, w, w.z, i)
    node_beliefs(t, w, n)


@kernel
def correct_node(t, w, n, precision, payoffs, prob, discount, value):
    """Newton's method for node n's log-odds alone, its successors' values given."""
    odds = t.unknown_start[t.point_start[n]]
    before = np.inf
    for _ in range(LOCAL_CORRECTIONS):
        look(t, w, n)
        sum_node(t, n, payoffs, prob, discount, value, w)
        sign, size = eliminate_node(t, n, w.z, precision, w)
        if sign == 0:
            return False
        largest = 0.0
        for r in range(size):
            largest = max(largest, abs(w.right[r, 0]) / (1.0 + abs(w.z[odds + r])))
        if not largest <= before * 2.0:
            return False
        before = largest
        for r in range(size):
            w.z[odds + r] += w.right[r, 0]
        if largest < NEAR:
            return True
    return False


@inlined_kernel
def climb_node(t, w, n, precision, payoffs, prob, discount, value):
    """Node n's log-odds from precision 0 up to `precision`, its successors' values given."""
    odds = t.unknown_start[t.point_start[n]]
    size = t.unknown_start[t.point_start[n + 1] - 1] - odds
    last = t.point_start[n + 1] - 1
    size += t.action_start[last + 1] - t.action_start[last] - 1
    for r in range(size):
        w.z[odds + r] = 0.0
        w.local_last[r] = 0.0
    at, factor = 0.0, 4.0
    while at < precision:
        aim = min(precision, 1.0 if at == 0.0 else at * factor)
        if correct_node(t, w, n, aim, payoffs, prob, discount, value):
            at = aim
            for r in range(size):
                w.local_last[r] = w.z[odds + r]
            factor = min(4.0, factor * 1.5)
            continue
        factor = factor**0.5
        for r in range(size):
            w.z[odds + r] = w.local_last[r]
        if factor < 1.1 or at == 0.0:
            return False
    return True


@inlined_kernel
def respond(t, w, n, precision, payoffs, prob, discount, value, rounds):
    """Damped logit responses at node n, its successors' values given."""
    pace = min(0.5, 2.0 / (1.0 + precision))
    for _ in range(rounds):
        look(t, w, n)
        sum_node(t, n, payoffs, prob, discount, value, w)
        for i in range(t.point_start[n], t.point_start[n + 1]):
            base = w.base[i]
            for a in range(t.action_start[i], t.action_start[i + 1]):
                if a != base:
                    k = unknown_of(t, i, base, a)
                    aim = precision * (w.utility[a] - w.utility[base])
                    w.z[k] += pace * (aim - w.z[k])


@inlined_kernel
def settle(t, w, precision, payoffs, prob, discount, value, sweeps, damping):
    """Logit equilibria of each node and value updates, node by node, from `w.z`."""
    P, T = w.expected.shape
    values = len(w.z) - len(t.node_state) * P * T
    strategies(t, w, w.z)
    beliefs(t, w)
    read_values(t, w, w.z, value)
    w.switch[ALONE] = True
    for _ in range(sweeps):
        moved = 0.0
        for n in range(len(t.node_state)):
            if t.point_start[n] < t.point_start[n + 1]:
                odds = t.unknown_start[t.point_start[n]]
                for r in range(len(w.local_first)):
                    if odds + r < values:
                        w.local_first[r] = w.z[odds + r]
                if not (
                    correct_node(t, w, n, precision, payoffs, prob, discount, value)
                    or climb_node(t, w, n, precision, payoffs, prob, discount, value)
                ):
                    for r in range(len(w.local_first)):
                        if odds + r < values:
                            w.z[odds + r] = w.local_first[r]
                    respond(t, w, n, precision, payoffs, prob, discount, value, ROUNDS)
            look(t, w, n)
            sum_node(t, n, payoffs, prob, discount, value, w)
            for p in range(P):
                for kind in range(T):
                    k = values + (n * P + p) * T + kind
                    change = w.expected[p, kind] - w.z[k]
                    moved = max(moved, abs(change))
                    w.z[k] += damping * change
                    value[t.node_state[n], t.node_grid[n], p, kind] = w.z[k]
        if moved < SETTLED:
            break
    w.switch[ALONE] = False


@inlined_kernel
def climb(
    t,
    w,
    payoffs,
    prob,
    discount,
    value,
    precision_end,
    longest,
    sweeps,
    jump,
    damping,
    record,
):
    """From `w.z` at precision 0 up to `precision_end`; the phase it ended in.

    `record` counts evaluations and jumps.
    """
    at, factor, first = 0.0, LARGEST_FACTOR, 0.2
    exact = True
    copy(w.z, w.last)
    for k in range(len(w.slope)):
        w.tangent[k] = w.slope[k]
    while at < precision_end and record[0] < longest:
        aim = min(precision_end, first if at == 0.0 else at * factor)
        for k in range(len(w.z)):
            w.z[k] = w.last[k] + ((aim - at) * w.tangent[k] if exact else 0.0)
        used = -1
        if exact:
            used = correct(t, w, aim, payoffs, prob, discount, value)
            record[0] += abs(used)
        if used < 0 and exact and factor > 1.5 and at > 0.0:
            factor = factor**0.5
            continue
        if used < 0:
            if exact:
                record[1] += 1
            factor = LARGEST_FACTOR
            aim = min(precision_end, max(1.0, at * jump))
            copy(w.last, w.z)
            settle(t, w, aim, payoffs, prob, discount, value, sweeps, damping)
            record[0] += sweeps
            copy(w.z, w.last)
            used = correct(t, w, aim, payoffs, prob, discount, value)
            record[0] += abs(used)
            exact = used > 0
            if not exact:
                copy(w.last, w.z)
        at = aim
        copy(w.z, w.last)
        copy(w.slope, w.tangent)
        if 0 < used <= 4:
            highest = HIGH_FACTOR if at > HIGH else LARGEST_FACTOR
            factor = min(highest, factor * factor)
    if at >= precision_end and exact:
        return path.ENDED
    return path.TOO_LONG if record[0] >= longest else path.STOPPED


@entry_kernel
def climb_worlds(
    t,
    w,
    payoffs,
    prob,
    discount,
    value,
    todo,
    width,
    sweeps,
    jump,
    damping,
    precision_end,
    longest,
    ends,
    precision,
    paths,
):
    """Climb in every world that is still to do; arguments as of `follow_kernel.follow_worlds`.

    `sweeps` is how often responses may be updated after a jump, `damping` the share of a change of
    the values that is taken over then, `jump` the factor by which the precision rises meanwhile.
    The third record of a path is the number of jumps.
    """
    w.width[0] = width
    set_bias(w, 0)
    for i in range(len(payoffs)):
        if todo[i]:
            start_path(
                t,
                w,
                payoffs[i],
                prob[i],
                discount[i],
                value[i],
                precision_end[i],
                longest,
                1.0,
            )
            paths[i, 1], paths[i, 2] = 0, 0
            paths[i, 0] = climb(
                t,
                w,
                payoffs[i],
                prob[i],
                discount[i],
                value[i],
                precision_end[i],
                longest,
                sweeps,
                jump,
                damping,
                paths[i, 1:],
            )
            copy(w.z, ends[i])
            precision[i] = precision_end[i]
