"""Nearest points of the other side, over all dimensions and over as few as possible.

Rays: along a direction v the other side begins at `t(v)`. Where its edge is smooth `1 / t` is
linear in v, so that neighbouring rays give the plane that touches the edge, and the nearest point
of that plane is the next direction. Where trials have a smooth merit, its finite differences give
the plane for one trial per dimension. Neither is trusted: what is kept was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.boundary import BEYOND, Box, Probe, crossings, exits, length
from tenbin.explain.boundary_descent import descend, sharpened
from tenbin.scenario.language import Array

__all__ = ["Hints", "Nearest", "search_nearest"]

Indices = NDArray[np.intp]

LEVELS = (4, 2, 1)
"""Points per dimension and direction at which it is moved alone: as many as the bound allows."""
PUSHES = (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 21, 28, 34, 55, 89)
"""How many of the most telling dimensions are moved to their ends together."""
LEAN = 6
"""Dimensions that a start may move before those it can do without are put back."""
MOST_CORNERS = 256
"""Corners of the box tried where nothing else was found."""
SLACK = 1.001
"""By how much a point may be farther if it moves less."""
STARTS = 4
"""Points from which the search descends."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known without trials: points [N, D], and which are on the other side [N]."""

    points: Array
    beyond: NDArray[np.bool_]

    def towards(self) -> Array:
        """By dimension [D], how far the other side's points lie from the rest, in standard errors.

        Zero where too few points are known on either side.
        """
        there, here = self.points[self.beyond], self.points[~self.beyond]
        if len(there) < 3 or len(here) < 3:
            return np.zeros(self.points.shape[1])
        error = np.sqrt(there.var(axis=0) / len(there) + here.var(axis=0) / len(here))
        gap = there.mean(axis=0) - here.mean(axis=0)
        return np.divide(gap, error, out=np.zeros_like(gap), where=error > 0.0)


@dataclass(frozen=True, slots=True)
class Nearest:
    """Points [D] of the other side, None where none was found.

    `nearest` over all dimensions; `fewest` with the fewest of them moved, and the nearest such.
    `alone` is how many dimensions were moved alone, at `levels` places each.
    """

    nearest: Array | None
    fewest: Array | None
    alone: int
    levels: int


def search_nearest(probe: Probe, hints: Hints, *, fewest: bool = True) -> Nearest:
    """The nearest point of the other side, and the nearest with the fewest dimensions moved.

    Parameters
    ----------
    probe
        Makes the trials, within its bound.
    hints
        Points of which the side is known already.
    fewest
        Whether to look for it; else only its by-products are given.
    """
    search = _Search(probe, hints)
    search.move_alone()
    search.push_together()
    search.follow_hints()
    search.try_corners()
    few = search.fewest() if fewest else None
    near = search.nearest(few)
    if few is None or (near is not None and _moved(near) <= _moved(few)):
        few = near
    return Nearest(near, few, search.alone, search.levels)


def _moved(point: Array) -> int:
    return int(np.count_nonzero(point))


