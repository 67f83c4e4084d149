"""Richardson's arms race: rest points by linear solution, stability by eigenvalues.

A rest point solves (fatigue - react) x = grievance. It is stable iff every eigenvalue of
react - fatigue has a negative real part; with two players and fatigue above zero, iff the product
of the fatigues exceeds that of the reactions. An unstable race still has its rest point. Where
efforts cannot fall below zero, every set of players may be the one that arms: a rest point is one
where these solve their equations with efforts above zero and the others would rather have less.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from tenbin.forms.contest.tables import Bools, ContestSolution, RaceGame
from tenbin.forms.contract import Status
from tenbin.scenario.language import Array

__all__ = ["effort_path", "solve_race"]

SINGULAR = 1e-12
"""Ratio of the smallest to the largest singular value below which there is no one rest point."""
BALANCED = 1e-12
"""How near to zero, in units of the largest coefficient, a real part counts as zero."""


def solve_race(game: RaceGame) -> ContestSolution:
    """The rest points of every world, the stable ones first, then those of less effort."""
    count = len(game.players)
    ok = game.valid[:, None]
    fatigue = np.where(ok, game.fatigue, 1.0)
    react = np.where(ok[:, :, None], game.react, 0.0)
    grievance = np.where(ok, game.grievance, 0.0)
    matrix = np.eye(count) * fatigue[:, :, None] - react
    supports = [(True,) * count] if game.negative else list(product((True, False), repeat=count))
    parts = [_rest_point(game, matrix, grievance, np.array(arming)) for arming in supports]
    effort = np.stack([part[0] for part in parts], axis=1)
    growth = np.stack([part[1] for part in parts], axis=1)
    found = np.stack([part[2] for part in parts], axis=1) & ok
    total = np.where(found, effort.sum(axis=2), np.inf)
    order = np.lexsort((total, growth >= 0.0, ~found), axis=1)
    kept = order[:, : max(int(found.sum(axis=1).max(initial=1)), 1)]
    effort = np.take_along_axis(effort, kept[:, :, None], axis=1)
    growth = np.take_along_axis(growth, kept, axis=1)
    found = np.take_along_axis(found, kept, axis=1)
    any_found: Bools = np.any(found, axis=1)
    status = np.where(any_found, Status.SOLVED, Status.NO_EQUILIBRIUM_FOUND)
    blank = np.full(effort.shape, np.nan)
    shown = found[:, :, None]
    return ContestSolution(
        effort=np.where(shown, effort, np.nan),
        win=blank,
        payoff=blank.copy(),
        found=found,
        status=np.where(game.valid, status, Status.NOT_FINITE).astype(np.int8),
        complete=any_found.copy(),
        method="linear solution, eigenvalues",
        flags={
            "negative": (found & (effort < 0.0).any(axis=2))[:, 0],
            "unstable": (found & (growth >= 0.0))[:, 0],
        },
        growth=np.where(found, growth, np.nan),
    )


def _rest_point(
    game: RaceGame, matrix: Array, grievance: Array, arming: Bools
) -> tuple[Array, Array, Bools]:
    """The rest point [W, P] at which these arm, its growth [W], and where it is one [W]."""
    active = np.flatnonzero(arming)
    worlds = len(matrix)
    effort, growth = np.zeros((worlds, len(arming))), np.full(worlds, -np.inf)
    regular = np.ones(worlds, dtype=np.bool_)
    if len(active):
        inner = matrix[:, active][:, :, active]
        sizes = np.linalg.svd(inner, compute_uv=False)
        regular = sizes[:, -1] > SINGULAR * sizes[:, 0]
        inner = np.where(regular[:, None, None], inner, np.eye(len(active)))
        effort[:, active] = np.linalg.solve(inner, grievance[:, active, None])[:, :, 0]
        growth = _growth(-inner)
    if game.negative:
        return effort, growth, regular
    drift = grievance + _moved(matrix, effort)
    size = 1e-12 * (np.abs(grievance) + np.abs(effort).max(axis=1, keepdims=True))
    positive = (effort[:, arming] > 0.0).all(axis=1)
    return effort, growth, regular & positive & (drift <= size)[:, ~arming].all(axis=1)


def _growth(matrix: Array) -> Array:
    """The largest real part [W] of the eigenvalues; zero where it is nothing but rounding."""
    found = np.linalg.eigvals(matrix).real.max(axis=1)
    size = np.abs(matrix).max(axis=(1, 2))
    return np.where(np.abs(found) <= BALANCED * size, 0.0, found)


def _moved(matrix: Array, effort: Array) -> Array:
    """What the others' efforts add to each player's drift [W, P], less its own fatigue."""
    total = np.zeros(effort.shape)
    for other in range(effort.shape[1]):
        total -= matrix[:, :, other] * effort[:, other, None]
    return total


def effort_path(game: RaceGame, time: float) -> Array:
    """The efforts [W, P] after some time, from the start, where none is kept from below zero."""
    from scipy.linalg import expm

    count = len(game.players)
    worlds = len(game.valid)
    system = np.zeros((worlds, count + 1, count + 1))
    system[:, :count, :count] = game.react - np.eye(count) * game.fatigue[:, :, None]
    system[:, :count, count] = game.grievance
    system = np.where(game.valid[:, None, None], system, 0.0)
    flow = np.asarray(expm(time * system), dtype=np.float64)
    state = np.concatenate([game.start, np.ones((worlds, 1))], axis=1)
    total = np.zeros((worlds, count))
    for other in range(count + 1):
        total += flow[:, :count, other] * state[:, other, None]
    return total
