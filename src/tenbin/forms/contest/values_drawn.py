"""Prizes drawn privately from one distribution: quantiles, means, stopping times.

A value is given by y [W, Z] where its probability of being exceeded is exp(-y).
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from tenbin.forms.contest.tables import LEVELS, AttritionGame, ValueKind
from tenbin.scenario.language import Array

__all__ = ["exceeded_by", "mean_and_least", "stopping_levels", "stopping_time", "value_at"]

REACH = 9.0
"""Standard deviations beyond which a normal density is nothing."""

_NODES, _WEIGHTS = (np.asarray(a, dtype=np.float64) for a in np.polynomial.legendre.leggauss(128))
_FEW, _FEW_WEIGHTS = (np.asarray(a, dtype=np.float64) for a in np.polynomial.legendre.leggauss(6))


def value_at(game: AttritionGame, level: Array) -> Array:
    """The values [W, Z] at levels y [Z] or [W, Z]."""
    low, high = game.low[:, None], game.high[:, None]
    if game.kind == ValueKind.UNIFORM:
        return low - (high - low) * np.expm1(-level)
    return np.maximum(low - high * ndtri_exp(log_ndtr(low / high) - level), 0.0)


def exceeded_by(game: AttritionGame, value: Array) -> Array:
    """The level y [W, Z] of values [W, Z]: minus the logarithm of the chance to exceed them."""
    low, high = game.low[:, None], game.high[:, None]
    if game.kind == ValueKind.UNIFORM:
        return -np.log(np.clip((high - value) / (high - low), 0.0, 1.0))
    left = log_ndtr((low - np.maximum(value, 0.0)) / high)
    return log_ndtr(low / high) - left


def stopping_time(game: AttritionGame, value: Array) -> Array:
    """When types of these values [W, Z] give in: integral of x dy(x) up to the value, over cost."""
    low, high, cost = game.low[:, None], game.high[:, None], game.cost[:, :1]
    level = exceeded_by(game, value)
    if game.kind == ValueKind.UNIFORM:
        inside = np.clip(value, low, high)
        return np.where(inside < high, (high * level - (inside - low)) / cost, np.inf)
    top = np.maximum(value, 0.0)
    begin = np.clip(low - REACH * high, 0.0, top)
    half = 0.5 * (top - begin)
    total = np.zeros(top.shape)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        total += weight * exceeded_by(game, begin + half * (node + 1.0))
    return (top * level - half * total) / cost


def stopping_levels(game: AttritionGame) -> Array:
    """When types of all `LEVELS` give in [W, Z], integrated from each level to the next."""
    value = value_at(game, LEVELS)
    if game.kind == ValueKind.UNIFORM:
        return stopping_time(game, value)
    half = 0.5 * np.diff(value, axis=1)
    area = np.zeros(half.shape)
    for node, weight in zip(_FEW, _FEW_WEIGHTS, strict=True):
        area += weight * exceeded_by(game, value[:, :-1] + half * (node + 1.0))
    below = np.concatenate([np.zeros((len(value), 1)), np.cumsum(half * area, axis=1)], axis=1)
    return np.maximum(value * LEVELS - below, 0.0) / game.cost[:, :1]


def mean_and_least(game: AttritionGame) -> tuple[Array, Array]:
    """The mean value [W], and the mean [W] of the lower of two values."""
    low, high = game.low, game.high
    if game.kind == ValueKind.UNIFORM:
        return 0.5 * (low + high), low + (high - low) / 3.0
    cut = -low / high
    ratio = np.exp(-0.5 * cut**2 - log_ndtr(-cut)) / np.sqrt(2.0 * np.pi)
    mean = low + high * ratio
    begin = np.maximum(cut, -REACH)
    half = 0.5 * (np.maximum(cut, 0.0) + REACH - begin)
    sure = np.maximum(low - REACH * high, 0.0)
    z = begin[:, None] + half[:, None] * (_NODES + 1.0)
    both = np.exp(2.0 * (log_ndtr(-z) - log_ndtr(-cut)[:, None]))
    area = np.zeros(len(low))
    for node in range(len(_NODES)):
        area += _WEIGHTS[node] * both[:, node]
    return mean, sure + high * half * area
