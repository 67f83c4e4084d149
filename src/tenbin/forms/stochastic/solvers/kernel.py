"""The principal branch of the logit quantal response equilibrium of one component of a game.

For every node n (a state and a grid point of the belief), player p and type t of the informed
player, given a fully mixed profile:

    b'(n, a)    the posterior after the informed player's action a, by Bayes
    C(q, p, t)  expected value of p after cell q, the posterior moved to its two grid points
    U(i, a)     expected payoff of action a at decision point i: sum over the others' actions (and
                over types, by the belief, where i's player has none) of payoff + discount * C
    V(n, p, t)  the same, expected over own actions too
    z(i, a)     log sigma(i, a) - log sigma(i, first action)

    z(i, a) - precision * (U(i, a) - U(i, first)) = 0          the unknowns are z and V
    V(n, p, t) - expected (payoff + discount * C) = 0

The solutions that hang together with z = 0 at precision 0 are the principal branch
[eibelshauser2019]; `numerics.path` follows it. Log-odds of a node occur in that node's equations
alone, so they are eliminated node by node and what is left is a system in the values.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.stochastic.solvers.node_kernel import beliefs, read_values, strategies, sum_node
from tenbin.forms.stochastic.solvers.work_kernel import ALONE, PINNED
from tenbin.numerics.compiling import inlined_kernel, kernel
from tenbin.numerics.linear import solve_dense

__all__ = ["eliminate_node", "evaluate"]


@inlined_kernel
def to_odds(t, n, w, row):
    """Turn derivatives by log-probabilities into derivatives by log-odds, in place."""
    start = t.action_start[t.point_start[n]]
    for i in range(t.point_start[n], t.point_start[n + 1]):
        total = 0.0
        for a in range(t.action_start[i], t.action_start[i + 1]):
            total += row[a - start]
        for a in range(t.action_start[i], t.action_start[i + 1]):
            row[a - start] -= w.sigma[a] * total


@kernel
def solve_local(matrix, right, size, columns):
    """Overwrite `right` [size, columns] by the solutions; the sign of the determinant."""
    sign = 1
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        pivot = matrix[best, k]
        if not (np.isfinite(pivot) and pivot != 0.0):
            return 0
        if best != k:
            sign = -sign
            for j in range(k, size):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
            for j in range(columns):
                right[k, j], right[best, j] = right[best, j], right[k, j]
        if pivot < 0.0:
            sign = -sign
        inverse = 1.0 / pivot
        for i in range(k + 1, size):
            factor = matrix[i, k] * inverse
            if factor != 0.0:
                for j in range(k + 1, size):
                    matrix[i, j] -= factor * matrix[k, j]
                for j in range(columns):
                    right[i, j] -= factor * right[k, j]
    for k in range(size - 1, -1, -1):
        for i in range(k + 1, size):
            factor = matrix[k, i]
            if factor != 0.0:
                for j in range(columns):
                    right[k, j] -= factor * right[i, j]
        inverse = 1.0 / matrix[k, k]
        for j in range(columns):
            right[k, j] *= inverse
    return sign


@kernel
def eliminate_node(t, n, z, precision, w):
    """Solve node n's equations for its log-odds, given the values of its successors.

    With the switch ALONE only the two right-hand sides are solved for, into the first two columns.
    """
    P, T = w.expected.shape
    start = t.action_start[t.point_start[n]]
    alone = w.switch[ALONE]
    nexts = 0 if alone else t.next_start[n + 1] - t.next_start[n]
    columns = nexts * P * T
    odds = t.unknown_start[t.point_start[n]] if t.point_start[n] < len(t.unknown_start) else 0
    pinned, size = w.switch[PINNED], 0
    for i in range(t.point_start[n], t.point_start[n + 1]):
        base, p = w.base[i], t.point_player[i]
        for a in range(t.action_start[i], t.action_start[i + 1]):
            to_odds(t, n, w, w.pull[a - start])
        for a in range(t.action_start[i], t.action_start[i + 1]):
            if a == base:
                continue
            row, right = w.local[size], w.right[size]
            dead = pinned and w.sigma[a] == 0.0
            factor = 0.0 if dead else (1.0 if pinned else precision)
            column = 0
            for j in range(t.point_start[n], t.point_start[n + 1]):
                for c in range(t.action_start[j], t.action_start[j + 1]):
                    if c != w.base[j]:
                        change = w.pull[a - start, c - start] - w.pull[base - start, c - start]
                        row[column] = -factor * change
                        column += 1
            for j in range(columns):
                right[j] = 0.0
            for m in range(nexts):
                for kind in range(T):
                    change = w.reach[a - start, m, kind] - w.reach[base - start, m, kind]
                    right[(m * P + p) * T + kind] = factor * change
            gain = w.utility[a] - w.utility[base]
            if dead:
                row[size] = 1.0
                right[columns], right[columns + 1] = 0.0, 0.0
            elif pinned:
                right[columns], right[columns + 1] = gain, 0.0
            else:
                row[size] += 1.0
                away = z[odds + size] - w.bias[odds + size]
                right[columns] = precision * gain - away
                right[columns + 1] = away / precision if precision > 1.0 else gain
            size += 1
    sign = solve_local(w.local, w.right, size, columns + 2)
    if not alone:
        for r in range(size):
            for j in range(columns + 2):
                w.answer[odds + r, j] = w.right[r, j]
    return sign, size


@inlined_kernel
def add_rows(t, n, z, size, w):
    """Write node n's equations for its values into the system in the values."""
    P, T = w.expected.shape
    start = t.action_start[t.point_start[n]]
    nexts = t.next_start[n + 1] - t.next_start[n]
    columns, block = nexts * P * T, P * T
    values = len(w.first)
    for p in range(P):
        for kind in range(T):
            r = n * block + p * T + kind
            row, pull = w.system[r], w.expected_pull[p, kind]
            to_odds(t, n, w, pull)
            for j in range(values):
                row[j] = 0.0
            row[r] = 1.0
            w.first[r] = w.expected[p, kind] - z[len(z) - values + r]
            w.second[r] = 0.0
            for m in range(nexts):
                at = t.next_node[t.next_start[n] + m] * block + p * T + kind
                row[at] -= w.expected_reach[p, kind, m]
            odds = 0
            for i in range(t.point_start[n], t.point_start[n + 1]):
                for a in range(t.action_start[i], t.action_start[i + 1]):
                    if a == w.base[i]:
                        continue
                    factor, right = pull[a - start], w.right[odds]
                    odds += 1
                    if factor == 0.0:
                        continue
                    for m in range(nexts):
                        at = t.next_node[t.next_start[n] + m] * block
                        for j in range(block):
                            row[at + j] -= factor * right[m * block + j]
                    w.first[r] += factor * right[columns]
                    w.second[r] += factor * right[columns + 1]


