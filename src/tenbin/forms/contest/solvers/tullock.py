"""Tullock contests: two players in closed form, more by one robust root (Cornes and Hartley 2005).

With v = value / cost, two players win in proportion to v**r and spend r p (1 - p) v. Of more
players with r = 1 only those are active whose v exceeds the total effort. With r < 1 all are: given
the total, each player's share solves one increasing equation, and the shares fall in the total.
Whoever is active spends r p (1 - p) v, the first-order condition.
"""

from __future__ import annotations

import numpy as np

from tenbin.forms.contest.tables import Bools, ContestSolution, TullockGame
from tenbin.forms.contract import Status
from tenbin.scenario.language import Array

__all__ = ["solve_tullock"]

ROUNDS = 200
PRECISION = 1e-15


def solve_tullock(game: TullockGame) -> ContestSolution:
    """The equilibrium in pure efforts of every world [W, K = 1, P].

    With two players there is none where the contest is so decisive that the weaker one would
    rather spend nothing (r > 1 + (v_weak / v_strong)**r); with more, r is at most one here.
    """
    v = np.where(game.valid[:, None], game.value / game.cost, 1.0)
    r = np.where(game.valid, game.decisiveness, 1.0)
    with np.errstate(all="ignore"):
        if len(game.players) == 2:
            win, effort, exists = _two(v, r)
        else:
            exists = r <= 1.0
            win, effort = _many(v, np.minimum(r, 1.0))
        payoff = game.value * win - game.cost * effort
    found = game.valid & exists & np.isfinite(effort).all(axis=1)
    status = np.where(found, Status.SOLVED, Status.NO_EQUILIBRIUM_FOUND)
    shown = found[:, None]
    return ContestSolution(
        effort=np.where(shown, effort, np.nan)[:, None],
        win=np.where(shown, win, np.nan)[:, None],
        payoff=np.where(shown, payoff, np.nan)[:, None],
        found=found[:, None],
        status=np.where(game.valid, status, Status.NOT_FINITE).astype(np.int8),
        complete=found & (r <= 1.0),
        method="closed form" if len(game.players) == 2 else "shares of the total effort",
        flags={"inactive": found & (effort == 0.0).any(axis=1)},
    )


def _two(v: Array, r: Array) -> tuple[Array, Array, Bools]:
    """Win probabilities, efforts [W, 2], and where both are worth it [W]."""
    log = r[:, None] * np.log(v)
    odds = log[:, ::-1] - log
    win = 1.0 / (1.0 + np.exp(odds))
    other = 1.0 / (1.0 + np.exp(-odds))
    effort = r[:, None] * win * other * v
    return win, effort, r * win.max(axis=1) <= 1.0 + 1e-12


def _many(v: Array, r: Array) -> tuple[Array, Array]:
    """Win probabilities and efforts [W, P] with r at most one."""
    linear_win, linear_effort = _linear(v)
    lottery = (r == 1.0)[:, None]
    win = _concave(v, np.where(r == 1.0, 0.5, r))
    effort = r[:, None] * v * win * (1.0 - win)
    return np.where(lottery, linear_win, win), np.where(lottery, linear_effort, effort)


def _linear(v: Array) -> tuple[Array, Array]:
    """The lottery contest (r = 1): the m players of highest v share, m as large as it can be."""
    down = -np.sort(-v, axis=1)
    counts = np.arange(1, v.shape[1] + 1)
    totals = (counts - 1) / np.cumsum(1.0 / down, axis=1)
    active = (down > totals).sum(axis=1)
    total = np.take_along_axis(totals, active[:, None] - 1, axis=1)
    win = np.maximum(1.0 - total / v, 0.0)
    return win, win * total


def _concave(v: Array, r: Array) -> Array:
    """Shares [W, P] with share**(1/r - 1) T = r v (1 - share), T such that they sum to one; r < 1.

    In u = log(share / (1 - share)) the left over the right side, in logarithms, has a slope
    between 1/r - 1 and 1.
    """
    bend = (1.0 / r - 1.0)[:, None]
    level = np.log(r[:, None] * v)
    count = v.shape[1]
    even = np.full(v.shape, -np.log(count - 1.0)) if count > 1 else np.zeros(v.shape)
    offsets = level - _curve(even, bend)
    low, high = offsets.min(axis=1), offsets.max(axis=1)
    scale, settled = 0.5 * (low + high), np.zeros(len(v), dtype=np.bool_)
    u = even
    for _ in range(ROUNDS):
        u = np.where(settled[:, None], u, _inverse(level - scale[:, None], bend, u))
        share = 1.0 / (1.0 + np.exp(-u))
        slope = share * (1.0 - share) / (bend * (1.0 - share) + share)
        excess = share.sum(axis=1) - 1.0
        low, high = np.where(excess >= 0, scale, low), np.where(excess <= 0, scale, high)
        step = scale + excess / slope.sum(axis=1)
        new = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        near = np.abs(new - scale) <= PRECISION * (1.0 + np.abs(scale))
        scale = np.where(settled, scale, new)
        settled |= near
        if settled.all():
            break
    return 1.0 / (1.0 + np.exp(-_inverse(level - scale[:, None], bend, u)))


def _curve(u: Array, bend: Array) -> Array:
    return np.logaddexp(0.0, u) - bend * np.logaddexp(0.0, -u)


def _inverse(target: Array, bend: Array, start: Array) -> Array:
    """u [W, P] with curve(u) = target: Newton steps, the curve's slope lying between two bounds."""
    lowest, highest = np.minimum(bend, 1.0), np.maximum(bend, 1.0)
    at_zero = _curve(np.zeros(target.shape), bend)
    rise = target - at_zero
    low = np.where(rise > 0, rise / highest, rise / lowest) - 1e-9
    high = np.where(rise > 0, rise / lowest, rise / highest) + 1e-9
    u = np.clip(start, low, high)
    settled = np.zeros(u.shape, dtype=np.bool_)
    for _ in range(ROUNDS):
        share = 1.0 / (1.0 + np.exp(-u))
        gap = target - _curve(u, bend)
        low, high = np.where(gap >= 0, u, low), np.where(gap <= 0, u, high)
        step = u + gap / (bend * (1.0 - share) + share)
        new = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        near = np.abs(new - u) <= PRECISION * (1.0 + np.abs(u))
        u = np.where(settled, u, new)
        settled |= near
        if settled.all():
            break
    return u
