"""Quantiles against SciPy's distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tenbin.scenario.objects import Uncertainty
from tenbin.worlds import central_value, quantile

INF = math.inf
SHARES = np.linspace(0.001, 0.999, 999)


def truncated(distribution, low, high):
    below, above = distribution.cdf(low), distribution.cdf(high)
    return lambda share: distribution.ppf(below + share * (above - below))


CASES = {
    "uniform": (Uncertainty("u", "uniform", (2, 5), 2, 5), stats.uniform(2, 3).ppf),
    "range_is_uniform": (Uncertainty("u", "range", (-1, 1), -1, 1), stats.uniform(-1, 2).ppf),
    "uniform_truncated": (
        Uncertainty("u", "uniform", (0, 10), 2, 4),
        stats.uniform(2, 2).ppf,
    ),
    "normal": (Uncertainty("u", "normal", (3, 2), -INF, INF), stats.norm(3, 2).ppf),
    "normal_truncated": (
        Uncertainty("u", "normal", (3, 2), 0, 4),
        truncated(stats.norm(3, 2), 0, 4),
    ),
    "normal_truncated_far_above": (
        Uncertainty("u", "normal", (0, 1), 9, INF),
        lambda share: -stats.norm.ppf((1 - share) * stats.norm.cdf(-9)),
    ),
    "lognormal_by_median": (
        Uncertainty("u", "lognormal", (100, 0.5), 0, INF),
        stats.lognorm(0.5, scale=100).ppf,
    ),
    "lognormal_truncated": (
        Uncertainty("u", "lognormal", (100, 0.5), 50, 300),
        truncated(stats.lognorm(0.5, scale=100), 50, 300),
    ),
    "beta": (Uncertainty("u", "beta", (4, 2), 0, 1), stats.beta(4, 2).ppf),
    "beta_on_an_interval": (Uncertainty("u", "beta", (4, 2), 10, 30), stats.beta(4, 2, 10, 20).ppf),
    "triangular": (
        Uncertainty("u", "triangular", (1, 2, 5), 1, 5),
        stats.triang(0.25, 1, 4).ppf,
    ),
    "triangular_mode_at_low": (
        Uncertainty("u", "triangular", (0, 0, 1), 0, 1),
        stats.triang(0, 0, 1).ppf,
    ),
    "triangular_mode_at_high": (
        Uncertainty("u", "triangular", (0, 1, 1), 0, 1),
        stats.triang(1, 0, 1).ppf,
    ),
    "triangular_truncated": (
        Uncertainty("u", "triangular", (1, 2, 5), 1.5, 4),
        truncated(stats.triang(0.25, 1, 4), 1.5, 4),
    ),
}


@pytest.mark.parametrize(("uncertainty", "expected"), CASES.values(), ids=CASES)
def test_quantile_agrees_with_theory(uncertainty, expected):
    np.testing.assert_allclose(
        quantile(uncertainty, SHARES), expected(SHARES), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize(("uncertainty", "expected"), CASES.values(), ids=CASES)
def test_quantile_rises_and_stays_within_bounds(uncertainty, expected):
    values = quantile(uncertainty, np.array([0.0, 1e-12, 0.5, 1 - 1e-12, 1.0]))

    assert (np.diff(values) >= 0).all()
    assert values[0] >= uncertainty.low
    assert values[-1] <= uncertainty.high


def test_choice_takes_each_value_in_its_share():
    coin = Uncertainty("u", "choice", (), 0, 7, (0.0, 1.0, 7.0), (0.2, 0.5, 0.3))

    values = quantile(coin, (np.arange(1000) + 0.5) / 1000)

    assert [int((values == value).sum()) for value in (0, 1, 7)] == [200, 500, 300]


def test_central_value_is_midpoint_median_or_mode():
    cases = {
        "range": Uncertainty("u", "range", (0, 3), 0, 3),
        "normal": Uncertainty("u", "normal", (0, 1), 0, INF),
        "lognormal": Uncertainty("u", "lognormal", (5, 1), 0, INF),
        "choice": Uncertainty("u", "choice", (), 1, 2, (1.0, 2.0), (0.4, 0.6)),
    }

    found = {kind: central_value(uncertainty) for kind, uncertainty in cases.items()}

    assert found == pytest.approx(
        {"range": 1.5, "normal": stats.norm.ppf(0.75), "lognormal": 5.0, "choice": 2.0}
    )
