"""The global game of Morris and Shin: thresholds of the state at which the regime falls.

Attacking is worth `gain` with the probability that the regime falls, and costs `cost`. With signal
precision b and prior precision a around y the critical state t solves

    a (t - y) - sqrt(b) q(t) = sqrt(a + b) q(cost / gain),    q the normal quantile function,

(Morris and Shin 2003, section 3; Metz 2002), which has one root where sqrt(2 pi b) >= a, else up
to three. A diffuse prior (a = 0) leaves t = 1 - cost / gain, whatever the noise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from tenbin.forms.cascade.tables import Bools, CascadeSolution, RegimeGame
from tenbin.forms.contract import SolverOptions, Status
from tenbin.scenario.language import Array

__all__ = ["solve_regime"]

HALVINGS = 200


def solve_regime(game: RegimeGame, options: SolverOptions) -> CascadeSolution:
    """The equilibria in cutoffs, the one with the least attack first.

    Returns
    -------
    Solution with K = 3: the root with the least attack, the one with the greatest, and the one
    between them where there are three. `cutoff` [W, K, 2]: critical state, critical signal.
    """
    usable = game.valid
    ratio = np.where(usable, game.cost / game.gain, 0.5)
    precision = np.where(usable, game.noise, 1.0) ** -2.0
    prior = np.where(usable, game.prior_precision, 0.0)
    mean = np.where(usable, game.prior_mean, 0.0)
    least, greatest, between, several = _roots(ratio, precision, prior, mean)
    quantiles = np.stack([least, greatest, between], axis=1)
    states = np.where((prior == 0.0)[:, None], 1.0 - ratio[:, None], ndtr(quantiles))
    signals = states + quantiles / np.sqrt(precision)[:, None]
    several &= usable
    found = np.stack([usable, several, several], axis=1)
    only = found & ~several[:, None]
    shape = (*states.shape, 2)
    return CascadeSolution(
        joins=np.full(shape, np.nan),
        cutoff=np.where(found[:, :, None], np.stack([states, signals], axis=2), np.nan),
        step=np.full(shape, np.nan),
        is_least=only | (found & np.array([True, False, False])),
        is_greatest=only | (found & np.array([False, True, False])),
        found=found,
        status=np.where(usable, Status.SOLVED, Status.NOT_FINITE).astype(np.int8),
        complete=usable.copy(),
        method="critical state by bisection between turning points",
        flags={"several": several},
    )


def _roots(
    ratio: Array, precision: Array, prior: Array, mean: Array
) -> tuple[Array, Array, Array, Bools]:
    """Quantiles [W] of the least and the greatest critical state, of one between, and whether
    there are several.

    In the quantile u = q(t) the equation falls, but for where a normal density exceeds
    sqrt(b) / a: between -turn and turn it rises.
    """
    root = np.sqrt(precision)
    level = np.sqrt(prior + precision) * ndtri(ratio) + prior * mean
    low, high = -level / root, (prior - level) / root

    def excess(u: Array) -> Array:
        return prior * ndtr(u) - root * u - level

    with np.errstate(all="ignore"):
        turn = np.sqrt(np.maximum(-2.0 * np.log(np.sqrt(2.0 * np.pi * precision) / prior), 0.0))
    turn = np.where(prior > 0.0, turn, 0.0)
    several = (turn > 0.0) & (excess(-turn) < 0.0) & (excess(turn) > 0.0)
    right_only = ~several & (excess(-turn) >= 0.0)
    left = _bisected(excess, low, np.minimum(np.maximum(-turn, low), high), falling=True)
    right = _bisected(excess, np.maximum(np.minimum(turn, high), low), high, falling=True)
    between = _bisected(excess, -turn, turn, falling=False)
    least = np.where(right_only, right, left)
    return least, np.where(several, right, least), np.where(several, between, least), several


def _bisected(excess: Callable[[Array], Array], low: Array, high: Array, falling: bool) -> Array:
    """The root [W] of a function that falls (or rises) between two ends."""
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        beyond = (excess(middle) < 0.0) == falling
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return 0.5 * (low + high)
