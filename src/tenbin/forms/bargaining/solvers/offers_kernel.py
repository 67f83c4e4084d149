"""Alternating offers over a frontier: one turn, a last period, and for ever.

At a turn one player proposes an agreement or leaves; the other accepts, refuses and waits for its
own turn, or leaves. Gains are above disagreement, which is had while nothing is agreed.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.frontier_kernel import (
    first_place,
    gain_at,
    last_place,
    rise_at,
)
from tenbin.forms.bargaining.tables import AGREE, LEAVE, REFUSE, WAIT
from tenbin.numerics.compiling import kernel

__all__ = ["NONE", "TIED", "last_periods", "stationary", "take_turn"]

NONE = -1.0
"""No place: nothing is proposed that could be agreed."""
TIED = 1e-12
"""Payoffs closer than this share of their size are a tie."""
ROUNDING = 4e-16
"""What rounding leaves of an answer that meets its question, relative to the payoffs' size."""
STEPS = 200
"""More than halving an interval down to neighbouring numbers takes."""


@kernel
def best_place(player, wanted, n, gains, curve, curved, size):
    """The place best for a player at which the other gains what is wanted."""
    if player == 0:
        return last_place(wanted, n, gains, curve, curved, size)
    return first_place(wanted, n, gains, curve, curved, size)


@kernel
def take_turn(player, wait, outside, left, floor, n, gains, curve, curved, size, value):
    """What happens when a player has the turn, given what both get if it comes to nothing.

    Parameters
    ----------
    player
        Whose turn it is.
    wait
        Gains [2] if the offer is refused and nobody leaves, seen from now.
    outside, left
        Gains [2] by leaving (minus infinity: impossible) and when the other leaves.
    floor
        The least gains [2] that an agreement must give.
    value
        Written: what both gain [2].

    Returns
    -------
    What happens (`AGREE` and so on), at which place, and by how much it beats what else the
    player could do.
    """
    other = 1 - player
    slack = TIED * size
    leaves = outside[other] > wait[other] + slack
    refused = outside[other] if leaves else wait[other]
    alone = left[player] if leaves else wait[player]
    place = best_place(player, max(refused, floor[other]), n, gains, curve, curved, size)
    instead = max(alone, outside[player])
    behind = np.inf
    if place != NONE:
        gain = gain_at(player, place, n, gains, curve, curved)
        behind = max(instead, floor[player]) - gain
        if gain >= instead - slack and gain >= floor[player] - slack:
            value[player] = gain
            value[other] = gain_at(other, place, n, gains, curve, curved)
            return AGREE, place, gain - instead
    if outside[player] > alone + slack:
        value[player] = outside[player]
        value[other] = left[other]
        return LEAVE, NONE, behind
    value[player] = alone
    value[other] = refused
    return (REFUSE if leaves else WAIT), NONE, behind


@kernel
def _answer(waits, discount, least, n, gains, curve, curved, size):
    """What the first player gains by proposing, if waiting is worth `waits`; and the slope.

    Each proposes what makes the other just as well off as waiting for its own turn, or what the
    other gets elsewhere or has to get (`least` [2]). The slope is by what the first player gains.
    """
    keeps = first_place(max(waits, least[0]), n, gains, curve, curved, size)
    second = gain_at(1, keeps, n, gains, curve, curved)
    concedes = discount[1] * second
    place = last_place(max(concedes, least[1]), n, gains, curve, curved, size)
    if place == NONE:
        return -np.inf, 0.0
    slope = 0.0
    if n > 0 and waits > least[0] and concedes > least[1]:
        there = rise_at(1, keeps, n, gains, curve, curved) / rise_at(
            0, keeps, n, gains, curve, curved
        )
        here = rise_at(0, place, n, gains, curve, curved) / rise_at(
            1, place, n, gains, curve, curved
        )
        slope = discount[0] * discount[1] * there * here
    return gain_at(0, place, n, gains, curve, curved), slope