@inlined_kernel
def substitute(t, w):
    """Log-odds of all nodes from the values; both right-hand sides into newton and slope."""
    P, T = w.expected.shape
    block, values = P * T, len(w.first)
    odds = len(w.newton) - values
    for j in range(values):
        w.newton[odds + j] = w.first[j]
        w.slope[odds + j] = w.second[j]
    k = 0
    for n in range(len(t.node_state)):
        nexts = t.next_start[n + 1] - t.next_start[n]
        for i in range(t.point_start[n], t.point_start[n + 1]):
            for _ in range(t.action_start[i + 1] - t.action_start[i] - 1):
                answer = w.answer[k]
                one, two = answer[nexts * block], answer[nexts * block + 1]
                for m in range(nexts):
                    at = t.next_node[t.next_start[n] + m] * block
                    for j in range(block):
                        one += answer[m * block + j] * w.first[at + j]
                        two += answer[m * block + j] * w.second[at + j]
                w.newton[k], w.slope[k] = one, two
                k += 1


@kernel
def evaluate(t, z, precision, payoffs, prob, discount, value, w):
    """Newton step and slope at the unknowns z; the sign of the Jacobian's determinant.

    `value` [S, G, P, T] holds what is known of other components; the unknown ones are written.
    """
    strategies(t, w, z)
    beliefs(t, w)
    read_values(t, w, z, value)
    sign = 1
    for n in range(len(t.node_state)):
        sum_node(t, n, payoffs, prob, discount, value, w)
        found, size = eliminate_node(t, n, z, precision, w)
        sign *= found
        if sign == 0:
            return 0
        add_rows(t, n, z, size, w)
    sign *= solve_dense(w.system, w.first, w.second)
    substitute(t, w)
    return sign
