"""The efficient agreements of one problem, from the best for the second player to the best for
the first.

A place on the frontier is a number t in [0, n]: segment k is passed from t = k to k + 1. Along
linear payoffs a segment moves one issue from one end to the other; issues that cost the second
player least per unit that they give the first come first, so the frontier is concave. With curved
payoffs (one issue) there is one segment. Gains are payoffs above disagreement.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from tenbin.numerics.compiling import kernel

__all__ = [
    "EMPTY",
    "build_frontier",
    "first_place",
    "gain_at",
    "last_place",
    "rise_at",
    "set_shares",
    "size_of",
]

EMPTY = -1
"""No segment and no point: the bounds of a share cross; or no place answers."""

NEAR = 1e-12
"""Gains closer than this share of the payoffs' size are the same."""


@kernel
def build_frontier(base, slope, low, high, curvature, zero, gains, segment, start, curve):
    """Lay out the frontier of one problem.

    Parameters
    ----------
    base, slope
        Payoffs [2] at shares 0 and their slopes [2, J].
    low, high
        Bounds of the shares [J].
    curvature
        Powers [2], or an empty array where payoffs are linear.
    zero
        Payoffs [2] of disagreement.
    gains, segment, start, curve
        Written: gains [2, J + 1] at the ends of the segments, the issue of each segment [J], the
        shares [J] at the first place, the curve [8].

    Returns
    -------
    The number of segments, `EMPTY` where a bound excludes every share.
    """
    n_issues = low.shape[0]
    for j in range(n_issues):
        if not low[j] <= high[j]:
            return EMPTY
    if curvature.shape[0] > 0:
        return _build_curve(base, slope, low, high, curvature, zero, gains, segment, start, curve)
    count = 0
    gains[0, 0] = base[0] - zero[0]
    gains[1, 0] = base[1] - zero[1]
    for j in range(n_issues):
        first, second = slope[0, j], slope[1, j]
        if first > 0.0 > second or first < 0.0 < second:
            start[j] = low[j] if first > 0.0 else high[j]
            if high[j] > low[j]:
                place = count
                cost = abs(second) / abs(first)
                while place > 0:
                    before = segment[place - 1]
                    if abs(slope[1, before]) / abs(slope[0, before]) <= cost:
                        break
                    segment[place] = before
                    place -= 1
                segment[place] = j
                count += 1
        elif first > 0.0 or second > 0.0:
            start[j] = high[j]
        else:
            start[j] = low[j]
        gains[0, 0] += first * start[j]
        gains[1, 0] += second * start[j]
    for k in range(count):
        j = segment[k]
        width = high[j] - low[j]
        gains[0, k + 1] = gains[0, k] + abs(slope[0, j]) * width
        gains[1, k + 1] = gains[1, k] - abs(slope[1, j]) * width
    return count


@kernel
def _build_curve(base, slope, low, high, curvature, zero, gains, segment, start, curve):
    """One issue; a payoff is its worse end plus the difference times own share to a power."""
    for i in range(2):
        curve[3 * i] = min(base[i], base[i] + slope[i, 0]) - zero[i]
        curve[3 * i + 1] = abs(slope[i, 0])
        curve[3 * i + 2] = curvature[i]
    first, second = slope[0, 0], slope[1, 0]
    if first > 0.0 > second or first < 0.0 < second:
        curve[6] = low[0] if first > 0.0 else 1.0 - high[0]
        curve[7] = high[0] if first > 0.0 else 1.0 - low[0]
        start[0] = low[0] if first > 0.0 else high[0]
        segment[0] = 0
        for place in range(2):
            share = curve[6 + place]
            gains[0, place] = curve[0] + curve[1] * share ** curve[2]
            gains[1, place] = curve[3] + curve[4] * (1.0 - share) ** curve[5]
        return 1 if high[0] > low[0] else 0
    start[0] = high[0] if first > 0.0 or second > 0.0 else low[0]
    for i in range(2):
        share = start[0] if slope[i, 0] > 0.0 else 1.0 - start[0]
        gains[i, 0] = curve[3 * i] + curve[3 * i + 1] * share ** curve[3 * i + 2]
    return 0


@kernel
def size_of(n, gains):
    """The size of the gains: what is near is measured by it."""
    size = 0.0
    for k in range(n + 1):
        size = max(size, abs(gains[0, k]), abs(gains[1, k]))
    return size if size > 0.0 else 1.0


@kernel
def gain_at(player, place, n, gains, curve, curved):
    """The gain of a player at a place."""
    if n == 0:
        return gains[player, 0]
    k = min(int(place), n - 1)
    inside = place - k
    if curved:
        share = curve[6] + inside * (curve[7] - curve[6])
        own = share if player == 0 else 1.0 - share
        return curve[3 * player] + curve[3 * player + 1] * own ** curve[3 * player + 2]
    if inside >= 1.0:
        return gains[player, k + 1]
    return gains[player, k] + inside * (gains[player, k + 1] - gains[player, k])


@kernel
def rise_at(player, place, n, gains, curve, curved):
    """How fast a player's gain rises at a place (infinite at the end of a curve)."""
    if n == 0:
        return 0.0
    k = min(int(place), n - 1)
    if not curved:
        return gains[player, k + 1] - gains[player, k]
    width = curve[7] - curve[6]
    share = curve[6] + (place - k) * width
    own = share if player == 0 else 1.0 - share
    power = curve[3 * player + 2]
    sign = 1.0 if player == 0 else -1.0
    return sign * width * curve[3 * player + 1] * power * own ** (power - 1.0)


@kernel
def _curve_share(player, wanted, curve):
    """The own share at which a player's gain is what is wanted."""
    part = (wanted - curve[3 * player]) / curve[3 * player + 1]
    return max(part, 0.0) ** (1.0 / curve[3 * player + 2])


@kernel
def last_place(wanted, n, gains, curve, curved, size):
    """The place best for the first player at which the second gains what is wanted."""
    if wanted > gains[1, 0]:
        return 0.0 if wanted <= gains[1, 0] + NEAR * size else float(EMPTY)
    if n == 0 or wanted <= gains[1, n]:
        return float(n)
    if curved:
        share = 1.0 - _curve_share(1, wanted, curve)
        return min(max((share - curve[6]) / (curve[7] - curve[6]), 0.0), 1.0)
    k = 0
    while gains[1, k + 1] >= wanted:
        k += 1
    return k + (gains[1, k] - wanted) / (gains[1, k] - gains[1, k + 1])


@kernel
def first_place(wanted, n, gains, curve, curved, size):
    """The place best for the second player at which the first gains what is wanted."""
    if wanted > gains[0, n]:
        return float(n) if wanted <= gains[0, n] + NEAR * size else float(EMPTY)
    if n == 0 or wanted <= gains[0, 0]:
        return 0.0
    if curved:
        share = _curve_share(0, wanted, curve)
        return min(max((share - curve[6]) / (curve[7] - curve[6]), 0.0), 1.0)
    k = n - 1
    while gains[0, k] >= wanted:
        k -= 1
    return k + (wanted - gains[0, k]) / (gains[0, k + 1] - gains[0, k])


@kernel
def set_shares(place, n, segment, start, slope, low, high, out):
    """Write the shares [J] at a place."""
    for j in range(low.shape[0]):
        out[j] = start[j]
    for k in range(n):
        j = segment[k]
        part = min(max(place - k, 0.0), 1.0)
        stop = high[j] if slope[0, j] > 0.0 else low[j]
        out[j] = stop if part == 1.0 else start[j] + part * (stop - start[j])
