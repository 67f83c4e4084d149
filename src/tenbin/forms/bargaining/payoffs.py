"""What shares are worth to both, and the most that one can have; from the problem alone.

The certifier rests on these; solvers do not use them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenbin.forms.bargaining.tables import Bools, Problems
from tenbin.scenario.language import Array

__all__ = ["NOWHERE", "View", "view_of"]

NOWHERE = -np.inf
"""What can be had where nothing meets what is asked for."""

STEEPEST = 1e-12
"""The least own share at which the slope of a curved payoff is looked at."""


@dataclass(frozen=True)
class View:
    """The problems n of a tile, as both players see them if the informed one is of one type.

    base, disagreement, outside, left, floor, discount [n, 2]; slope [n, 2, J]; low, high [n, J];
    curvature [n, 2] or None; extent [n] measures payoffs.
    """

    base: Array
    slope: Array
    low: Array
    high: Array
    curvature: Array | None
    disagreement: Array
    outside: Array
    left: Array
    floor: Array
    discount: Array
    extent: Array

    @property
    def is_possible(self) -> Bools:
        """Where [n] some shares are allowed at all."""
        return np.asarray((self.low <= self.high).all(axis=1))

    def payoffs(self, shares: Array) -> Array:
        """What shares [n, J] are worth to both [n, 2]."""
        if self.curvature is None:
            return self.base + np.einsum("nij,nj->ni", self.slope, shares)
        rise = self.slope[:, :, 0]
        worst = self.base + np.minimum(rise, 0.0)
        own = np.where(rise >= 0, shares, 1.0 - shares)
        return worst + np.abs(rise) * np.clip(own, 0.0, 1.0) ** self.curvature

    def slopes(self, shares: Array) -> Array:
        """How payoffs rise with each share [n, 2, J] at some shares [n, J]."""
        if self.curvature is None:
            return self.slope
        rise = self.slope[:, :, 0]
        own = np.clip(np.where(rise >= 0, shares, 1.0 - shares), STEEPEST, 1.0)
        steep = self.curvature * own ** (self.curvature - 1.0)
        return (rise * steep)[:, :, None]

    def allowed(self, shares: Array) -> Array:
        """By how much [n] shares leave their bounds."""
        with np.errstate(invalid="ignore"):
            beyond = np.maximum(self.low - shares, shares - self.high).max(axis=1)
        return np.where(np.isnan(beyond), np.inf, np.maximum(beyond, 0.0))

    def most(self, player: int, need: Array) -> Array:
        """The most [n] that a player can have where the other has what it needs [n]."""
        if self.low.shape[1] == 1:
            found = self._most_of_one(player, need)
        else:
            found = self._most_of_many(player, need)
        return np.where(self.is_possible, found, NOWHERE)

    def _most_of_one(self, player: int, need: Array) -> Array:
        """One issue: the end, best for the player, of the shares that give the other its need."""
        other = 1 - player
        rise = self.slope[:, other, 0]
        worst = self.base[:, other] + np.minimum(rise, 0.0)
        power = 1.0 if self.curvature is None else self.curvature[:, other]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.maximum((need - worst) / np.abs(rise), 0.0)
            own = np.where(rise == 0, np.where(need <= worst, 0.0, np.inf), part ** (1.0 / power))
        own = np.where(np.isneginf(need), 0.0, own)
        low, high = self.low[:, 0], self.high[:, 0]
        slack = 1e-9
        met = np.where(rise >= 0, own <= high + slack, 1.0 - own >= low - slack)
        low = np.where(rise >= 0, np.clip(own, low, high), low)
        high = np.where(rise < 0, np.clip(1.0 - own, low, high), high)
        share = np.where(self.slope[:, player, 0] >= 0, high, low)
        return np.where(met, self.payoffs(share[:, None])[:, player], NOWHERE)

    def _most_of_many(self, player: int, need: Array) -> Array:
        """Linear payoffs, by duality: the least bound over prices of the other's payoff.

        At price q no shares give the player more than the largest of its payoff plus q times what
        the other has beyond its need; the least of these bounds is attained, at a price at which
        some issue is worth as much to either side.
        """
        other = 1 - player
        own, theirs = self.slope[:, player], self.slope[:, other]
        with np.errstate(divide="ignore", invalid="ignore"):
            prices = np.where(theirs != 0, np.abs(own / theirs), 0.0)
        prices = np.concatenate([np.zeros((len(need), 1)), prices], axis=1)
        best = np.full(len(need), np.inf)
        target = np.where(np.isneginf(need), 0.0, need)
        for price in prices.T:
            price = np.where(np.isneginf(need), 0.0, price)
            weight = own + price[:, None] * theirs
            ends = np.where(weight >= 0, self.high, self.low)
            bound = self.base[:, player] + price * (self.base[:, other] - target)
            best = np.minimum(best, bound + (weight * ends).sum(axis=1))
        top = np.where(theirs >= 0, self.high, self.low)
        reach = self.base[:, other] + (theirs * top).sum(axis=1)
        return np.where(need <= reach + 1e-9 * self.extent, best, NOWHERE)


def view_of(problems: Problems, at: slice, kind: int = 0) -> View:
    """The problems of a tile, with one type of the informed player."""
    base, slope = problems.base[at, :, kind], problems.slope[at, :, kind]
    outside, zero = problems.outside[at, :, kind], problems.disagreement[at, :, kind]
    most = base + np.maximum(slope, 0.0).sum(axis=2)
    least = base + np.minimum(slope, 0.0).sum(axis=2)
    ends = np.where(np.isfinite(outside), outside, zero)
    most = np.maximum(most, np.maximum(ends, zero))
    least = np.minimum(least, np.minimum(ends, zero))
    extent = (most - least).max(axis=1)
    return View(
        base=base,
        slope=slope,
        low=problems.low[at],
        high=problems.high[at],
        curvature=None if problems.curvature is None else problems.curvature[at],
        disagreement=zero,
        outside=outside,
        left=problems.left[at, :, kind],
        floor=problems.floor[at],
        discount=problems.discount[at],
        extent=np.where((extent > 0.0) & np.isfinite(extent), extent, 1.0),
    )
