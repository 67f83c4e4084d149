"""The smallest step from the centre of a box that changes sides, from trials alone.

The centre is the origin; a trial says of points whether they lie on the centre's own side, on the
other, or are unknown, and gives a merit where there is one: negative exactly on the other side.
Nothing is assumed of the other side's shape. Axis letters: `N` point, `D` dimension.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = ["BEYOND", "OWN", "UNKNOWN", "Box", "Probe", "crossings", "exits", "length", "nearest_of"]

Sides = NDArray[np.int8]
Assess = Callable[[Array], tuple[Sides, Array]]
"""Points [N, D] -> their sides [N] and merits [N], NaN where there is none."""

BEYOND, UNKNOWN, OWN = -1, 0, 1
"""On the other side; unsolved or not looked at; on the centre's own side."""


@dataclass(frozen=True, slots=True)
class Box:
    """How far each dimension can be moved from the centre: low [D] <= 0 <= high [D]."""

    low: Array
    high: Array

    @property
    def dimensions(self) -> int:
        return len(self.low)

    def clip(self, points: Array) -> Array:
        """The nearest points of the box."""
        return np.clip(points, self.low, self.high)


@dataclass
class Probe:
    """Trials with a bound on their number; what lies past it is unknown and noted.

    `best` [D] is the nearest point seen on the other side, None until there is one.
    """

    assess: Assess
    box: Box
    bound: int
    used: int = 0
    bounded: bool = False
    unknown: int = 0
    best: Array | None = None

    @property
    def left(self) -> int:
        """How many trials may still be made."""
        return self.bound - self.used

    def ask(self, points: Array) -> tuple[Sides, Array]:
        """Sides and merits of points [N, D], of the first ones where not all may be tried."""
        sides = np.full(len(points), UNKNOWN, dtype=np.int8)
        merits = np.full(len(points), np.nan)
        count = min(len(points), self.left)
        self.bounded |= count < len(points)
        if count > 0:
            sides[:count], merits[:count] = self.assess(points[:count])
            self.used += count
            self.unknown += int((sides[:count] == UNKNOWN).sum())
            self._note(points[:count][sides[:count] == BEYOND])
        return sides, merits

    def _note(self, points: Array) -> None:
        nearest = nearest_of(points)
        if nearest is None:
            return
        if self.best is None or length(nearest) < length(self.best):
            self.best = nearest


def length(point: Array) -> float:
    """How far a point [D] is from the centre."""
    return float(np.sqrt(point @ point))


def nearest_of(points: Array) -> Array | None:
    """The point [D] of several [N, D] that is nearest to the centre."""
    if not len(points):
        return None
    return points[int(np.argmin((points**2).sum(axis=1)))]


def exits(box: Box, directions: Array) -> Array:
    """Where rays [N, D] from the centre leave the box, as multiples [N] of the directions.

    A direction that points out of the box at once leaves it at zero; components that cannot move
    at all count so too.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = np.where(
            directions > 0.0,
            box.high / directions,
            np.where(directions < 0.0, box.low / directions, np.inf),
        )
    found = limits.min(axis=1, initial=np.inf)
    return np.where(np.isfinite(found), found, 0.0)


def crossings(
    probe: Probe, directions: Array, near: Array, far: Array, points: int, rounds: int
) -> Array:
    """Where along rays from the centre the other side begins, as multiples [N]; inf where nowhere.

    Each round tries evenly spaced points of the bracket and keeps the first step that ends on the
    other side, so that the bracket shrinks by the number of points. What is given back was itself
    tried and is on the other side.

    Parameters
    ----------
    directions
        [N, D].
    near, far
        Multiples [N] between which to look, far ends included.
    points
        Trials per ray and round.
    rounds
        Of trials.
    """
    found = np.full(len(directions), np.inf)
    low, high = near.copy(), far.copy()
    going = np.arange(len(directions))
    shares = np.arange(1, points + 1) / points
    for number in range(rounds):
        # The far end of a later round is known to lie on the other side.
        inner = shares if number == 0 else shares[:-1]
        if not len(going) or not len(inner):
            break
        at = low[going, None] + (high - low)[going, None] * inner
        where = probe.box.clip(
            (at[:, :, None] * directions[going, None, :]).reshape(-1, probe.box.dimensions)
        )
        sides = probe.ask(where)[0].reshape(at.shape)
        beyond = sides == BEYOND
        hit = beyond.any(axis=1)
        first = beyond.argmax(axis=1)
        rows = np.arange(len(going))
        before = np.where(first > 0, at[rows, first - 1], low[going])
        if number:
            before = np.where(hit, before, at[:, -1])
        high[going] = np.where(hit, at[rows, first], high[going])
        low[going] = np.where(hit | (number > 0), before, low[going])
        if number == 0:
            found[going[hit]] = high[going[hit]]
            going = going[hit]
        else:
            found[going] = high[going]
    return found
