"""The best package where ratifiers of single issues may not consent.

What is largest is the product of weighted gains and of the probabilities of consent. Its logarithm
is concave in the shares; an interior path (Newton steps at falling barriers) leads to its peak.
Where the probability of consent has a kink, the point at which it is counted, y, is a variable of
its own: at most what the ratifier gets, at most the greatest limit.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from math import log, sqrt

import numpy as np

from tenbin.forms.bargaining.solvers.consent_kernel import bottom_of, consent, log_rise, top_of
from tenbin.forms.bargaining.solvers.frontier_kernel import (
    EMPTY,
    build_frontier,
    first_place,
    last_place,
    set_shares,
    size_of,
)
from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["package_worlds"]

LAST_BARRIER = 1e-14
FALL = 0.15
STEPS = 60
"""Newton steps at one barrier; a few are needed."""
SNAP = 1e-8
"""A share this near to its bound is at it."""


@kernel
def _solve(matrix, vector, count):
    """Solve a positive definite system in place, scaled by its diagonal; False where it is not."""
    for i in range(count):
        if not matrix[i, i] > 0.0:
            return False
    scale = np.empty(count)
    for i in range(count):
        scale[i] = 1.0 / sqrt(matrix[i, i])
    for i in range(count):
        vector[i] *= scale[i]
        for j in range(count):
            matrix[i, j] *= scale[i] * scale[j]
    for j in range(count):
        for k in range(j):
            matrix[j, j] -= matrix[j, k] * matrix[j, k]
        if not matrix[j, j] > 1e-15:
            matrix[j, j] = 1e-15
        matrix[j, j] = sqrt(matrix[j, j])
        for i in range(j + 1, count):
            for k in range(j):
                matrix[i, j] -= matrix[i, k] * matrix[j, k]
            matrix[i, j] /= matrix[j, j]
    for i in range(count):
        for k in range(i):
            vector[i] -= matrix[i, k] * vector[k]
        vector[i] /= matrix[i, i]
    for i in range(count - 1, -1, -1):
        for k in range(i + 1, count):
            vector[i] -= matrix[k, i] * vector[k]
        vector[i] /= matrix[i, i]
    for i in range(count):
        vector[i] *= scale[i]
    return True


@kernel
def _height(point, rows, bounds, n_rows, count, barrier, weight, n_plain, kind, parameters, used):
    """The logarithm of the product plus the barrier's; minus infinity outside.

    Rows 0 and 1 are the gains; from `n_plain` on each variable is the point at which one of the
    consents `used` is counted.
    """
    total = 0.0
    for c in range(n_rows):
        slack = bounds[c]
        for v in range(count):
            slack += rows[c, v] * point[v]
        if not slack > 0.0:
            return -np.inf
        total += (barrier + (weight[c] if c < 2 else 0.0)) * log(slack)
    for v in range(n_plain, count):
        r = used[v - n_plain]
        chance = consent(kind[r], parameters[r], point[v])
        if not chance > 0.0:
            return -np.inf
        total += log(chance)
    return total


@kernel
def _climb(point, rows, bounds, n_rows, count, barrier, weight, n_plain, kind, parameters, used,
           matrix, step):  # fmt: skip
    """Newton's method at one barrier; moves `point`."""
    trial = np.empty(count)
    height = _height(point, rows, bounds, n_rows, count, barrier, weight, n_plain, kind,
                     parameters, used)  # fmt: skip
    for _ in range(STEPS):
        matrix[:, :] = 0.0
        step[:] = 0.0
        for c in range(n_rows):
            slack = bounds[c]
            for v in range(count):
                slack += rows[c, v] * point[v]
            part = barrier + (weight[c] if c < 2 else 0.0)
            for v in range(count):
                if rows[c, v] == 0.0:
                    continue
                step[v] += part * rows[c, v] / slack
                for u in range(count):
                    matrix[v, u] += part * rows[c, v] * rows[c, u] / (slack * slack)
        for v in range(n_plain, count):
            r = used[v - n_plain]
            rate, bend = log_rise(kind[r], parameters[r], point[v])
            step[v] += rate
            matrix[v, v] += max(-bend, 0.0)
        slope = step.copy()
        if not _solve(matrix, step, count):
            return
        gain = 0.0
        for v in range(count):
            gain += slope[v] * step[v]
        if not gain > 1e-13 * max(barrier, 1e-3):
            return
        length, there = 1.0, height
        while length > 1e-12:
            for v in range(count):
                trial[v] = point[v] + length * step[v]
            there = _height(trial, rows, bounds, n_rows, count, barrier, weight, n_plain, kind,
                            parameters, used)  # fmt: skip
            if there >= height + 0.1 * length * gain:
                break
            length *= 0.5
        if length <= 1e-12:
            return
        point[:count] = trial
        height = there


