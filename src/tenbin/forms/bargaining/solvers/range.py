"""Between which shares the efficient agreements lie that both prefer to none."""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.range_kernel import range_worlds
from tenbin.forms.bargaining.tables import Problems
from tenbin.scenario.language import Array

__all__ = ["range_ends"]


def range_ends(problems: Problems, kind: int, chosen: slice) -> Array:
    """The shares [n, 2, J] at both ends of the bargaining range of the chosen problems.

    `kind` is the type of the informed player. NaN where nothing may be agreed.
    """
    disagreement = problems.disagreement[chosen, :, kind]
    least = np.maximum(disagreement, problems.outside[chosen, :, kind])
    least = np.maximum(least, problems.floor[chosen])
    low, high = problems.low[chosen], problems.high[chosen]
    curvature = problems.curvature
    ends = np.full((len(low), 2, low.shape[1]), np.nan)
    range_worlds(
        np.ascontiguousarray(problems.base[chosen, :, kind]),
        np.ascontiguousarray(problems.slope[chosen, :, kind]),
        np.ascontiguousarray(low), np.ascontiguousarray(high),
        np.empty((0, 2)) if curvature is None else np.ascontiguousarray(curvature[chosen]),
        np.ascontiguousarray(disagreement), np.ascontiguousarray(least), ends,
    )  # fmt: skip
    return ends
