"""A shift of power: whether either would gain by war, or by another share in any period."""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.tables import SETTLED, BargainingSolution, Problems
from tenbin.scenario.language import Array

__all__ = ["shift_residual"]

GRID = 101
"""Shares tried in each of the two periods, beside the one that just keeps the peace."""


def shift_residual(
    problems: Problems, solution: BargainingSolution, at: slice
) -> tuple[Array, Array]:
    """What a solution misses of subgame perfection [n], in units of the discounted payoff range.

    The later share must leave the other at least what war gives it then, and be the best such
    share; the first share the same with that future; and there is war only where no first share,
    with the future that the best later share brings, is as good as war for both.
    """
    shift = problems.shift
    assert shift is not None
    one, two = problems.first, 1 - problems.first
    base, slope = problems.base[at, :, 0], problems.slope[at, :, 0, 0]
    low, high, discount = problems.low[at, 0], problems.high[at, 0], problems.discount[at]
    rises = slope[:, shift.winner, None] >= 0
    whole, nothing = np.where(rises, base + slope, base), np.where(rises, base, base + slope)
    war = [
        (nothing + shift.win[at, t, None] * (whole - nothing)) / (1 - discount) - shift.cost[at]
        for t in (0, 1)
    ]
    extent = np.abs(slope / (1 - discount)).max(axis=1)
    close = 1e-9 * extent

    def best_share(times: Array, then: Array, need: Array) -> Array:
        """The share best for who demands that leaves the other its need; NaN where none does."""
        with np.errstate(divide="ignore", invalid="ignore"):
            just = (need - then[:, two] - times[:, two] * base[:, two]) / (
                times[:, two] * slope[:, two]
            )
        just = np.clip(np.nan_to_num(just), low, high)
        tried = np.concatenate(
            [low[:, None] + np.linspace(0, 1, GRID) * (high - low)[:, None], just[:, None]], axis=1
        )
        value = times[:, :, None] * (base[:, :, None] + slope[:, :, None] * tried[:, None])
        value = value + then[:, :, None]
        met = value[:, two] >= (need - close)[:, None]
        gain = np.where(met, value[:, one], -np.inf)
        chosen = np.take_along_axis(tried, gain.argmax(axis=1)[:, None], axis=1)[:, 0]
        return np.where(met.any(axis=1), chosen, np.nan)

    def worth(share: Array) -> Array:
        return base + slope * share[:, None]

    ever, nil = 1.0 / (1.0 - discount), np.zeros_like(base)
    future = ever * worth(best_share(ever, nil, war[1][:, two]))
    peace = worth(best_share(np.ones_like(base), discount * future, war[0][:, two]))
    peace = peace + discount * future
    ahead = (peace - war[0]).min(axis=1)  # NaN where nothing keeps the other from war
    offer = solution.offer[at][:, :, 0]
    then = ever * worth(offer[:, 1])
    value = worth(offer[:, 0]) + discount * then
    payoff = solution.payoff[at][:, :, 0, 0]
    missed = np.abs(then - future).max(axis=1)
    missed = np.maximum(missed, np.abs(value - peace).max(axis=1))
    missed = np.maximum(missed, np.maximum(np.abs(payoff - value).max(axis=1), -ahead))
    fought = np.maximum(np.nan_to_num(ahead), np.abs(payoff - war[0]).max(axis=1))
    settled = solution.chance[at, SETTLED, 0] == 1.0
    residual = np.where(settled, missed, fought) / extent
    return np.maximum(residual, 0.0), np.abs(np.nan_to_num(ahead, nan=0.0)) / extent
