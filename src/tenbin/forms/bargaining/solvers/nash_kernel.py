"""The place on the frontier where the weighted product of gains is largest."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from tenbin.forms.bargaining.solvers.frontier_kernel import gain_at, rise_at
from tenbin.numerics.compiling import kernel

__all__ = ["nash_place"]

HALVINGS = 200
"""Enough to come down to neighbouring numbers."""


@kernel
def _advantage(place, k, power, n, gains, curve, curved):
    """Of the sign of the derivative of the weighted product, on segment k."""
    first = gain_at(0, place, n, gains, curve, curved)
    second = gain_at(1, place, n, gains, curve, curved)
    inner = place if curved else k + 0.5
    rise = rise_at(0, inner, n, gains, curve, curved)
    fall = rise_at(1, inner, n, gains, curve, curved)
    return power * rise * second + (1.0 - power) * fall * first


@kernel
def nash_place(begin, end, power, n, gains, curve, curved):
    """The place in [begin, end] with the largest g1 ** power * g2 ** (1 - power).

    The derivative's sign falls along the frontier; on a linear segment it is that of a linear
    function, whose root is the answer.
    """
    if n == 0 or begin >= end:
        return begin
    if curved:
        low, high = begin, end
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if not low < middle < high:
                break
            if _advantage(middle, 0, power, n, gains, curve, curved) > 0.0:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)
    k = min(int(begin), n - 1)
    here = begin
    while True:
        there = min(end, k + 1.0)
        at_here = _advantage(here, k, power, n, gains, curve, curved)
        if at_here <= 0.0:
            return here
        at_there = _advantage(there, k, power, n, gains, curve, curved)
        if at_there <= 0.0:
            return here + (there - here) * at_here / (at_here - at_there)
        if there >= end:
            return end
        here = there
        k += 1
