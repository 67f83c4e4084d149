"""The world in which claims that never hold together come closest to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.consistency_bits import Bits, part_bits
from tenbin.explain.counterexample_trial import Moves
from tenbin.explain.stored import StoredRun
from tenbin.judge import reaching_uncertainties
from tenbin.scenario.language import Array

__all__ = ["Nearest", "NearestWorlds"]

Bools = NDArray[np.bool_]
State = Literal["some equilibria", "fails"]

WORLDS = 10_000
"""Worlds among which the nearest is looked for, the first of the run."""
EACH_SIDE = 1500
"""Worlds of either side that are compared, those nearest to the centre."""
NAMED = 3
"""Differences between the two worlds that are named, the largest."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """A world in which all claims of a set but one hold, and what keeps the last one from it.

    `state`: the missing claim is true at some of the world's equilibria, or fails at all. Then
    `partner` is the world in which it holds that differs least, by `distance`: Euclidean in
    half-widths, over the uncertainties that reach any of the claims; `changes` are the numbers that
    differ most, with their values here and there.
    """

    world: int
    policy: str
    missing: str
    state: State
    partner: int | None = None
    distance: float | None = None
    changes: tuple[tuple[str, float, float], ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {
            "world": self.world,
            "policy": self.policy,
            "missing": self.missing,
            "state": self.state,
            "partner": self.partner,
            "distance": self.distance,
            "changes": [
                {"name": name, "from": here, "to": there} for name, here, there in self.changes
            ],
        }


@dataclass
class NearestWorlds:
    """Looks in the first worlds of a run.

    Worlds in which the missing claim is true at some equilibria come first, of these the one
    nearest to the centre. Where there is none, the two worlds are taken that differ least: all but
    one claim hold in the first, that one in the second.
    """

    run: StoredRun
    _reaching: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    _draws: dict[str, Array] = field(default_factory=dict[str, Array])
    _bits: dict[str, Bits] = field(default_factory=dict[str, Bits])

    def nearest(self, claims: tuple[str, ...]) -> Nearest | None:
        """The nearest world of a set; None where no world has all but one of them."""
        names = self._names(claims)
        moves = Moves.of(self.run.scenario, names)
        points = self._points(moves, names)
        best: tuple[tuple[float, ...], Nearest] | None = None
        for policy in self.run.policies:
            for candidate in self._under(policy, claims, moves, names, points):
                if best is None or candidate[0] < best[0]:
                    best = candidate
        return None if best is None else best[1]

    def _under(
        self,
        policy: str,
        claims: tuple[str, ...],
        moves: Moves,
        names: frozenset[str],
        points: Array,
    ) -> list[tuple[tuple[float, ...], Nearest]]:
        """The best world for every claim that may be the missing one, with its rank."""
        bits = self._bits_of(policy)
        rows = [self._claims.index(claim) for claim in claims]
        decided = bits.decided[rows].all(axis=0)
        found: list[tuple[tuple[float, ...], Nearest]] = []
        for missing, row in zip(claims, rows, strict=True):
            others = [place for place in rows if place != row]
            base = decided & bits.holds[others].all(axis=0) & ~bits.holds[row]
            close = base & bits.possible[row]
            if close.any():
                world = _central(points, close)
                size = float((points[world] ** 2).sum())
                found.append(((0.0, size), Nearest(world, policy, missing, "some equilibria")))
                continue
            pair = _closest(points, base, decided & bits.holds[row])
            if pair is not None:
                here, there, distance = pair
                nearest = Nearest(
                    here, policy, missing, "fails", there, distance,
                    self._changes(moves, names, points, here, there),
                )  # fmt: skip
                found.append(((1.0, distance), nearest))
        return found

    @property
    def _claims(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(claim for claim, _ in self.run.keys))

    @property
    def _length(self) -> int:
        return min(self.run.worlds, WORLDS)

    def _bits_of(self, policy: str) -> Bits:
        if policy not in self._bits:
            codes = {key: each[: self._length] for key, each in self.run.codes.items()}
            self._bits[policy] = part_bits(self.run, self._claims, codes, policy)
        return self._bits[policy]

    def _names(self, claims: tuple[str, ...]) -> frozenset[str]:
        for claim in claims:
            if claim not in self._reaching:
                self._reaching[claim] = reaching_uncertainties(
                    self.run.scenario, claim, self.run.plan.resolver
                )
        return frozenset().union(*(self._reaching[claim] for claim in claims))

    def _changes(
        self, moves: Moves, names: frozenset[str], points: Array, here: int, there: int
    ) -> tuple[tuple[str, float, float], ...]:
        """The numbers that differ most between two worlds; a choice taken otherwise counts one."""
        gaps = dict(zip(moves.names, np.abs(points[here] - points[there]), strict=False))
        for item in self.run.scenario.uncertainties.values():
            taken = self._draws[item.name]
            if item.kind == "choice" and item.name in names and taken[here] != taken[there]:
                gaps[item.name] = 1.0
        order = sorted(gaps, key=lambda name: -gaps[name])[:NAMED]
        return tuple(
            (name, float(self._draws[name][here]), float(self._draws[name][there]))
            for name in order
        )

    def _points(self, moves: Moves, names: frozenset[str]) -> Array:
        """The worlds [W, D] in half-widths; two values of a choice are one apart."""
        if not self._draws:
            self._draws = self.run.draws(self._length)
        columns: list[Array] = [np.zeros((self._length, 0))]
        if moves.names:
            columns.append(moves.points({name: self._draws[name] for name in moves.names}))
        for item in self.run.scenario.uncertainties.values():
            if item.kind == "choice" and item.name in names:
                taken = self._draws[item.name][:, None] == np.asarray(item.values)
                columns.append(taken / np.sqrt(2.0))
        return np.concatenate(columns, axis=1)


def _central(points: Array, where: Bools) -> int:
    rows = np.flatnonzero(where)
    return int(rows[np.argmin((points[rows] ** 2).sum(axis=1))])


def _closest(points: Array, first: Bools, second: Bools) -> tuple[int, int, float] | None:
    """The two worlds, one of each kind, that differ least; of many, those near the centre."""
    sides = [_most_central(points, where) for where in (first, second)]
    if not len(sides[0]) or not len(sides[1]) or not points.shape[1]:
        return None
    here, there = (points[side] for side in sides)
    squares = (here**2).sum(axis=1)[:, None] + (there**2).sum(axis=1) - 2.0 * here @ there.T
    i, j = np.unravel_index(int(squares.argmin()), squares.shape)
    first_world, second_world = int(sides[0][i]), int(sides[1][j])
    gap = points[first_world] - points[second_world]
    return first_world, second_world, float(np.sqrt((gap**2).sum()))


def _most_central(points: Array, where: Bools) -> NDArray[np.intp]:
    rows = np.flatnonzero(where)
    order = np.argsort((points[rows] ** 2).sum(axis=1), kind="stable")
    return rows[order[:EACH_SIDE]]
