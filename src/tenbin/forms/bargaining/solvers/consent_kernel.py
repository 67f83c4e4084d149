"""Distributions of limits that are not known: probability of consent, and how fast it rises.

Every distribution here has a logarithmically concave density, so the logarithm of the probability
of consent is concave.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from math import erfc, exp, lgamma, log, pi, sqrt

import numpy as np

from tenbin.forms.bargaining.tables import BETA, NORMAL, TRIANGULAR, UNIFORM
from tenbin.numerics.compiling import kernel

__all__ = ["bottom_of", "consent", "log_rise", "top_of"]

FAR_BELOW = -4.0
"""Standard deviations below which the normal's tail comes from a continued fraction."""
FRACTIONS = 300
TINY = 1e-300


@kernel
def bottom_of(kind, p):
    """The least limit that can be drawn; p [4] are the parameters."""
    if kind == NORMAL:
        return -np.inf
    return p[2] if kind == BETA else p[0]


@kernel
def top_of(kind, p):
    """The greatest limit that can be drawn."""
    if kind == NORMAL:
        return np.inf
    if kind == UNIFORM:
        return p[1]
    return p[2] if kind == TRIANGULAR else p[3]


@kernel
def _tail_fraction(x):
    """Density over tail of the standard normal, x above 3 standard deviations."""
    value = x
    for n in range(60, 0, -1):
        value = x + n / value
    return value


@kernel
def _beta_fraction(x, a, b):
    """The continued fraction of the incomplete beta function (modified Lentz)."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    value = d
    for m in range(1, FRACTIONS):
        up = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 + up * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + up / c
        c = c if abs(c) > TINY else TINY
        value *= d * c
        down = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 + down * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + down / c
        c = c if abs(c) > TINY else TINY
        step = d * c
        value *= step
        if abs(step - 1.0) < 1e-16:
            break
    return value


@kernel
def _beta_parts(x, a, b):
    """Probability of less than x and density at x of a beta, x inside (0, 1)."""
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    front = exp(scale + a * log(x) + b * log(1.0 - x))
    if x < (a + 1.0) / (a + b + 2.0):
        below = front * _beta_fraction(x, a, b) / a
    else:
        below = 1.0 - front * _beta_fraction(1.0 - x, b, a) / b
    return below, front / (x * (1.0 - x))


@kernel
def consent(kind, p, z):
    """The probability that the limit is at most z."""
    if kind == NORMAL:
        return 0.5 * erfc(-(z - p[0]) / (p[1] * sqrt(2.0)))
    if z <= bottom_of(kind, p):
        return 0.0
    if z >= top_of(kind, p):
        return 1.0
    if kind == UNIFORM:
        return (z - p[0]) / (p[1] - p[0])
    if kind == TRIANGULAR:
        if z <= p[1]:
            return (z - p[0]) ** 2 / ((p[2] - p[0]) * (p[1] - p[0]))
        return 1.0 - (p[2] - z) ** 2 / ((p[2] - p[0]) * (p[2] - p[1]))
    return _beta_parts((z - p[2]) / (p[3] - p[2]), p[0], p[1])[0]


@kernel
def log_rise(kind, p, z):
    """How fast the logarithm of the probability of consent rises in z, and that rate's slope.

    Below the least limit the rate is infinite, above the greatest zero.
    """
    if kind == NORMAL:
        u = (z - p[0]) / p[1]
        if u < FAR_BELOW:
            rate = _tail_fraction(-u)
        else:
            rate = exp(-0.5 * u * u) / sqrt(2.0 * pi) / (0.5 * erfc(-u / sqrt(2.0)))
        return rate / p[1], -rate * (u + rate) / (p[1] * p[1])
    if z <= bottom_of(kind, p):
        return np.inf, -np.inf
    if z >= top_of(kind, p):
        return 0.0, 0.0
    if kind == UNIFORM:
        rate = 1.0 / (z - p[0])
        return rate, -rate * rate
    if kind == TRIANGULAR:
        if z <= p[1]:
            rate = 2.0 / (z - p[0])
            return rate, -2.0 / (z - p[0]) ** 2
        area = (p[2] - p[0]) * (p[2] - p[1])
        below = 1.0 - (p[2] - z) ** 2 / area
        density = 2.0 * (p[2] - z) / area
        rate = density / below
        return rate, -2.0 / (area * below) - rate * rate
    width = p[3] - p[2]
    x = (z - p[2]) / width
    below, density = _beta_parts(x, p[0], p[1])
    rate = density / below if below > TINY else p[0] / x
    bend = (p[0] - 1.0) / x - (p[1] - 1.0) / (1.0 - x)
    return rate / width, rate * (bend - rate) / (width * width)
