"""Two-player games in strategic form, as trees: the second player does not see the first move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forms.tree.hand_made import make_game
from tenbin.forms.tree.tables import TreeGame

Rows = Sequence[Sequence[float]]

BATTLE_OF_THE_SEXES: tuple[Rows, Rows] = ([[2, 0], [0, 1]], [[1, 0], [0, 2]])
CHICKEN: tuple[Rows, Rows] = ([[0, -1], [1, -10]], [[0, 1], [-1, -10]])
STAG_HUNT: tuple[Rows, Rows] = ([[4, 0], [3, 3]], [[4, 3], [0, 3]])
MATCHING_PENNIES: tuple[Rows, Rows] = ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def coordination(*values: float) -> tuple[Rows, Rows]:
    """Both get `values[i]` where both choose action i, else nothing."""
    rows = np.diag(np.array(values, dtype=float)).tolist()
    return rows, rows


def bimatrix(first: Rows, second: Rows, worlds: int = 1) -> TreeGame:
    """The same game in a number of worlds; payoffs [rows][columns] of each player."""
    columns = [
        {f"c{j}": (float(a), float(b)) for j, (a, b) in enumerate(zip(one, two, strict=True))}
        for one, two in zip(first, second, strict=True)
    ]
    rows = {f"r{i}": ("two", "second", ends) for i, ends in enumerate(columns)}
    return make_game("one two", ("one", "first", rows), worlds)
