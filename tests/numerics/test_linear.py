"""Sparse and dense solving against NumPy; lanes against one world at a time."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from tenbin.numerics.elimination import plan_elimination
from tenbin.numerics.lanes import factor_lanes, lane_exp, lane_log, solve_lanes
from tenbin.numerics.linear import factor_sparse, solve_dense, solve_sparse, unpack
from tenbin.numerics.vector import LANES, load, store


@numba.njit
def sparse(rows, columns, diagonal, order, matrix, first, second, work, more):
    sign = factor_sparse(rows, columns, diagonal, matrix, work)
    if sign != 0:
        solve_sparse(rows, columns, diagonal, order, matrix, first, second, work, more)
    return sign


@numba.njit
def dense(rows, columns, order, matrix, full, first, second):
    unpack(rows, columns, order, matrix, full)
    return solve_dense(full, first, second)


@numba.njit
def lanes(rows, columns, diagonal, order, matrix, first, second, work, more, sign):
    factor_lanes(rows, columns, diagonal, matrix, work, sign)
    solve_lanes(rows, columns, diagonal, order, matrix, first, second, work, more)


@numba.njit
def exps(x, out):
    for i in range(len(x)):
        store(out, i, lane_exp(load(x, i)))


@numba.njit
def logs(x, out):
    for i in range(len(x)):
        store(out, i, lane_log(load(x, i)))


def system(seed: int, size: int = 15):
    """A sparse system: full matrix, its plan, its packed numbers, two right-hand sides."""
    rng = np.random.default_rng(seed)
    pattern = (rng.random((size, size)) < 0.2) | np.eye(size, dtype=bool)
    full = np.where(pattern, rng.normal(size=(size, size)), 0.0) + 3 * np.eye(size)
    plan = plan_elimination(pattern)
    matrix = np.zeros(len(plan.column))
    rows, columns = np.nonzero(pattern)
    at = plan.entries(rows.astype(np.int32), columns.astype(np.int32))
    matrix[at] = full[rows, columns]
    return full, plan, matrix, rng.normal(size=(2, size))


@pytest.mark.parametrize("seed", range(4))
def test_sparse_solution_is_numpys(seed):
    full, plan, matrix, right = system(seed)
    wanted = np.linalg.solve(full, right.T).T
    sign = sparse(
        plan.row_start, plan.column, plan.diagonal, plan.order, matrix, *right, *np.zeros((2, 15))
    )

    assert sign == np.sign(np.linalg.det(full))
    assert np.allclose(right, wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_dense_solution_is_numpys(seed):
    full, plan, matrix, right = system(seed)
    wanted = np.linalg.solve(full, right.T).T

    sign = dense(plan.row_start, plan.column, plan.order, matrix, np.empty((15, 15)), *right)

    assert sign == np.sign(np.linalg.det(full))
    assert np.allclose(right, wanted, rtol=1e-10, atol=1e-12)


def test_zero_pivot_is_refused_without_exchange_and_solved_with_it():
    plan = plan_elimination(np.ones((2, 2), dtype=bool))
    matrix = np.array([0.0, 1.0, 1.0, 0.0])
    right = np.array([[2.0, 3.0], [1.0, 0.0]])
    tables = plan.row_start, plan.column, plan.diagonal, plan.order

    assert sparse(*tables, matrix.copy(), *right.copy(), *np.zeros((2, 2))) == 0
    full = np.empty((2, 2))
    assert dense(plan.row_start, plan.column, plan.order, matrix, full, *right) == -1
    assert right.tolist() == [[3.0, 2.0], [0.0, 1.0]]


def test_singular_matrix_has_sign_zero():
    plan = plan_elimination(np.ones((2, 2), dtype=bool))
    full = np.empty((2, 2))

    assert dense(plan.row_start, plan.column, plan.order, np.ones(4), full, *np.ones((2, 2))) == 0


def test_lanes_solve_each_its_own_system():
    full, plan, matrix, _ = system(0)
    rng = np.random.default_rng(1)
    scale = rng.uniform(0.5, 2.0, LANES)
    right = rng.normal(size=(2, 15, LANES))
    wanted = np.linalg.solve(full, right) / scale
    sign = np.zeros(LANES)
    tables = plan.row_start, plan.column, plan.diagonal, plan.order

    lanes(*tables, matrix[:, None] * scale, *right, *np.zeros((2, 15, LANES)), sign)

    assert np.allclose(right, wanted, rtol=1e-10, atol=1e-12)
    assert set(sign) == {np.sign(np.linalg.det(full))}


def in_lanes(numbers: np.ndarray) -> np.ndarray:
    """The numbers as rows of lanes, the last repeated to fill the last row."""
    short = -len(numbers) % LANES
    return np.append(numbers, np.repeat(numbers[-1], short)).reshape(-1, LANES)


def test_lane_exponential_is_exact_to_rounding():
    x = in_lanes(np.concatenate([-np.logspace(-12, np.log10(699), 4000), [0.0]]))
    out = np.empty_like(x)

    exps(x, out)

    assert np.max(np.abs(out / np.exp(x) - 1)) < 5e-16


def test_lane_exponential_of_what_cannot_happen_is_zero():
    x = in_lanes(np.array([-np.inf, -1e300, -701.0]))
    out = np.empty_like(x)

    exps(x, out)

    assert not out.any()


def test_lane_logarithm_is_exact_to_rounding():
    x = in_lanes(np.concatenate([np.linspace(1, 3, 2001), np.logspace(-5, 9, 2000)]))
    out = np.empty_like(x)

    logs(x, out)

    assert np.max(np.abs(out - np.log(x)) / np.maximum(np.abs(np.log(x)), 1)) < 5e-16
