"""Problem after problem: the frontier, then the place on it that a concept chooses.

What comes out is by problem: what happens at each turn, the shares proposed there, how talks end,
what both gain then and on which shares, whether it is a tie.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.frontier_kernel import (
    EMPTY,
    build_frontier,
    first_place,
    gain_at,
    last_place,
    set_shares,
    size_of,
)
from tenbin.forms.bargaining.solvers.kalai_kernel import kalai_place
from tenbin.forms.bargaining.solvers.nash_kernel import nash_place
from tenbin.forms.bargaining.solvers.offers_kernel import NONE, TIED, last_periods, stationary
from tenbin.forms.bargaining.tables import AGREE, IMPASSE, LEAVE, LEFT, REFUSE, SETTLED, WAIT
from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["KALAI", "NASH", "OFFERS", "TAKE_IT_OR_LEAVE_IT", "solve_worlds"]

NASH, KALAI, OFFERS, TAKE_IT_OR_LEAVE_IT = range(4)


@kernel
def _alone(outside, left, gain):
    """Without an agreement: whoever gains by leaving leaves; writes what both gain [2]."""
    gone = outside[0] > 0.0 or outside[1] > 0.0
    for i in range(2):
        gain[i] = 0.0
        if gone:
            gain[i] = outside[i] if outside[i] > 0.0 else left[i]
    return LEFT if gone else IMPASSE


@kernel
def _axiomatic(method, power, outside, left, floor, n, gains, curve, curved, size, place, gain):
    """Nash or Kalai-Smorodinsky, among agreements as good as all that each could have alone."""
    begin = first_place(max(0.0, outside[0], floor[0]), n, gains, curve, curved, size)
    end = last_place(max(0.0, outside[1], floor[1]), n, gains, curve, curved, size)
    place[0] = place[1] = NONE
    if begin == EMPTY or end == EMPTY or begin > end + TIED * max(1.0, n):
        result = _alone(outside, left, gain)
        return result, WAIT if result == IMPASSE else LEAVE, False
    end = max(begin, end)
    if method == NASH:
        chosen = nash_place(begin, end, power, n, gains, curve, curved)
    else:
        chosen = kalai_place(begin, end, n, gains, curve, curved)
    for i in range(2):
        place[i] = chosen
        gain[i] = gain_at(i, chosen, n, gains, curve, curved)
    spare = min(gain[0] - max(0.0, outside[0], floor[0]), gain[1] - max(0.0, outside[1], floor[1]))
    tie = spare <= TIED * size and (n == 0 or end - begin <= TIED * n)
    return SETTLED, AGREE, tie


@kernel
def _offers(periods, first, discount, outside, left, floor, n, gains, curve, curved, size, action,
            place, gain, work):  # fmt: skip
    """Alternating offers, for ever or over some periods; result, tie, whether one was found."""
    found = True
    if periods > 0:
        comes, agreed, margin = last_periods(
            periods, first, discount, outside, left, floor, n, gains, curve, curved, size, action,
            place, gain, work[0],
        )  # fmt: skip
    else:
        found, margin = stationary(
            discount, outside, left, floor, n, gains, curve, curved, size, action, place, work
        )
        turn, later = first, False
        if action[first] == WAIT:
            turn, later = 1 - first, True
        comes, agreed = action[turn], place[turn]
        for i in range(2):
            share = discount[i] if later else 1.0
            if comes == AGREE:
                gain[i] = share * gain_at(i, agreed, n, gains, curve, curved)
            elif comes == WAIT:
                gain[i] = 0.0
            else:
                leaves = i == (turn if comes == LEAVE else 1 - turn)
                gain[i] = share * (outside[i] if leaves else left[i])
    result = SETTLED if comes == AGREE else IMPASSE if comes == WAIT else LEFT
    return result, agreed, margin <= TIED * size, found


@kernel
def _offer_once(first, outside, left, floor, n, gains, curve, curved, size, action, place, gain,
                alone):  # fmt: skip
    """One offer, taken or left: the other gets no more than it would get by refusing."""
    other = 1 - first
    result = _alone(outside, left, alone)
    if other == 1:
        offered = last_place(max(alone[1], floor[1]), n, gains, curve, curved, size)
    else:
        offered = first_place(max(alone[0], floor[0]), n, gains, curve, curved, size)
    place[0] = place[1] = NONE
    action[other] = WAIT
    if offered != NONE:
        for i in range(2):
            gain[i] = gain_at(i, offered, n, gains, curve, curved)
        slack = TIED * size
        if gain[first] >= max(alone[first], floor[first]) - slack:
            place[first] = offered
            action[first] = AGREE
            return SETTLED, abs(gain[first] - alone[first]) <= slack
    gain[:] = alone
    if result == IMPASSE:
        action[first] = WAIT
    else:
        action[first] = REFUSE if outside[other] > 0.0 else LEAVE
    return result, False


@entry_kernel
def solve_worlds(method, first, periods, base, slope, low, high, curvature, power, disagreement,
                 outside, left, discount, floor, valid, offer, action, share, result, gain, tie,
                 found):  # fmt: skip
    """Solve problems N one by one.

    Parameters
    ----------
    method
        `NASH`, `KALAI`, `OFFERS` (for ever where `periods` is zero) or `TAKE_IT_OR_LEAVE_IT`.
    first
        Who proposes first.
    base, slope, low, high, curvature, power, disagreement, outside, left, discount, floor, valid
        As in `Problems`, without types; curvature [N, 2] or [0, 2].
    offer, action, share, result, gain, tie, found
        Written: [N, 2, J], [N, 2], [N, J], [N], [N, 2], [N], [N].
    """
    n_issues = low.shape[1]
    gains = np.empty((2, n_issues + 1))
    segment = np.empty(n_issues, dtype=np.int64)
    start = np.empty(n_issues)
    curve = np.empty(8)
    place = np.empty(2)
    away = np.empty(2)
    stays = np.empty(2)
    least = np.empty(2)
    work = np.empty((5, 2))
    curved = curvature.shape[0] > 0
    none = np.empty(0)
    for w in range(low.shape[0]):
        if not valid[w]:
            result[w] = IMPASSE
            action[w, 0] = action[w, 1] = WAIT
            continue
        bend = curvature[w] if curved else none
        n = build_frontier(base[w], slope[w], low[w], high[w], bend, disagreement[w], gains,
                           segment, start, curve)  # fmt: skip
        for i in range(2):
            away[i] = outside[w, i] - disagreement[w, i]
            stays[i] = left[w, i] - disagreement[w, i]
            least[i] = floor[w, i] - disagreement[w, i]
        if n == EMPTY:  # no share is allowed: a point that nobody would agree to
            n = 0
            gains[0, 0] = gains[1, 0] = -np.inf
            size = 1.0
        else:
            size = size_of(n, gains)
        agreed = NONE
        found[w] = True
        if method == OFFERS:
            result[w], agreed, tie[w], found[w] = _offers(
                periods, first, discount[w], away, stays, least, n, gains, curve, curved, size,
                action[w], place, gain[w], work,
            )  # fmt: skip
        elif method == TAKE_IT_OR_LEAVE_IT:
            result[w], tie[w] = _offer_once(
                first, away, stays, least, n, gains, curve, curved, size, action[w], place,
                gain[w], work[0],
            )  # fmt: skip
            agreed = place[first]
        else:
            result[w], action[w, 0], tie[w] = _axiomatic(
                method, power[w], away, stays, least, n, gains, curve, curved, size, place, gain[w]
            )
            action[w, 1] = action[w, 0]
            agreed = place[0]
        for i in range(2):
            if place[i] == NONE or action[w, i] != AGREE:
                offer[w, i, :] = np.nan
            else:
                set_shares(place[i], n, segment, start, slope[w], low[w], high[w], offer[w, i])
        if agreed == NONE:
            share[w, :] = np.nan
        else:
            set_shares(agreed, n, segment, start, slope[w], low[w], high[w], share[w])
