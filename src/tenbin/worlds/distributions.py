"""Quantiles of uncertainties: what a uniform draw becomes.

SciPy is imported by those distributions that need it: it takes as long as reading a scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenbin.scenario.language import Array
from tenbin.scenario.objects import Uncertainty

__all__ = ["central_value", "quantile"]


@dataclass(frozen=True, slots=True)
class _Distribution:
    """A distribution as its cumulative function and that function's inverse."""

    cumulative: Callable[[float], float]
    inverse: Callable[[Array], Array]


def quantile(uncertainty: Uncertainty, share: Array) -> Array:
    """The number below which each share [W] of the draws lies, within the truncation.

    Parameters
    ----------
    uncertainty
        A range counts as uniform, although no probability is claimed of it.
    share
        Numbers in [0, 1], any shape.

    Returns
    -------
    Numbers of the same shape, in the uncertainty's unit.
    """
    if uncertainty.kind == "choice":
        return _choice(uncertainty, share)
    if uncertainty.kind in ("normal", "lognormal"):
        return _bell(uncertainty, share)
    distribution = _DISTRIBUTIONS[uncertainty.kind](uncertainty)
    low, high = (distribution.cumulative(end) for end in (uncertainty.low, uncertainty.high))
    value = distribution.inverse(low + share * (high - low))
    return np.clip(value, uncertainty.low, uncertainty.high)


def central_value(uncertainty: Uncertainty) -> float:
    """The midpoint of a range or of a uniform's support, else the median; of a choice its mode."""
    if uncertainty.kind == "choice":
        return uncertainty.values[int(np.argmax(uncertainty.probabilities))]
    if uncertainty.kind in ("range", "uniform"):
        return 0.5 * (uncertainty.low + uncertainty.high)
    return float(quantile(uncertainty, np.array([0.5]))[0])


def _choice(uncertainty: Uncertainty, share: Array) -> Array:
    bounds = np.cumsum(uncertainty.probabilities)[:-1]
    return np.asarray(uncertainty.values, dtype=np.float64)[
        np.searchsorted(bounds, share, side="right")
    ]


def _bell(uncertainty: Uncertainty, share: Array) -> Array:
    """Normal, and lognormal as the exponential of a normal, each within its truncation.

    A truncation above the middle is mirrored, since small tails are exact and large ones are not.
    """
    middle, spread = uncertainty.parameters
    ends = np.array([uncertainty.low, uncertainty.high])
    logarithmic = uncertainty.kind == "lognormal"
    if logarithmic:
        middle = np.log(middle)
        with np.errstate(divide="ignore"):
            ends = np.log(np.maximum(ends, 0.0))
    low, high = (ends - middle) / spread
    if low > 0.0:
        standard = -_standard_normal(1.0 - share, -high, -low)
    else:
        standard = _standard_normal(share, low, high)
    value = middle + spread * standard
    if logarithmic:
        with np.errstate(over="ignore"):
            value = np.exp(value)
    return np.clip(value, uncertainty.low, uncertainty.high)


def _standard_normal(share: Array, low: float, high: float) -> Array:
    from scipy.special import ndtr, ndtri

    below, above = ndtr(low), ndtr(high)
    return np.asarray(ndtri(below + share * (above - below)))


def _uniform(uncertainty: Uncertainty) -> _Distribution:
    low, high = uncertainty.parameters
    width = high - low
    return _Distribution(
        lambda x: min(max((x - low) / width, 0.0), 1.0), lambda share: low + share * width
    )


def _beta(uncertainty: Uncertainty) -> _Distribution:
    """A beta is spread over its support, so nothing is cut off."""
    from scipy.special import betainc, betaincinv

    first, second = uncertainty.parameters
    low, width = uncertainty.low, uncertainty.high - uncertainty.low
    return _Distribution(
        lambda x: float(betainc(first, second, (x - low) / width)),
        lambda share: low + width * np.asarray(betaincinv(first, second, share)),
    )


def _triangular(uncertainty: Uncertainty) -> _Distribution:
    low, mode, high = uncertainty.parameters
    width, rise, fall = high - low, mode - low, high - mode

    def cumulative(x: float) -> float:
        x = min(max(x, low), high)
        if x <= mode:
            return (x - low) ** 2 / (width * rise) if rise > 0.0 else 0.0
        return 1.0 - (high - x) ** 2 / (width * fall)

    def inverse(share: Array) -> Array:
        rising = low + np.sqrt(share * width * rise)
        falling = high - np.sqrt((1.0 - share) * width * fall)
        return np.where(share * width < rise, rising, falling)

    return _Distribution(cumulative, inverse)


_DISTRIBUTIONS: dict[str, Callable[[Uncertainty], _Distribution]] = {
    "range": _uniform,
    "uniform": _uniform,
    "beta": _beta,
    "triangular": _triangular,
}
