"""The order in which a sparse system is eliminated, fixed once per pattern.

The pattern of a Jacobian follows from a game's structure, so the order and the fill are found
once (Markowitz's rule on the diagonal) and every world's numbers are eliminated along the same
tables, without pivoting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Elimination", "plan_elimination"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Elimination:
    """Tables of one pattern with K unknowns; entries of the matrix are packed by row.

    order [K] is the unknown eliminated at each position, place [K] its inverse. Row i (a position)
    holds the entries row_start[i] up to row_start[i + 1], whose columns (positions, ascending) are
    column [nonzeros]; diagonal[i] is the entry on the diagonal. multiplications counts the
    multiply-adds of one factorisation.
    """

    order: Ints
    place: Ints
    row_start: Ints
    column: Ints
    diagonal: Ints
    multiplications: int

    def entries(self, rows: Ints, columns: Ints) -> Ints:
        """Packed positions of the entries (row, column), both named by unknown."""
        i, j = self.place[rows], self.place[columns]
        size = len(self.order)
        owner = np.repeat(np.arange(size), np.diff(self.row_start))
        keys = owner.astype(np.int64) * size + self.column
        return np.searchsorted(keys, i.astype(np.int64) * size + j).astype(np.int32)


def plan_elimination(pattern: Bools) -> Elimination:
    """Order and fill of a square pattern [K, K] with its diagonal, by Markowitz's rule.

    Each pivot is the diagonal entry with the smallest product of the other entries in its row and
    in its column; ties go to the first.
    """
    filled = pattern.copy()
    np.fill_diagonal(filled, True)
    size = len(filled)
    left = np.ones(size, dtype=np.bool_)
    order = np.zeros(size, dtype=np.int32)
    multiplications = 0
    for position in range(size):
        alive = np.flatnonzero(left)
        active = filled[np.ix_(alive, alive)]
        cost = (active.sum(axis=1) - 1) * (active.sum(axis=0) - 1)
        best = int(np.argmin(cost))
        multiplications += int(cost[best])
        pivot = alive[best]
        order[position] = pivot
        left[pivot] = False
        below = np.flatnonzero(filled[:, pivot] & left)
        filled[below] |= filled[pivot] & left
    place = np.empty(size, dtype=np.int32)
    place[order] = np.arange(size, dtype=np.int32)
    ordered = filled[np.ix_(order, order)]
    owner, column = np.nonzero(ordered)
    row_start = np.concatenate([[0], np.cumsum(ordered.sum(axis=1))]).astype(np.int32)
    return Elimination(
        order=order,
        place=place,
        row_start=row_start,
        column=column.astype(np.int32),
        diagonal=np.flatnonzero(owner == column).astype(np.int32),
        multiplications=multiplications,
    )
