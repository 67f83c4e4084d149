"""The beliefs that favour an action most, against a linear programme by SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from tenbin.forms.tree.solvers.pure_kernel import best_beliefs


def reference(gains: np.ndarray) -> float:
    """The largest smallest advantage over all beliefs."""
    classes, others = gains.shape
    found = linprog(
        [*[0.0] * classes, -1.0],
        A_ub=np.hstack([-gains.T, np.ones((others, 1))]),
        b_ub=np.zeros(others),
        A_eq=[[*[1.0] * classes, 0.0]],
        b_eq=[1.0],
        bounds=[*[(0, None)] * classes, (None, None)],
    )
    return -found.fun


@pytest.mark.parametrize("classes", [1, 2, 3, 5])
@pytest.mark.parametrize("others", [1, 2, 4])
@pytest.mark.parametrize("integers", [False, True])
def test_advantage_is_the_largest(classes, others, integers):
    rng = np.random.default_rng(100 * classes + others)
    gains = rng.standard_normal((40, classes, others))
    gains = np.round(gains) if integers else gains
    worth, belief = np.zeros(40), np.zeros((40, classes))
    best_beliefs(gains, worth, belief)

    assert np.allclose(worth, [reference(one) for one in gains], atol=1e-9)
    assert np.allclose(belief.sum(axis=1), 1.0)
    assert (belief >= 0).all()
