"""Probabilities of consent and means of what is private, by SciPy; kernels have their own."""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining import tables
from tenbin.scenario.language import Array

__all__ = ["mean_above", "probability_below"]


def probability_below(kind: int, parameters: Array, z: Array) -> Array:
    """The probability [n] that a draw is at most z [n]; parameters [n, 4] as in `Consents`."""
    p = parameters.T
    match kind:
        case tables.UNIFORM:
            return np.clip((z - p[0]) / (p[1] - p[0]), 0.0, 1.0)
        case tables.NORMAL:
            from scipy.special import ndtr

            return np.asarray(ndtr((z - p[0]) / p[1]))
        case tables.TRIANGULAR:
            z = np.clip(z, p[0], p[2])
            with np.errstate(divide="ignore", invalid="ignore"):
                rising = (z - p[0]) ** 2 / ((p[2] - p[0]) * (p[1] - p[0]))
                falling = 1.0 - (p[2] - z) ** 2 / ((p[2] - p[0]) * (p[2] - p[1]))
            return np.where((z <= p[1]) & (p[1] > p[0]), rising, np.where(z >= p[2], 1.0, falling))
        case _:
            from scipy.special import betainc

            inside = np.clip((z - p[2]) / (p[3] - p[2]), 0.0, 1.0)
            return np.asarray(betainc(p[0], p[1], inside))


def mean_above(kind: int, parameters: Array, z: Array) -> Array:
    """The mean [n] of a draw times whether it is above z [n]."""
    p = parameters.T
    match kind:
        case tables.UNIFORM:
            low = np.clip(z, p[0], p[1])
            return (p[1] ** 2 - low**2) / (2.0 * (p[1] - p[0]))
        case tables.NORMAL:
            u = (z - p[0]) / p[1]
            density = np.exp(-0.5 * u * u) / np.sqrt(2.0 * np.pi)
            return p[0] * (1.0 - probability_below(kind, parameters, z)) + p[1] * density
        case tables.TRIANGULAR:
            return _triangular_above(p, np.clip(z, p[0], p[2]))
        case _:
            from scipy.special import betainc

            inside = np.clip((z - p[2]) / (p[3] - p[2]), 0.0, 1.0)
            above = 1.0 - betainc(p[0], p[1], inside)
            mean = p[0] / (p[0] + p[1])
            shifted = mean * (1.0 - betainc(p[0] + 1.0, p[1], inside))
            return np.asarray(p[2] * above + (p[3] - p[2]) * shifted)


def _triangular_above(p: Array, z: Array) -> Array:
    """Integrals of x times the two straight parts of a triangular density."""

    def rising(x: Array) -> Array:
        area = (p[2] - p[0]) * (p[1] - p[0])
        whole = x**3 / 3.0 - p[0] * x**2 / 2.0
        return np.where(p[1] > p[0], 2.0 * whole / np.where(area > 0, area, 1.0), 0.0)

    def falling(x: Array) -> Array:
        area = (p[2] - p[0]) * (p[2] - p[1])
        whole = p[2] * x**2 / 2.0 - x**3 / 3.0
        return np.where(p[2] > p[1], 2.0 * whole / np.where(area > 0, area, 1.0), 0.0)

    low = np.minimum(z, p[1])
    return rising(p[1]) - rising(low) + falling(p[2]) - falling(np.maximum(z, p[1]))