@entry_kernel
def package_worlds(first, once, base, slope, low, high, power, zero, floor, kind, player, issue,
                   line, parameters, active, valid, offer, agreed, tie):  # fmt: skip
    """The best package or offer of problems N; parameters as in `risky_worlds`."""
    n_issues, n_consents = low.shape[1], kind.shape[0]
    size_all = n_issues + n_consents
    gains = np.empty((2, n_issues + 1))
    segment = np.empty(n_issues, dtype=np.int64)
    start = np.empty(n_issues)
    curve = np.empty(8)
    none = np.empty(0)
    least = np.empty(n_issues)
    most = np.empty(n_issues)
    shares = np.empty(n_issues)
    weight = np.empty(2)
    need = np.empty(2)
    n_most = 4 + 2 * n_issues + 2 * n_consents
    rows = np.empty((n_most, size_all))
    bounds = np.empty(n_most)
    point = np.empty(size_all)
    matrix = np.empty((size_all, size_all))
    step = np.empty(size_all)
    free = np.empty(n_issues, dtype=np.int64)
    used = np.empty(n_consents, dtype=np.int64)
    for w in range(low.shape[0]):
        agreed[w] = False
        if not valid[w]:
            continue
        weight[0] = power[w]
        weight[1] = 1.0 - power[w]
        if once:
            weight[first], weight[1 - first] = 1.0, 0.0
        # what every package must give, for consent to be possible at all
        n_used = 0
        for i in range(2):
            need[i] = max(zero[w, i], floor[w, i])
        for j in range(n_issues):
            least[j], most[j] = low[w, j], high[w, j]
        for r in range(n_consents):
            if not active[w, r]:
                continue
            used[n_used] = r
            n_used += 1
            bottom = bottom_of(kind[r], parameters[w, r])
            if bottom == -np.inf:
                continue
            if issue[r] < 0:
                need[player[r]] = max(need[player[r]], bottom)
                continue
            j = issue[r]
            rise = line[w, r, 1]
            if rise > 0.0:
                least[j] = max(least[j], (bottom - line[w, r, 0]) / rise)
            elif rise < 0.0:
                most[j] = min(most[j], (bottom - line[w, r, 0]) / rise)
            elif line[w, r, 0] <= bottom:
                least[j], most[j] = 2.0, -1.0
        n = build_frontier(base[w], slope[w], least, most, none, zero[w], gains, segment, start,
                           curve)  # fmt: skip
        if n == EMPTY:
            continue
        size = size_of(n, gains)
        begin = first_place(need[0] - zero[w, 0], n, gains, curve, False, size)
        end = last_place(need[1] - zero[w, 1], n, gains, curve, False, size)
        if begin == EMPTY or end == EMPTY or begin > end:
            continue
        middle = 0.5 * (begin + end)
        set_shares(middle, n, segment, start, slope[w], least, most, offer[w])
        tie[w] = False
        # inwards from the middle of the frontier, until every need is strictly met
        inwards, inside = 0.5, False
        while inwards > 1e-9 and not inside:
            for j in range(n_issues):
                centre = 0.5 * (least[j] + most[j])
                shares[j] = offer[w, j] + inwards * (centre - offer[w, j])
            inside = True
            for i in range(2):
                worth = base[w, i]
                for j in range(n_issues):
                    worth += slope[w, i, j] * shares[j]
                inside = inside and worth > need[i]
            inwards *= 0.5
        n_free = 0
        for j in range(n_issues):
            if most[j] > least[j]:
                free[n_free] = j
                n_free += 1
        if inside and n_free > 0:
            count = n_free + n_used
            rows[:, :] = 0.0
            for i in range(2):
                bounds[i] = base[w, i] - zero[w, i]
                for j in range(n_issues):
                    bounds[i] += slope[w, i, j] * (shares[j] if most[j] <= least[j] else 0.0)
                for v in range(n_free):
                    rows[i, v] = slope[w, i, free[v]]
            n_rows = 2
            for i in range(2):
                if need[i] > zero[w, i]:
                    rows[n_rows] = rows[i]
                    bounds[n_rows] = bounds[i] + zero[w, i] - need[i]
                    n_rows += 1
            for v in range(n_free):
                j = free[v]
                point[v] = shares[j]
                rows[n_rows, v], bounds[n_rows] = 1.0, -least[j]
                rows[n_rows + 1, v], bounds[n_rows + 1] = -1.0, most[j]
                n_rows += 2
            for k in range(n_used):
                r, v = used[k], n_free + k
                top = top_of(kind[r], parameters[w, r])
                bottom = bottom_of(kind[r], parameters[w, r])
                if issue[r] < 0:
                    i = player[r]
                    bounds[n_rows] = bounds[i] + zero[w, i]
                    rows[n_rows, :n_free] = rows[i, :n_free]
                else:
                    bounds[n_rows] = line[w, r, 0]
                    for u in range(n_free):
                        if free[u] == issue[r]:
                            rows[n_rows, u] = line[w, r, 1]
                    if most[issue[r]] <= least[issue[r]]:
                        bounds[n_rows] += line[w, r, 1] * shares[issue[r]]
                z = bounds[n_rows]
                for u in range(n_free):
                    z += rows[n_rows, u] * point[u]
                rows[n_rows, v] = -1.0
                n_rows += 1
                if top < np.inf:
                    rows[n_rows, v], bounds[n_rows] = -1.0, top
                    n_rows += 1
                ceiling = min(z, top)
                if bottom > -np.inf:
                    point[v] = bottom + 0.9 * (ceiling - bottom)
                else:
                    point[v] = ceiling - 0.1 * parameters[w, r, 1]
            barrier = 1.0
            while barrier > LAST_BARRIER:
                barrier *= FALL
                _climb(point, rows, bounds, n_rows, count, barrier, weight, n_free, kind,
                       parameters[w], used, matrix[:count, :count], step[:count])  # fmt: skip
            for v in range(n_free):
                j = free[v]
                share = point[v]
                width = most[j] - least[j]
                if share - least[j] < SNAP * width:
                    share = least[j]
                elif most[j] - share < SNAP * width:
                    share = most[j]
                offer[w, j] = share
        chance = 1.0
        for k in range(n_used):
            r = used[k]
            if issue[r] < 0:
                z = base[w, player[r]]
                for j in range(n_issues):
                    z += slope[w, player[r], j] * offer[w, j]
            else:
                z = line[w, r, 0] + line[w, r, 1] * offer[w, issue[r]]
            chance *= consent(kind[r], parameters[w, r], z)
        agreed[w] = chance > 0.0
        tie[w] = not inside
