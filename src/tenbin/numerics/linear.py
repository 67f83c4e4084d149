"""Solving one world's linear system: sparse along fixed tables, or dense with pivoting."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.numerics.compiling import kernel

__all__ = ["clear", "copy", "factor_sparse", "solve_dense", "solve_sparse", "unpack"]

SMALLEST_PIVOT = 1e-11
"""A pivot below this share of its row is refused: the elimination has lost its digits."""


@kernel
def clear(array):
    """Set a vector to zero."""
    for i in range(len(array)):
        array[i] = 0.0


@kernel
def copy(source, target):
    """Copy a vector."""
    for i in range(len(source)):
        target[i] = source[i]


@kernel
def factor_sparse(row_start, column, diagonal, matrix, row):
    """Factors of a packed matrix in place (see `Elimination`); the sign of its determinant.

    The reciprocals of the pivots stand on the diagonal afterwards. The sign is 0 where a pivot is
    too small to go on without exchanging rows. `row` [K] is work.
    """
    sign = 1
    for i in range(len(diagonal)):
        start, middle, stop = row_start[i], diagonal[i], row_start[i + 1]
        for q in range(start, stop):
            row[column[q]] = matrix[q]
        for q in range(start, middle):
            k = column[q]
            factor = row[k] * matrix[diagonal[k]]
            matrix[q] = factor
            for r in range(diagonal[k] + 1, row_start[k + 1]):
                row[column[r]] -= factor * matrix[r]
        pivot, largest = row[i], 0.0
        for q in range(middle + 1, stop):
            matrix[q] = row[column[q]]
            largest = max(largest, abs(matrix[q]))
        if not abs(pivot) > SMALLEST_PIVOT * largest:
            return 0
        matrix[middle] = 1.0 / pivot
        if pivot < 0:
            sign = -sign
    return sign


@kernel
def solve_sparse(row_start, column, diagonal, order, matrix, first, second, work, more):
    """Overwrite two right-hand sides [K], in the order of the unknowns, by their solutions."""
    size = len(diagonal)
    for i in range(size):
        one, two = first[order[i]], second[order[i]]
        for q in range(row_start[i], diagonal[i]):
            k = column[q]
            one -= matrix[q] * work[k]
            two -= matrix[q] * more[k]
        work[i], more[i] = one, two
    for i in range(size - 1, -1, -1):
        one, two = work[i], more[i]
        for q in range(diagonal[i] + 1, row_start[i + 1]):
            k = column[q]
            one -= matrix[q] * work[k]
            two -= matrix[q] * more[k]
        inverse = matrix[diagonal[i]]
        work[i], more[i] = one * inverse, two * inverse
        first[order[i]], second[order[i]] = work[i], more[i]


@kernel
def unpack(row_start, column, order, matrix, dense):
    """Write a packed matrix into `dense` [K, K], rows and columns named by unknown."""
    for i in range(len(order)):
        for j in range(len(order)):
            dense[i, j] = 0.0
    for i in range(len(order)):
        for q in range(row_start[i], row_start[i + 1]):
            dense[order[i], order[column[q]]] = matrix[q]


@kernel
def solve_dense(dense, first, second):
    """Overwrite two right-hand sides [K] by their solutions; the sign of the determinant.

    Rows are exchanged for the largest pivot; `dense` is destroyed. The sign is 0 where the matrix
    is singular or not finite.
    """
    size = len(first)
    sign = 1
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(dense[i, k]) > abs(dense[best, k]):
                best = i
        pivot = dense[best, k]
        if not (np.isfinite(pivot) and pivot != 0.0):
            return 0
        if best != k:
            sign = -sign
            for j in range(size):
                dense[k, j], dense[best, j] = dense[best, j], dense[k, j]
            first[k], first[best] = first[best], first[k]
            second[k], second[best] = second[best], second[k]
        if pivot < 0:
            sign = -sign
        for i in range(k + 1, size):
            factor = dense[i, k] / pivot
            if factor != 0.0:
                for j in range(k + 1, size):
                    dense[i, j] -= factor * dense[k, j]
                first[i] -= factor * first[k]
                second[i] -= factor * second[k]
    for i in range(size - 1, -1, -1):
        for j in range(i + 1, size):
            first[i] -= dense[i, j] * first[j]
            second[i] -= dense[i, j] * second[j]
        first[i] /= dense[i, i]
        second[i] /= dense[i, i]
    return sign
