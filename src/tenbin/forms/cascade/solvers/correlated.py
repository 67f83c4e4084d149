"""Cutoffs where costs are correlated: what a player's own cost says of the others' counts.

A player of cost x expects the others' costs to be normal around the regression on x. Equilibrium
cutoffs are zeros of G_i(x) = x_i - gain_i - sum of w_ij times the probability that j joins, given
cost x_i. Off its diagonal the Jacobian of G is nowhere above zero.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from tenbin.forms.cascade.tables import FREE, JOINED, Bools, CascadeGame
from tenbin.scenario.language import Array

__all__ = ["correlated_cutoffs", "finish_correlated"]

NARROWINGS = 60
PRECISION = 1e-13
NEWTON = 40
REACHED = 1e-13
_PEAK = 1.0 / np.sqrt(2.0 * np.pi)


def correlated_cutoffs(game: CascadeGame, joins: Array) -> Array:
    """The cost [W, P] at which each player is indifferent if the others join so often.

    The value of joining less its cost falls in the cost, so there is one root; Newton steps inside
    a bracket.
    """
    weight = game.influence + game.staying
    rho = game.correlation[:, None]
    root = np.sqrt(1.0 - rho**2)
    others = ndtri(joins)[:, None, :]
    low, high = game.gain.copy(), game.gain + weight.sum(axis=2)
    size = 1.0 + np.abs(low) + np.abs(high)
    cutoff = 0.5 * (low + high)
    settled = np.zeros(cutoff.shape, dtype=np.bool_)
    for _ in range(NARROWINGS):
        own = (cutoff - game.cost_a) / game.cost_b
        z = (others - rho[:, :, None] * own[:, :, None]) / root[:, :, None]
        above = game.gain - cutoff
        slope = np.ones(cutoff.shape)
        for other in range(game.n_players):
            w = weight[:, :, other]
            above = above + w * ndtr(z[:, :, other])
            density = _PEAK * np.exp(-0.5 * z[:, :, other] ** 2)
            slope = slope + w * density * rho / (game.cost_b * root)
        low, high = np.where(above >= 0, cutoff, low), np.where(above <= 0, cutoff, high)
        step = cutoff + above / slope
        inside = (step > low) & (step < high)
        new = np.where(inside, step, 0.5 * (low + high))
        near = (np.abs(new - cutoff) <= PRECISION * size) | (above == 0)
        cutoff = np.where(settled | (above == 0), cutoff, new)
        settled |= near
        if settled.all():
            break
    return cutoff


def finish_correlated(
    game: CascadeGame, cutoff: Array, from_above: bool, without: int | None
) -> tuple[Array, Bools]:
    """The end of Newton's method from some cutoffs [W, P], and where it is the one sought [W].

    It is where it lies beyond them and no other zero lies in the box between: there is a vector
    d > 0 with J d > 0 on all of the box, J the Jacobian (an M-matrix everywhere).
    """
    fixed = game.forced != FREE
    if without is not None:
        fixed = fixed.copy()
        fixed[without] = True
    size = 1.0 + np.abs(game.gain) + (game.influence + game.staying).sum(axis=2)
    end, settled = cutoff.copy(), np.zeros(len(cutoff), dtype=np.bool_)
    for _ in range(NEWTON):
        value, jacobian = _system(game, end, fixed, without)
        settled |= (np.abs(value) <= 1e-16 * size).all(axis=1)
        if settled.all():
            break
        end = np.where(settled[:, None], end, end - _solve(jacobian, value))
    value, jacobian = _system(game, end, fixed, without)
    here: Bools = np.all(np.abs(value) <= REACHED * size, axis=1)
    beyond = (end - cutoff) * (-1.0 if from_above else 1.0)
    here &= (beyond >= -REACHED * size).all(axis=1)
    ahead = _solve(jacobian, np.ones(end.shape))
    proved = np.zeros(len(end), dtype=np.bool_)
    for weights in (ahead, game.cost_b):
        proved |= _alone(game, cutoff, end, weights, fixed, without)
    return end, here & proved


def _levels(game: CascadeGame, cutoff: Array, without: int | None) -> Array:
    """The cutoffs [W, P] in standard deviations from the mean; infinite for who does not choose."""
    level = (cutoff - game.cost_a) / game.cost_b
    forced = game.forced != FREE
    level[:, forced] = np.where(game.forced[forced] == JOINED, np.inf, -np.inf)
    if without is not None:
        level[:, without] = -np.inf
    return level


def _system(
    game: CascadeGame, cutoff: Array, fixed: Bools, without: int | None
) -> tuple[Array, Array]:
    """G [W, P] and its Jacobian [W, P, P]; who does not choose has a zero and a one."""
    weight = game.influence + game.staying
    rho = game.correlation[:, None, None]
    root = np.sqrt(1.0 - rho**2)
    own = (cutoff - game.cost_a) / game.cost_b
    z = (_levels(game, cutoff, without)[:, None, :] - rho * own[:, :, None]) / root
    value = cutoff - game.gain
    for other in range(game.n_players):
        value = value - weight[:, :, other] * ndtr(z[:, :, other])
    pull = weight * _PEAK * np.exp(-0.5 * z**2) / root
    jacobian = -pull / game.cost_b[:, None, :]
    jacobian[:, :, fixed] = 0.0
    diagonal = np.ones(cutoff.shape)
    for other in range(game.n_players):
        diagonal += pull[:, :, other] * game.correlation[:, None] / game.cost_b
    at = np.arange(game.n_players)
    jacobian[:, at, at] = diagonal
    value[:, fixed], jacobian[:, fixed, :] = 0.0, np.eye(game.n_players)[fixed]
    return value, jacobian


def _solve(matrix: Array, right: Array) -> Array:
    bad: Bools = ~np.all(np.isfinite(matrix), axis=(1, 2)) | ~np.all(np.isfinite(right), axis=1)
    bad |= np.abs(np.linalg.det(np.where(bad[:, None, None], 0.0, matrix))) < 1e-300
    safe = np.where(bad[:, None, None], np.eye(matrix.shape[1]), matrix)
    found = np.linalg.solve(safe, np.where(bad[:, None], 0.0, right)[:, :, None])[:, :, 0]
    return np.where(bad[:, None], np.nan, found)


def _alone(
    game: CascadeGame, one: Array, other: Array, weights: Array, fixed: Bools, without: int | None
) -> Bools:
    """In which worlds [W] J d > 0, d the weights, on all of the box between two cutoff vectors."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    rho = game.correlation[:, None, None]
    root = np.sqrt(1.0 - rho**2)
    mine_low, mine_high = ((x - game.cost_a) / game.cost_b for x in (low, high))
    least = (_levels(game, low, without)[:, None, :] - rho * mine_high[:, :, None]) / root
    most = (_levels(game, high, without)[:, None, :] - rho * mine_low[:, :, None]) / root
    nearest = np.clip(0.0, least, most)
    furthest = np.maximum(np.abs(least), np.abs(most))
    standard = weights / game.cost_b
    theirs = np.where(fixed, 0.0, standard)
    lean = rho * standard[:, :, None] - theirs[:, None, :]
    at = np.where(lean >= 0.0, furthest, nearest)
    weight = (game.influence + game.staying) / root
    total = weights.copy()
    for player in range(game.n_players):
        density = _PEAK * np.exp(-0.5 * at[:, :, player] ** 2)
        total += weight[:, :, player] * density * lean[:, :, player]
    return np.all(((total > 0.0) & (weights > 0.0)) | fixed, axis=1)