class _Search:
    """One search: what tells, and the starts found so far."""

    def __init__(self, probe: Probe, hints: Hints) -> None:
        self.probe = probe
        self.box: Box = probe.box
        self.hints = hints
        self.telling = hints.towards()
        self.starts: list[Array] = []
        self.alone = self.levels = 0

    @property
    def order(self) -> Indices:
        """The dimensions, those that tell most first."""
        return np.argsort(-np.abs(self.telling), kind="stable")

    def move_alone(self) -> None:
        """Each dimension moved alone, as far as a quarter of the trials goes; and the slopes.

        What the merit does on the way says which dimensions tell where the hints do not.
        """
        size, allowed = self.box.dimensions, self.probe.bound // 4
        levels = next((count for count in LEVELS if 2 * size * count <= allowed), 0)
        shares = np.arange(1, levels + 1) / levels if levels else np.ones(1)
        if levels:
            which, ends = np.repeat(np.arange(size), 2), np.tile([-1.0, 1.0], size)
        else:
            which = self.order[: max(allowed // 2, 1)]
            ends = np.where(self.telling[which] >= 0.0, 1.0, -1.0)
        rays = np.zeros((len(which), size))
        rays[np.arange(len(which)), which] = _ends(self.box, which, ends)
        points = (shares[:, None, None] * rays).reshape(-1, size)
        sides, merits = self.probe.ask(points)
        self.alone, self.levels = len(np.unique(which)), max(levels, 1)
        beyond = (sides == BEYOND).reshape(len(shares), -1)
        first = np.where(beyond.any(axis=0), shares[beyond.argmax(axis=0)], np.inf)
        hit = np.flatnonzero(np.isfinite(first))
        hit = hit[np.argsort(first[hit] * np.abs(rays[hit]).max(axis=1))][: max(allowed // 24, 1)]
        if len(hit):
            rounds = 4 if allowed > 100 else 2
            at = crossings(self.probe, rays[hit], first[hit] - shares[0], first[hit], 6, rounds)
            self.starts += [rays[ray] * t for ray, t in zip(hit, at, strict=True) if np.isfinite(t)]
        if not self.telling.any() and levels:
            self._learn(merits.reshape(len(shares), size, 2))

    def _learn(self, merits: Array) -> None:
        """Which way each dimension tells, from the merit at both of its ends."""
        low, high = merits[-1, :, 0], merits[-1, :, 1]
        self.telling = np.nan_to_num(low - high)

    def push_together(self) -> None:
        """The most telling dimensions moved to their ends together, more and more of them."""
        order = self.order[np.abs(self.telling)[self.order] > 0.0]
        if not len(order):
            return
        sizes = [count for count in PUSHES if count <= len(order)]
        corner = np.where(self.telling > 0.0, self.box.high, self.box.low)
        rays = np.zeros((len(sizes) + 1, self.box.dimensions))
        for row, count in enumerate(sizes):
            rays[row, order[:count]] = corner[order[:count]]
        rays[-1] = self.telling
        rays[-1] *= exits(self.box, rays[-1:])[0]
        sides, _ = self.probe.ask(rays)
        there = rays[sides == BEYOND]
        # The push along all that tells is the nearest as a rule; then those with the fewest.
        self._follow(np.concatenate([there[-1:], there[: min(3, len(there) - 1)]]))

    def follow_hints(self) -> None:
        """The known points that are nearest, each drawn in towards the centre."""
        there = self.hints.points[self.hints.beyond]
        order = np.argsort((there**2).sum(axis=1), kind="stable")[:STARTS]
        self._follow(there[order])

    def try_corners(self) -> None:
        """Corners of the box at random, where nothing else was found beyond."""
        if self.starts or self.probe.left < 4:
            return
        random = np.random.default_rng(self.box.dimensions)
        up = random.random((min(self.probe.left // 2, MOST_CORNERS), self.box.dimensions)) < 0.5
        corners = np.where(up, self.box.high, self.box.low)
        there = corners[self.probe.ask(corners)[0] == BEYOND]
        self._follow(there[:STARTS])

    def _follow(self, points: Array) -> None:
        """The first place on the other side along the rays to points [N, D] that may lie there."""
        points = points[: max(self.probe.left // 24, 1)]
        if not len(points):
            return
        one = np.ones(len(points))
        rounds = 3 if self.probe.left > 60 * len(points) else 2
        at = crossings(self.probe, points, 0.0 * one, one, 6, rounds)
        self.starts += [p * t for p, t in zip(points, at, strict=True) if np.isfinite(t)]

    def fewest(self) -> Array | None:
        """A point with as few dimensions moved as was found, drawn near within them."""
        single = [point for point in self.starts if _moved(point) == 1]
        if single:
            return sharpened(self.probe, min(single, key=length))
        sets = self._pairs() if self.probe.left > 200 else []
        if not sets:
            thinned = [self._thinned(self._pushed(point)) for point in self._thin_starts()]
            smallest = min((_moved(point) for point in thinned), default=0)
            sets = [point for point in thinned if _moved(point) == smallest]
        found = [
            descend(self.probe, point, np.flatnonzero(point), self.probe.left // 3)
            for point in self._distinct(sets)[:3]
        ]
        return min(found, key=lambda point: (_moved(point), length(point)), default=None)

    def _thin_starts(self) -> list[Array]:
        """Starts from which to drop dimensions: the nearest, and those with the fewest."""
        by_length = sorted(self.starts, key=length)[:1]
        by_count = sorted(self.starts, key=lambda point: (_moved(point), length(point)))[:2]
        return self._distinct([*by_count, *by_length])

    def _pairs(self) -> list[Array]:
        """Pairs of the most telling dimensions at their ends, in all four ways: those beyond."""
        allowed = self.probe.left // 6
        count = int((1 + np.sqrt(1 + 2 * allowed)) / 2)
        chosen = self.order[:count]
        rays: list[Array] = []
        for i, j in combinations(sorted(chosen.tolist()), 2):
            for one, other in product((self.box.low, self.box.high), repeat=2):
                ray = np.zeros(self.box.dimensions)
                ray[[i, j]] = one[i], other[j]
                rays.append(ray)
        if not rays:
            return []
        points = np.array(rays)
        there = points[self.probe.ask(points)[0] == BEYOND]
        before = len(self.starts)
        self._follow(there[np.argsort((there**2).sum(axis=1), kind="stable")][:6])
        return sorted(self.starts[before:], key=length)

    def _thinned(self, point: Array, part: int = 3) -> Array:
        """A point with dimensions put back to the centre, as many as it can do without.

        Groups of the least telling are tried first, then smaller ones, with one in `part` of the
        trials that are left.
        """
        stop = self.probe.left - self.probe.left // part
        size = 1 if 3 * _moved(point) < self.probe.left - stop else max(_moved(point) // 2, 1)
        while size >= 1 and _moved(point) > 1 and self.probe.left > stop:
            moved = np.flatnonzero(point)
            weight = np.abs(self.telling[moved] * point[moved])
            moved = moved[np.argsort(weight, kind="stable")]
            groups = [moved[start : start + size] for start in range(0, len(moved), size)]
            dropped = self._dropped(point, [group for group in groups if len(group) < len(moved)])
            if len(dropped):
                point = point.copy()
                point[dropped] = 0.0
            elif size == 1:
                break
            else:
                size //= 2
        return point

    def _dropped(self, point: Array, groups: list[Indices]) -> Indices:
        """The dimensions of as many groups as can be put back together, the first ones first."""
        loose = [
            group
            for group, stays in zip(groups, self._without(point, groups), strict=True)
            if stays
        ]
        if not loose:
            return np.zeros(0, dtype=np.intp)
        several = [np.concatenate(loose[: k + 1]) for k in range(1, len(loose))]
        together = np.flatnonzero(self._without(point, several)) if several else []
        return several[together[-1]] if len(together) else loose[0]

    def _pushed(self, point: Array) -> Array:
        """The point with all that it moves moved to the end, where that is beyond as well."""
        end = np.where(point > 0.0, self.box.high, np.where(point < 0.0, self.box.low, 0.0))
        return end if self.probe.ask(end[None])[0][0] == BEYOND else point

    def _without(
        self, point: Array, dropped: Sequence[Sequence[int] | Indices]
    ) -> NDArray[np.bool_]:
        """Whether the point stays beyond without each of the sets of dimensions."""
        tries = np.repeat(point[None], len(dropped), axis=0)
        for row, which in enumerate(dropped):
            tries[row, which] = 0.0
        return self.probe.ask(tries)[0] == BEYOND

    def nearest(self, few: Array | None) -> Array | None:
        """The nearest point found by descending from the best starts."""
        if few is not None:
            self.starts.append(few)
        starts = self._distinct(sorted(self.starts, key=length))[:STARTS]
        for number, start in enumerate(starts):
            share = self.probe.left // (2 if number == 0 else len(starts) - number + 1)
            before = self.probe.left
            lean = self._thinned(start, part=6) if _moved(start) > LEAN else start
            descend(self.probe, lean, self._active(lean), share - (before - self.probe.left))
        best = self.probe.best
        return None if best is None else sharpened(self.probe, self._tidied(best))

    def _active(self, start: Array) -> Indices:
        """The dimensions in which to look around a start: those it moves, then the telling ones."""
        weight = np.abs(self.telling) + 1e-9
        first = np.where(start != 0.0, weight.max() + np.abs(start), 0.0)
        return np.argsort(-(first + weight / weight.max()), kind="stable")

    def _tidied(self, point: Array) -> Array:
        """The point without its small movements, where the edge lies no farther without them."""
        small = np.flatnonzero(point)
        small = small[np.argsort(np.abs(point[small]), kind="stable")]
        cuts = [k for k in range(1, len(small)) if _share(point, small[:k]) < 0.1]
        if not cuts:
            return point
        tries = np.repeat(point[None], len(cuts), axis=0)
        for row, k in enumerate(cuts):
            tries[row, small[:k]] = 0.0
        tries *= SLACK * length(point) / np.sqrt((tries**2).sum(axis=1))[:, None]
        tries = self.box.clip(tries)
        stays = np.flatnonzero(self.probe.ask(tries)[0] == BEYOND)
        return tries[stays[-1]] if len(stays) else point

    def _distinct(self, points: Sequence[Array]) -> list[Array]:
        """Points without those that repeat an earlier one."""
        kept: list[Array] = []
        for point in points:
            if all(length(point - other) > 0.02 * length(point) for other in kept):
                kept.append(point)
        return kept


def _share(point: Array, part: Indices) -> float:
    """Which share of a point's squared length some of its dimensions have."""
    return float((point[part] ** 2).sum() / (point @ point))


def _ends(box: Box, which: Indices, ends: Array) -> Array:
    return np.where(ends > 0.0, box.high[which], box.low[which])
