"""All extreme equilibria from the definition, by trying every set of tight inequalities."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Row = list[Fraction]


def extreme_by_definition(a: NDArray[np.float64], b: NDArray[np.float64]) -> set[tuple[Row, ...]]:
    """Pairs of vertices of the best-response polyhedra in which nobody gains; exact payoffs."""
    mine = [[Fraction(v) for v in row] for row in a.tolist()]
    yours = [[Fraction(v) for v in row] for row in b.T.tolist()]
    found = set()
    for x in vertices(yours):
        for y in vertices(mine):
            if not gain(mine, x, y) and not gain(yours, y, x):
                found.add((x, y))
    return found


def gain(payoffs: list[Row], own: Row, other: Row) -> Fraction:
    """What the player of the rows gains by the best reply."""
    values = [sum(p * q for p, q in zip(row, other, strict=True)) for row in payoffs]
    return max(values) - sum(p * v for p, v in zip(own, values, strict=True))


def vertices(payoffs: list[Row]) -> set[tuple[Fraction, ...]]:
    """Mixes y that are, with v, a vertex of: every row's value is at most v, y >= 0, sum y = 1."""
    m, n = len(payoffs), len(payoffs[0])
    limits = [[*row, Fraction(-1), Fraction(0)] for row in payoffs]
    limits += [
        [*(Fraction(-(i == j)) for j in range(n)), Fraction(0), Fraction(0)] for i in range(n)
    ]
    whole = [*[Fraction(1)] * n, Fraction(0), Fraction(1)]
    found = set()
    for tight in combinations(range(m + n), n):
        point = solve([limits[t] for t in tight] + [whole])
        if point is not None and all(
            sum(c * p for c, p in zip(limit, point, strict=False)) <= limit[-1] for limit in limits
        ):
            found.add(tuple(point[:n]))
    return found


def solve(rows: list[Row]) -> Row | None:
    """The only solution of square linear equations; None where there is not exactly one."""
    rows = [list(row) for row in rows]
    size = len(rows)
    for k in range(size):
        pivot = next((r for r in range(k, size) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for r in range(size):
            if r != k and rows[r][k]:
                factor = rows[r][k]
                rows[r] = [v - factor * w for v, w in zip(rows[r], rows[k], strict=True)]
    return [row[-1] for row in rows]
