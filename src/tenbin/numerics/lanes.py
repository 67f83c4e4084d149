"""Sixteen systems side by side: exponential, logarithm and elimination in vectors.

The same as `linear.py`, with arrays whose last axis is the lane (see `vector.py`).
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from tenbin.numerics.compiling import kernel
from tenbin.numerics.linear import SMALLEST_PIVOT
from tenbin.numerics.vector import (
    exponent,
    higher,
    load,
    mantissa,
    power_of_two,
    splat,
    store,
    where_above,
)

__all__ = ["clear_lanes", "factor_lanes", "lane_exp", "lane_log", "solve_lanes"]

SMALLEST_EXPONENT = -700.0
LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
ROUNDER = 6755399441055744.0
"""1.5 * 2**52: adding it rounds to a whole number, which then stands in the lowest bits."""


@kernel
def lane_exp(x):
    """exp(x) for x <= 0 to about 2e-16; zero below -700."""
    shifted = x * LOG2_E + ROUNDER
    k = shifted - ROUNDER
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = splat(1.0 / 6227020800.0)
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return where_above(x, SMALLEST_EXPONENT, p * power_of_two(shifted), 0.0)


@kernel
def lane_log(x):
    """log(x) for normal x > 0 to about 2e-16."""
    e, m = exponent(x), mantissa(x)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = splat(2.0 / 23.0)
    p = p * s + 2.0 / 21.0
    p = p * s + 2.0 / 19.0
    p = p * s + 2.0 / 17.0
    p = p * s + 2.0 / 15.0
    p = p * s + 2.0 / 13.0
    p = p * s + 2.0 / 11.0
    p = p * s + 2.0 / 9.0
    p = p * s + 2.0 / 7.0
    p = p * s + 2.0 / 5.0
    p = p * s + 2.0 / 3.0
    return e * LN2_HIGH + (f * (p * s + 2.0) + e * LN2_LOW)


@kernel
def clear_lanes(array):
    """Set an array [., LANES] to zero."""
    for i in range(len(array)):
        store(array, i, 0.0)


@kernel
def factor_lanes(row_start, column, diagonal, matrix, row, sign):
    """Factors of packed matrices [nonzeros, LANES] in place; signs of determinants [LANES].

    As `linear.factor_sparse`; row [K, LANES] is work.
    """
    signs = splat(1.0)
    for i in range(len(diagonal)):
        start, middle, stop = row_start[i], diagonal[i], row_start[i + 1]
        for q in range(start, stop):
            store(row, column[q], load(matrix, q))
        for q in range(start, middle):
            k = column[q]
            pivot = diagonal[k]
            factor = load(row, k) * load(matrix, pivot)
            store(matrix, q, factor)
            for r in range(pivot + 1, row_start[k + 1]):
                j = column[r]
                store(row, j, load(row, j) - factor * load(matrix, r))
        largest = splat(0.0)
        for q in range(middle + 1, stop):
            value = load(row, column[q])
            store(matrix, q, value)
            largest = higher(largest, higher(value, -value))
        value = load(row, i)
        good = where_above(higher(value, -value), SMALLEST_PIVOT * largest, 1.0, 0.0)
        signs *= where_above(value, 0.0, good, -good)
        store(matrix, middle, 1.0 / value)
    store(sign, 0, signs)


@kernel
def solve_lanes(row_start, column, diagonal, order, matrix, first, second, work, more):
    """Overwrite two right-hand sides [K, LANES], in the order of the unknowns, by the solutions."""
    size = len(diagonal)
    for i in range(size):
        one, two = load(first, order[i]), load(second, order[i])
        for q in range(row_start[i], diagonal[i]):
            k, factor = column[q], load(matrix, q)
            one -= factor * load(work, k)
            two -= factor * load(more, k)
        store(work, i, one)
        store(more, i, two)
    for i in range(size - 1, -1, -1):
        one, two = load(work, i), load(more, i)
        for q in range(diagonal[i] + 1, row_start[i + 1]):
            k, factor = column[q], load(matrix, q)
            one -= factor * load(work, k)
            two -= factor * load(more, k)
        inverse = load(matrix, diagonal[i])
        one *= inverse
        two *= inverse
        store(work, i, one)
        store(more, i, two)
        store(first, order[i], one)
        store(second, order[i], two)
