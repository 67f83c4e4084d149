"""The best place on a frontier where consent is uncertain.

What is largest is the product of weighted gains and of the probabilities of consent; its logarithm
is concave along the frontier, so the sign of its slope is enough.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.consent_kernel import bottom_of, consent, log_rise
from tenbin.forms.bargaining.solvers.frontier_kernel import (
    EMPTY,
    build_frontier,
    first_place,
    gain_at,
    last_place,
    rise_at,
    set_shares,
    size_of,
)
from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["risky_worlds"]

HALVINGS = 200


@kernel
def _slope(place, weight, n, gains, segment, start, curve, curved, slope, low, high, zero, kind,
           player, issue, line, parameters, active, shares):  # fmt: skip
    """Of the sign of how the logarithm of the product rises with the place."""
    total = 0.0
    for i in range(2):
        if weight[i] > 0.0:
            gain = gain_at(i, place, n, gains, curve, curved)
            total += weight[i] * rise_at(i, place, n, gains, curve, curved) / gain
    set_shares(place, n, segment, start, slope, low, high, shares)
    moved = segment[min(int(place), n - 1)]
    ahead = high[moved] - low[moved]
    if slope[0, moved] < 0.0:
        ahead = -ahead
    for r in range(kind.shape[0]):
        if not active[r]:
            continue
        i = player[r]
        if issue[r] < 0:
            z = gain_at(i, place, n, gains, curve, curved) + zero[i]
            rise = rise_at(i, place, n, gains, curve, curved)
        elif issue[r] == moved:
            z = line[r, 0] + line[r, 1] * shares[moved]
            rise = line[r, 1] * ahead
        else:
            continue
        if rise != 0.0:
            total += log_rise(kind[r], parameters[r], z)[0] * rise
    return total


@kernel
def _narrowed(begin, end, n, gains, segment, start, curve, curved, slope, low, high, zero, size,
              kind, player, issue, line, parameters, active):  # fmt: skip
    """The places in [begin, end] where no probability of consent is zero; begin > end if none."""
    for r in range(kind.shape[0]):
        bottom = bottom_of(kind[r], parameters[r])
        if not active[r] or bottom == -np.inf:
            continue
        if issue[r] < 0:
            i = player[r]
            if i == 0:
                place = first_place(bottom - zero[0], n, gains, curve, curved, size)
            else:
                place = last_place(bottom - zero[1], n, gains, curve, curved, size)
            if place == EMPTY:
                return 1.0, 0.0
            if i == 0:
                begin = max(begin, place)
            else:
                end = min(end, place)
        elif n == 0:
            if line[r, 0] + line[r, 1] * start[issue[r]] <= bottom:
                return 1.0, 0.0
        else:
            # one issue and one segment: where its line reaches the bottom
            j = issue[r]
            there = high[j] if slope[0, j] > 0.0 else low[j]
            at_begin = line[r, 0] + line[r, 1] * start[j]
            rise = line[r, 1] * (there - start[j])
            if rise == 0.0:
                if at_begin <= bottom:
                    return 1.0, 0.0
                continue
            place = (bottom - at_begin) / rise
            if rise > 0.0:
                begin = max(begin, place)
            else:
                end = min(end, place)
    return begin, end


@entry_kernel
def risky_worlds(first, once, answers, base, slope, low, high, curvature, power, refused, floor,
                 kind, player, issue, line, parameters, active, valid, offer, agreed,
                 tie):  # fmt: skip
    """The best agreement or offer of problems N whose consents lie along the frontier.

    Parameters
    ----------
    first, once
        Who makes the offer, if one is made (`once`), else the product of both gains counts.
    answers
        Whether the consent is the responder's own, who then needs nothing else.
    refused
        Payoffs [N, 2] from which gains are counted: those if there is no consent.
    kind, player, issue, line, parameters, active
        As in `Consents`.
    offer, agreed, tie
        Written: shares [N, J], whether there is one, whether nobody gains by it.
    """
    n_issues = low.shape[1]
    gains = np.empty((2, n_issues + 1))
    segment = np.empty(n_issues, dtype=np.int64)
    start = np.empty(n_issues)
    shares = np.empty(n_issues)
    curve = np.empty(8)
    weight = np.empty(2)
    curved = curvature.shape[0] > 0
    none = np.empty(0)
    for w in range(low.shape[0]):
        agreed[w] = False
        if not valid[w]:
            continue
        bend = curvature[w] if curved else none
        n = build_frontier(base[w], slope[w], low[w], high[w], bend, refused[w], gains, segment,
                           start, curve)  # fmt: skip
        if n == EMPTY:
            continue
        size = size_of(n, gains)
        weight[0] = power[w]
        weight[1] = 1.0 - power[w]
        if once:
            weight[first], weight[1 - first] = 1.0, 0.0
        need_first = max(0.0, floor[w, 0] - refused[w, 0])
        need_second = max(0.0, floor[w, 1] - refused[w, 1])
        if answers and first == 1:
            need_first = floor[w, 0] - refused[w, 0]
        if answers and first == 0:
            need_second = floor[w, 1] - refused[w, 1]
        begin = first_place(need_first, n, gains, curve, curved, size)
        end = last_place(need_second, n, gains, curve, curved, size)
        if begin == EMPTY or end == EMPTY:
            continue
        begin, end = _narrowed(
            begin, end, n, gains, segment, start, curve, curved, slope[w], low[w], high[w],
            refused[w], size, kind, player, issue, line[w], parameters[w], active[w],
        )  # fmt: skip
        if begin > end:
            continue
        place = begin
        if n > 0 and begin < end:
            here, there = begin, end
            for _ in range(HALVINGS):
                middle = 0.5 * (here + there)
                if not here < middle < there:
                    break
                if _slope(
                    middle, weight, n, gains, segment, start, curve, curved, slope[w], low[w],
                    high[w], refused[w], kind, player, issue, line[w], parameters[w], active[w],
                    shares,
                ) > 0.0:  # fmt: skip
                    here = middle
                else:
                    there = middle
            place = end if there == end else begin if here == begin else 0.5 * (here + there)
        chance = 1.0
        set_shares(place, n, segment, start, slope[w], low[w], high[w], offer[w])
        for r in range(kind.shape[0]):
            if active[w, r]:
                i = player[r]
                z = gain_at(i, place, n, gains, curve, curved) + refused[w, i]
                if issue[r] >= 0:
                    z = line[w, r, 0] + line[w, r, 1] * offer[w, issue[r]]
                chance *= consent(kind[r], parameters[w, r], z)
        gain = gain_at(first, place, n, gains, curve, curved)
        if not once:
            gain = min(gain, gain_at(1 - first, place, n, gains, curve, curved))
        agreed[w] = chance > 0.0
        tie[w] = gain <= 1e-12 * size