@kernel
def _agreed_value(discount, least, n, gains, curve, curved, size):
    """What the first player gains by proposing where both always agree at once; NaN if nowhere.

    The answer rises in what the first player gains, by less than one to one; so there is one
    fixed point, between the answers to the least and to the most: Newton's steps, halvings where
    these leave the interval.
    """
    if gains[0, n] == -np.inf or first_place(least[0], n, gains, curve, curved, size) == NONE:
        return np.nan
    low, _ = _answer(-np.inf, discount, least, n, gains, curve, curved, size)
    high, _ = _answer(gains[0, n], discount, least, n, gains, curve, curved, size)
    if low == -np.inf or high == -np.inf:
        return np.nan
    value = planned = low
    for attempt in range(STEPS):
        waits = discount[0] * value
        answer, slope = _answer(waits, discount, least, n, gains, curve, curved, size)
        step = value + (answer - value) / (1.0 - slope)
        if abs(answer - value) <= ROUNDING * size:
            return step
        if answer > value:
            low = value
        else:
            high = value
        if attempt == 0:  # a limit often binds, and then the answer is the other end
            value, planned = high, step
            continue
        step = planned if attempt == 1 else step
        if not low < step < high:
            step = 0.5 * (low + high)
        if step == value or not low < step < high:
            return answer
        value = step
    return value


@kernel
def _same(first, second, slack):
    return abs(first[0] - second[0]) <= slack and abs(first[1] - second[1]) <= slack


@kernel
def stationary(
    discount, outside, left, floor, n, gains, curve, curved, size, action, place, work
):  # fmt: skip
    """The stationary subgame perfect equilibrium of one problem.

    First both agree at once at either's turn; else somebody leaves at one of the turns; else
    nothing ever happens. Each is tried, and taken if no single turn could be played better.

    Parameters
    ----------
    discount, outside, left, floor
        By player [2]; all but the discounts are gains.
    action, place
        Written: what happens at each player's turn [2], and the place proposed.
    work
        Space [5, 2]; rows 0 and 1 take the gains of both, by whose turn it is.

    Returns
    -------
    Whether one was found, and the least by which an act beats what else its player could do.
    """
    at, again, wait, least = work[:2], work[2], work[3], work[4]
    slack = 1e-9 * size
    for i in range(2):
        least[i] = max(outside[i], floor[i])
    first = _agreed_value(discount, least, n, gains, curve, curved, size)
    for trial in range(6):
        if trial == 0:
            if np.isnan(first):
                continue
            keeps = first_place(max(discount[0] * first, least[0]), n, gains, curve, curved, size)
            at[1, 0] = gain_at(0, keeps, n, gains, curve, curved)
            at[1, 1] = gain_at(1, keeps, n, gains, curve, curved)
            start = 0
        elif trial == 5:
            at[1, 0] = at[1, 1] = 0.0
            start = 0
        else:
            # someone leaves at the turn of `turn`: that player, or the other
            turn = (trial - 1) // 2
            leaver = turn if trial % 2 == 1 else 1 - turn
            if outside[leaver] == -np.inf:
                continue
            at[turn, leaver] = outside[leaver]
            at[turn, 1 - leaver] = left[1 - leaver]
            start = 1 - turn
        margin = np.inf
        for i in range(2):
            wait[i] = discount[i] * at[1 - start, i]
        action[start], place[start], gap = take_turn(
            start, wait, outside, left, floor, n, gains, curve, curved, size, at[start]
        )
        margin = min(margin, gap)
        for i in range(2):
            wait[i] = discount[i] * at[start, i]
        action[1 - start], place[1 - start], gap = take_turn(
            1 - start, wait, outside, left, floor, n, gains, curve, curved, size, again
        )
        margin = min(margin, gap)
        if not _same(again, at[1 - start], slack):
            continue
        if trial == 0 and (action[0] != AGREE or action[1] != AGREE):
            continue
        if trial == 5 and (action[0] != WAIT or action[1] != WAIT):
            continue
        return True, margin
    return False, 0.0


@kernel
def last_periods(
    periods, first, discount, outside, left, floor, n, gains, curve, curved, size, action, place,
    value, wait,
):  # fmt: skip
    """Backward induction over a number of periods, after which there is disagreement.

    Parameters
    ----------
    action, place
        Written: what happens at the first turn of each player [2], and the place proposed.
    value
        Written: what both gain [2].
    wait
        Space [2].

    Returns
    -------
    What it all comes to: the last action, the place agreed, and the least margin on the way.
    """
    value[0] = value[1] = 0.0
    comes, agreed, margin = WAIT, NONE, np.inf
    for period in range(periods - 1, -1, -1):
        player = first if period % 2 == 0 else 1 - first
        for i in range(2):
            wait[i] = discount[i] * value[i]
        action[player], place[player], gap = take_turn(
            player, wait, outside, left, floor, n, gains, curve, curved, size, value
        )
        margin = min(margin, gap)
        if action[player] != WAIT:
            comes, agreed = action[player], place[player]
    if periods == 1:
        action[1 - first], place[1 - first] = WAIT, NONE
    return comes, agreed, margin
