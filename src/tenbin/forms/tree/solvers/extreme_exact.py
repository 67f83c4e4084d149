"""Minors in whole numbers without limit, for payoffs in which floating point finds near ties."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.solvers.extreme_tables import NEAR, Minors

__all__ = ["decimal_payoffs", "exact_minors"]

Floats = NDArray[np.float64]


def decimal_payoffs(payoffs: Floats) -> NDArray[np.int64]:
    """Payoffs [W, rows, columns] as whole multiples of at most 1e-12 of their widest difference.

    Differences are those of rows, in one column. The unit is a power of ten, so that payoffs with
    few decimal digits stay what they are. Each column is counted from its least payoff: that
    changes no difference of rows.
    """
    above = payoffs - payoffs.min(axis=1, keepdims=True)
    widest = above.max(axis=(1, 2), keepdims=True)
    digits = np.floor(np.log10(np.where(widest > 0, widest, 1.0))).clip(min=-300)
    return np.rint(above / 10.0**digits / NEAR).astype(np.int64)


def exact_minors(table: Minors, payoffs: Floats) -> Floats:
    """All minors [W, minors] of payoffs [W, rows, columns] read to twelve digits, signs exact.

    They are computed as Python's integers, in arrays over worlds, and rounded once at the end.
    """
    whole: NDArray[Any] = decimal_payoffs(payoffs).astype(object)
    found = np.empty((len(payoffs), int(table.start[-1])), dtype=object)
    found[:, 0] = 1
    singles = len(table.column)
    upper, lower = whole[:, table.upper, table.column], whole[:, table.lower, table.column]
    found[:, 1 : singles + 1] = upper - lower
    for k in range(2, len(table.start) - 1):
        these = slice(int(table.start[k]), int(table.start[k + 1]))
        factor, rest = table.factor[these], table.rest[these]
        total = found[:, factor[:, 0]] * found[:, rest[:, 0]]
        for p in range(1, k):
            term = found[:, factor[:, p]] * found[:, rest[:, p]]
            total = total - term if p % 2 else total + term
        found[:, these] = total
    return found.astype(float)
