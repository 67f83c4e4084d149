"""Which minors of a payoff matrix decide its equilibria: index lists, from its shape alone.

Let E(I, J) be the determinant of rows I and columns J of a player's payoffs (rows are the player's
own actions) with a last column of ones; I has one row more than J. Solving, by Cramer's rule, for
the opponent's mixed action on J that makes the rows I (as many) equally good gives

    probability of column j:  (-1)**p E(I, J - j) / S       p: the place of j in J
    shortfall of a row r outside I:  -(-1)**q E(I + r, J) / S       q: the place of r in I + r

where S is the sum of the first expressions' numerators. So the signs of these minors decide which
supports are those of equilibria, and the minors themselves give the probabilities. They depend on
differences of rows alone, and each is a sum of few products of smaller ones.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import comb, factorial, floor, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_MINORS", "NEAR", "Bases", "Minors", "bases", "minors", "n_minors"]

Ints = NDArray[np.int32]

MOST_MINORS = 50_000
"""The most minors of one player's payoffs: 9 x 9 actions have 43,750."""

NEAR = 1e-12
"""Payoffs closer than this share of a player's widest payoff difference are a tie."""


class Minors(NamedTuple):
    """The minors of a matrix of `rows` and `columns`, smallest first; number 0 is the constant 1.

    Minors of k columns are those from `start[k]` up to `start[k + 1]`. For k = 1 minor number
    1 + n is the difference of rows `upper[n]` and `lower[n]` in column `column[n]`. Minor c of more
    columns is the sum over p < k of (-1)**p times minor `factor[c, p]`, a difference, times minor
    `rest[c, p]`. `near[k]` is how close to zero, per k-th power of the payoff range, a minor is in
    doubt; whole numbers below 2**`exact_bits` give minors that floating point holds exactly.
    """

    rows: int
    columns: int
    start: Ints
    upper: Ints
    lower: Ints
    column: Ints
    factor: Ints
    rest: Ints
    near: NDArray[np.float64]
    exact_bits: int


class Bases(NamedTuple):
    """Pairs of supports of equal size, smallest first: B pairs of the m x n game.

    `rows`, `columns` [B, size] are the supports, padded by -1; `size` [B]. `first` [B, m] holds the
    minors of the row player's payoffs that decide the column player's mix: those of the
    probabilities of `columns`, then those of the shortfalls of the other rows, in order; `second`
    [B, n] likewise with the players exchanged. Each is 2 c + s for minor c, with its sign
    reversed where s is 1.
    """

    size: Ints
    rows: Ints
    columns: Ints
    first: Ints
    second: Ints


def n_minors(rows: int, columns: int) -> int:
    """How many minors a matrix of this shape has."""
    return comb(rows + columns, rows - 1) - rows + 1


def _numbers(rows: int, columns: int) -> dict[tuple[tuple[int, ...], tuple[int, ...]], int]:
    """The number of each minor by its rows and columns."""
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for i in range(rows):
        found[(i,), ()] = 0
    number = 1
    for k in range(1, min(rows - 1, columns) + 1):
        for own in combinations(range(rows), k + 1):
            for other in combinations(range(columns), k):
                found[own, other] = number
                number += 1
    return found


@cache
def minors(rows: int, columns: int) -> Minors:
    """The minors of a matrix of this shape and how each follows from smaller ones."""
    numbers = _numbers(rows, columns)
    most = min(rows - 1, columns)
    counts = [1] + [comb(rows, k + 1) * comb(columns, k) for k in range(1, most + 1)]
    start = np.cumsum([0, *counts]).astype(np.int32)
    factor = np.zeros((int(start[-1]), max(most, 1)), dtype=np.int32)
    rest = np.zeros_like(factor)
    single: list[tuple[int, int, int]] = []
    for (own, other), number in numbers.items():
        if len(other) == 1:
            single.append((own[0], own[1], other[0]))
        for p in range(len(other) if len(other) > 1 else 0):
            left = own[: p + 1] + own[p + 2 :]
            factor[number, p] = numbers[(own[0], own[p + 1]), other[:1]]
            rest[number, p] = numbers[left, other[1:]]
    upper, lower, column = np.array(single, dtype=np.int32).reshape(-1, 3).T.copy()
    near = [3 * NEAR * k * factorial(k) for k in range(most + 1)]
    bits = floor((53 - log2(factorial(most))) / most) if most else 53
    return Minors(rows, columns, start, upper, lower, column, factor, rest, np.array(near), bits)


def _terms(
    numbers: dict[tuple[tuple[int, ...], tuple[int, ...]], int],
    rows: int,
    own: tuple[int, ...],
    other: tuple[int, ...],
) -> list[int]:
    """The coded minors of one pair of supports, on the side whose rows are indifferent."""
    found = [2 * numbers[own, other[:p] + other[p + 1 :]] + p % 2 for p in range(len(other))]
    for r in range(rows):
        if r not in own:
            longer = tuple(sorted((*own, r)))
            found.append(2 * numbers[longer, other] + (longer.index(r) + 1) % 2)
    return found


@cache
def bases(m: int, n: int) -> Bases:
    """The pairs of supports of an m x n game."""
    one, two = _numbers(m, n), _numbers(n, m)
    pairs = [
        (own, other)
        for k in range(1, min(m, n) + 1)
        for own in combinations(range(m), k)
        for other in combinations(range(n), k)
    ]
    most = min(m, n)

    def padded(supports: list[tuple[int, ...]]) -> Ints:
        return np.array([(*s, *[-1] * (most - len(s))) for s in supports], dtype=np.int32)

    return Bases(
        size=np.array([len(own) for own, _ in pairs], dtype=np.int32),
        rows=padded([own for own, _ in pairs]),
        columns=padded([other for _, other in pairs]),
        first=np.array([_terms(one, m, own, other) for own, other in pairs], dtype=np.int32),
        second=np.array([_terms(two, n, other, own) for own, other in pairs], dtype=np.int32),
    )
