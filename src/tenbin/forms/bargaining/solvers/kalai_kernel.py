"""The place on the frontier where both gain the same share of the most that they could."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from tenbin.forms.bargaining.solvers.frontier_kernel import gain_at
from tenbin.numerics.compiling import kernel

__all__ = ["kalai_place"]

HALVINGS = 200


@kernel
def _lead(place, most_first, most_second, n, gains, curve, curved):
    """How far the first player is ahead in shares of the best gains; rises along the frontier."""
    first = gain_at(0, place, n, gains, curve, curved)
    second = gain_at(1, place, n, gains, curve, curved)
    return first * most_second - second * most_first


@kernel
def kalai_place(begin, end, n, gains, curve, curved):
    """The place in [begin, end] that the ray to the best gains there meets, else the nearer end."""
    if n == 0 or begin >= end:
        return begin
    most_first = gain_at(0, end, n, gains, curve, curved)
    most_second = gain_at(1, begin, n, gains, curve, curved)
    here = begin
    at_here = _lead(here, most_first, most_second, n, gains, curve, curved)
    if at_here >= 0.0:
        return begin
    k = min(int(begin), n - 1)
    there = end
    while True:
        there = min(end, k + 1.0)
        at_there = _lead(there, most_first, most_second, n, gains, curve, curved)
        if at_there >= 0.0:
            break
        if there >= end:
            return end
        here, at_here = there, at_there
        k += 1
    if not curved:
        return here + (there - here) * at_here / (at_here - at_there)
    for _ in range(HALVINGS):
        middle = 0.5 * (here + there)
        if not here < middle < there:
            break
        if _lead(middle, most_first, most_second, n, gains, curve, curved) < 0.0:
            here = middle
        else:
            there = middle
    return 0.5 * (here + there)
