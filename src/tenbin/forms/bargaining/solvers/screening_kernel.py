"""The best offer to somebody of one of two types, as a search through the corners of what each set
of types accepts.

An offer that one type accepts is a place on the frontier with that type. An offer that both accept
is a linear programme with two constraints: at its best corner at most two issues are divided, and
every corner is looked at.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.frontier_kernel import (
    EMPTY,
    build_frontier,
    first_place,
    last_place,
    set_shares,
    size_of,
)
from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["screen_worlds"]

SLACK = 1e-12


@kernel
def _worth(base, slope, shares):
    total = base
    for j in range(shares.shape[0]):
        total += slope[j] * shares[j]
    return total


@kernel
def _consider(shares, base, slope, theirs, rises, need, slack, best, out):
    """Keep the shares if both types accept them and they are worth more than the best so far."""
    for t in range(2):
        if _worth(theirs[t], rises[t], shares) < need[t] - slack:
            return best
    worth = _worth(base, slope, shares)
    if worth > best:
        out[:] = shares
        return worth
    return best


@kernel
def _best_for_both(base, slope, theirs, rises, need, low, high, slack, shares, out):
    """The best corner that both types accept; minus infinity where there is none."""
    n_issues = low.shape[0]
    best = -np.inf
    for mask in range(1 << n_issues):
        for j in range(n_issues):
            shares[j] = high[j] if mask >> j & 1 else low[j]
        best = _consider(shares, base, slope, theirs, rises, need, slack, best, out)
        for j in range(n_issues):
            if mask >> j & 1 or not high[j] > low[j]:
                continue
            for t in range(2):
                if rises[t, j] == 0.0:
                    continue
                shares[j] = low[j]
                rest = _worth(theirs[t], rises[t], shares)
                share = low[j] + (need[t] - rest) / rises[t, j]
                if low[j] <= share <= high[j]:
                    shares[j] = share
                    best = _consider(shares, base, slope, theirs, rises, need, slack, best, out)
            shares[j] = low[j]
            for k in range(j):
                if mask >> k & 1 or not high[k] > low[k]:
                    continue
                area = rises[0, j] * rises[1, k] - rises[0, k] * rises[1, j]
                if area == 0.0:
                    continue
                one = need[0] - _worth(theirs[0], rises[0], shares)
                two = need[1] - _worth(theirs[1], rises[1], shares)
                at_j = low[j] + (one * rises[1, k] - two * rises[0, k]) / area
                at_k = low[k] + (two * rises[0, j] - one * rises[1, j]) / area
                if low[j] <= at_j <= high[j] and low[k] <= at_k <= high[k]:
                    shares[j], shares[k] = at_j, at_k
                    best = _consider(shares, base, slope, theirs, rises, need, slack, best, out)
                    shares[j], shares[k] = low[j], low[k]
    return best


@entry_kernel
def screen_worlds(first, base, slope, low, high, refused, need, floor, prior, valid, offer, made,
                  tie):  # fmt: skip
    """The offer with the highest expected payoff, or none, in problems N.

    Parameters
    ----------
    base, slope
        Payoffs [N, 2, 2 types], slopes [N, 2, 2 types, J].
    refused, need
        Payoffs [N, 2 types] of the proposer if a type refuses, and what each type needs.
    floor
        The least payoff [N] of the proposer that is ratified.
    offer, made, tie
        Written: shares [N, J], whether an offer is made, whether another does as well.
    """
    other = 1 - first
    n_issues = low.shape[1]
    gains = np.empty((2, n_issues + 1))
    segment = np.empty(n_issues, dtype=np.int64)
    start = np.empty(n_issues)
    curve = np.empty(8)
    none = np.empty(0)
    zero = np.zeros(2)
    shares = np.empty(n_issues)
    tried = np.empty(n_issues)
    for w in range(low.shape[0]):
        made[w] = False
        if not valid[w]:
            continue
        possible = True
        for j in range(n_issues):
            possible = possible and low[w, j] <= high[w, j]
        if not possible:
            continue
        size = 1e-300
        for i in range(2):
            for t in range(2):
                size = max(size, abs(base[w, i, t]))
                for j in range(n_issues):
                    size = max(size, abs(slope[w, i, t, j]))
        slack = SLACK * size
        best = prior[w, 0] * refused[w, 0] + prior[w, 1] * refused[w, 1]
        for plan in range(3):  # accepted by both, by the first type, by the second
            if plan == 0:
                worth = _best_for_both(
                    base[w, first, 0], slope[w, first, 0], base[w, other], slope[w, other], need[w],
                    low[w], high[w], slack, shares, tried,
                )  # fmt: skip
                if worth == -np.inf:
                    continue
            else:
                n = build_frontier(
                    base[w, :, plan - 1], slope[w, :, plan - 1], low[w], high[w], none, zero, gains,
                    segment, start, curve,
                )  # fmt: skip
                wanted = need[w, plan - 1]
                scale = size_of(n, gains)
                if other == 1:
                    place = last_place(wanted, n, gains, curve, False, scale)
                else:
                    place = first_place(wanted, n, gains, curve, False, scale)
                if place == EMPTY:
                    continue
                set_shares(place, n, segment, start, slope[w, :, plan - 1], low[w], high[w], tried)
            own = _worth(base[w, first, 0], slope[w, first, 0], tried)
            if own < floor[w] - slack:
                continue
            expected = 0.0
            for t in range(2):
                theirs = _worth(base[w, other, t], slope[w, other, t], tried)
                accepts = theirs >= need[w, t] - slack or t == plan - 1
                expected += prior[w, t] * (own if accepts else refused[w, t])
            if made[w]:
                apart = 0.0
                for j in range(n_issues):
                    apart = max(apart, abs(tried[j] - offer[w, j]))
                same = apart <= SLACK
            else:
                same = False
            if not same and abs(expected - best) <= slack:
                tie[w] = True
            elif expected > best:
                tie[w] = False
            if expected > best + slack or (not made[w] and expected >= best - slack):
                best = max(best, expected)
                made[w] = True
                offer[w] = tried
