"""The fixed order of elimination: fill, packing, and what it saves."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.numerics.elimination import plan_elimination


def random_pattern(seed: int, size: int = 12) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.random((size, size)) < 0.2


def eliminate(plan, matrix: np.ndarray) -> np.ndarray:
    """Gaussian elimination in the plan's order on a full matrix."""
    work = matrix[np.ix_(plan.order, plan.order)].copy()
    for k in range(len(work)):
        for i in range(k + 1, len(work)):
            work[i, k:] -= work[i, k] / work[k, k] * work[k, k:]
    return work


@pytest.mark.parametrize("seed", range(5))
def test_fill_stays_inside_the_packed_pattern(seed):
    pattern = random_pattern(seed)
    plan = plan_elimination(pattern)
    rng = np.random.default_rng(seed)
    matrix = np.where(pattern, rng.normal(size=pattern.shape), 0.0) + 9 * np.eye(len(pattern))

    reduced = eliminate(plan, matrix)

    packed = np.zeros(pattern.shape, dtype=bool)
    owner = np.repeat(np.arange(len(pattern)), np.diff(plan.row_start))
    packed[owner, plan.column] = True
    assert not np.any((np.abs(np.triu(reduced)) > 1e-14) & ~packed)


def test_diagonal_entries_lie_on_the_diagonal():
    plan = plan_elimination(random_pattern(7))

    assert plan.column[plan.diagonal].tolist() == list(range(12))


def test_entries_are_found_by_unknown():
    pattern = random_pattern(3) | np.eye(12, dtype=bool)
    plan = plan_elimination(pattern)
    rows, columns = np.nonzero(pattern)

    at = plan.entries(rows.astype(np.int32), columns.astype(np.int32))

    assert plan.order[plan.column[at]].tolist() == columns.tolist()


def test_arrow_pattern_is_eliminated_from_its_tips():
    pattern = np.eye(8, dtype=bool)
    pattern[0, :] = pattern[:, 0] = True

    plan = plan_elimination(pattern)

    assert plan.multiplications == 7
    assert len(plan.column) == 3 * 8 - 2


def test_nothing_to_eliminate_is_a_plan_too():
    plan = plan_elimination(np.zeros((0, 0), dtype=bool))

    assert plan.row_start.tolist() == [0]
