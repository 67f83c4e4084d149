"""Sixteen worlds side by side: exponential, logarithm and elimination that vectorise.

Arrays have the lane as their last axis, and every inner loop runs over it with a fixed length, so
that the compiler turns it into vector instructions. Each lane's arithmetic is its own: a world's
result does not depend on what the other lanes hold.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from tenbin.numerics.compiling import kernel
from tenbin.numerics.linear import SMALLEST_PIVOT

__all__ = ["LANES", "factor_lanes", "lane_exp", "lane_log", "solve_lanes"]

LANES = 16

SMALLEST_EXPONENT = -700.0
LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
ROUNDER = 6755399441055744.0
"""1.5 * 2**52: adding it rounds to a whole number, which then stands in the lowest bits."""

HALF_ROOT = 0x3FE6A09E667F3BCD
"""The bits of the square root of one half."""


def _reinterpret(source: Any, target: Any) -> Any:
    """An intrinsic that reads the bits of one number as another."""

    def build(_context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> Any:
        kind = ir.DoubleType() if signature.return_type == types.float64 else ir.IntType(64)
        return builder.bitcast(arguments[0], kind)

    def typing(_context: Any, _value: Any) -> Any:
        return target(source), build

    return intrinsic(typing)


float_bits = _reinterpret(types.float64, types.int64)
bits_float = _reinterpret(types.int64, types.float64)


@kernel
def lane_exp(x):
    """exp(x) for x <= 0 to about 2e-16; zero below -700."""
    shifted = x * LOG2_E + ROUNDER
    k = shifted - ROUNDER
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 1.0 / 6227020800.0
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
    scale = bits_float((float_bits(shifted) + 1023) << 52)
    return p * scale if x > SMALLEST_EXPONENT else 0.0


@kernel
def lane_log(x):
    """log(x) for normal x > 0 to about 2e-16."""
    bits = float_bits(x)
    k = (bits - HALF_ROOT) >> 52
    m = bits_float(bits - (k << 52))
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = 2.0 / 23.0
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
    e = float(k)
    return e * LN2_HIGH + (f * (p * s + 2.0) + e * LN2_LOW)


@kernel
def factor_lanes(row_start, column, diagonal, matrix, row, largest, sign):
    """Factors of packed matrices [nonzeros, LANES] in place; signs of determinants [LANES].

    As `linear.factor_sparse`; row [K, LANES] and largest [LANES] are work.
    """
    for lane in range(LANES):
        sign[lane] = 1.0
    for i in range(len(diagonal)):
        start, middle, stop = row_start[i], diagonal[i], row_start[i + 1]
        for q in range(start, stop):
            j = column[q]
            for lane in range(LANES):
                row[j, lane] = matrix[q, lane]
        for q in range(start, middle):
            k = column[q]
            pivot = diagonal[k]
            for lane in range(LANES):
                matrix[q, lane] = row[k, lane] * matrix[pivot, lane]
            for r in range(pivot + 1, row_start[k + 1]):
                j = column[r]
                for lane in range(LANES):
                    row[j, lane] -= matrix[q, lane] * matrix[r, lane]
        for lane in range(LANES):
            largest[lane] = 0.0
        for q in range(middle + 1, stop):
            j = column[q]
            for lane in range(LANES):
                value = row[j, lane]
                matrix[q, lane] = value
                largest[lane] = max(largest[lane], abs(value))
        for lane in range(LANES):
            pivot_value = row[i, lane]
            good = 1.0 if abs(pivot_value) > SMALLEST_PIVOT * largest[lane] else 0.0
            sign[lane] *= good if pivot_value > 0.0 else -good
            matrix[middle, lane] = 1.0 / pivot_value


@kernel
def solve_lanes(row_start, column, diagonal, order, matrix, right, work):
    """Overwrite right-hand sides [K, LANES], in the order of the unknowns, by the solutions."""
    size = len(diagonal)
    for i in range(size):
        o = order[i]
        for lane in range(LANES):
            work[i, lane] = right[o, lane]
        for q in range(row_start[i], diagonal[i]):
            k = column[q]
            for lane in range(LANES):
                work[i, lane] -= matrix[q, lane] * work[k, lane]
    for i in range(size - 1, -1, -1):
        o, middle = order[i], diagonal[i]
        for q in range(middle + 1, row_start[i + 1]):
            k = column[q]
            for lane in range(LANES):
                work[i, lane] -= matrix[q, lane] * work[k, lane]
        for lane in range(LANES):
            work[i, lane] *= matrix[middle, lane]
            right[o, lane] = work[i, lane]
