"""The two ends of the efficient agreements that may be made."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.frontier_kernel import (
    EMPTY,
    build_frontier,
    first_place,
    last_place,
    set_shares,
    size_of,
)
from tenbin.numerics.compiling import entry_kernel

__all__ = ["range_worlds"]


@entry_kernel
def range_worlds(base, slope, low, high, curvature, disagreement, least, ends):
    """Write the shares [N, 2, J] at both ends; NaN where nothing may be agreed.

    `least` [N, 2] are payoffs that each side must have at least.
    """
    n_issues = low.shape[1]
    gains = np.empty((2, n_issues + 1))
    segment = np.empty(n_issues, dtype=np.int64)
    start = np.empty(n_issues)
    curve = np.empty(8)
    curved = curvature.shape[0] > 0
    none = np.empty(0)
    for w in range(low.shape[0]):
        bend = curvature[w] if curved else none
        n = build_frontier(base[w], slope[w], low[w], high[w], bend, disagreement[w], gains,
                           segment, start, curve)  # fmt: skip
        if n == EMPTY:
            continue
        size = size_of(n, gains)
        begin = first_place(least[w, 0] - disagreement[w, 0], n, gains, curve, curved, size)
        end = last_place(least[w, 1] - disagreement[w, 1], n, gains, curve, curved, size)
        if begin == EMPTY or end == EMPTY or begin > end + 1e-12 * max(1, n):
            continue
        set_shares(begin, n, segment, start, slope[w], low[w], high[w], ends[w, 0])
        set_shares(max(begin, end), n, segment, start, slope[w], low[w], high[w], ends[w, 1])
