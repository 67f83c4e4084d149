"""Correlated costs as one common factor: given it, costs are independent.

The factor is standard normal; expectations over it are sums over nodes of a quadrature rule.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from tenbin.forms.cascade.tables import CascadeGame
from tenbin.scenario.language import Array

__all__ = ["given_factor"]

NODES = 400
REACH = 8.5
"""Standard deviations of the factor that the rule covers."""


@cache
def _rule() -> tuple[Array, Array]:
    """Nodes and weights [Z] of the standard normal distribution (Gauss-Legendre)."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    at = REACH * nodes
    found = REACH * weights * np.exp(-0.5 * at**2) / np.sqrt(2.0 * np.pi)
    return at, found / found.sum()


def given_factor(game: CascadeGame, joins: Array) -> tuple[Array, Array]:
    """The probability [W, K, P, Z] that each joins, by joins [W, K, P]; the nodes' weights [Z]."""
    nodes, weights = _rule()
    rho = game.correlation[:, None, None, None]
    level = ndtri(joins)[:, :, :, None]
    return ndtr((level - np.sqrt(rho) * nodes) / np.sqrt(1.0 - rho)), weights
