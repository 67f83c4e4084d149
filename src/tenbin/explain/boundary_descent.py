"""From a point on the other side to a nearer one: planes that touch the edge, tried along rays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.boundary import Probe, crossings, exits, length
from tenbin.scenario.language import Array

__all__ = ["descend", "sharpened"]

Indices = NDArray[np.intp]

SPREADS = (0.2, 0.07, 0.02)
"""How far neighbouring rays point away, relative to the distance; the next one where none helps."""
STEPS = 15
"""Planes fitted at most from one start."""
GAIN = 3e-4
"""A step that brings less, relative to the distance, counts as none."""
RAY_TRIALS = 16
"""Trials that one neighbouring ray takes."""
WANDERERS = 12
"""Rays tried at random where planes do not help, as at a corner of the edge."""
FLAT = 1e-12
"""A plane more than a million half-widths away tells nothing of the edge."""


def descend(probe: Probe, start: Array, active: Indices, trials: int) -> Array:
    """A point of the other side no farther than the start, moving only active dimensions.

    Parameters
    ----------
    probe
        Makes the trials.
    start
        A point [D] on the other side.
    active
        Dimensions to look around in, the most promising first; as many as the trials allow.
    trials
        How many may be made.
    """
    stop = max(probe.left - trials, 0)
    free = np.zeros(len(start), dtype=np.bool_)
    free[active] = True
    point, spread, random = start, 0, np.random.default_rng(len(active))
    for _ in range(STEPS):
        if probe.left <= stop or spread >= len(SPREADS):
            break
        h = SPREADS[spread] * length(point)
        better = _by_merit(probe, point, active, h, probe.left - stop)
        if better is None:
            better = _by_rays(probe, point, active, h, probe.left - stop)
        if better is None:
            better = _by_wandering(probe, point, free, h, random, probe.left - stop)
        if better is None:
            spread += 1
        else:
            point = better
    return point


def sharpened(probe: Probe, point: Array) -> Array:
    """The first place beyond along the ray to a point that is beyond, to a ten-thousandth."""
    one = np.ones(1)
    at = crossings(probe, point[None], 0.98 * one, one, 8, 3)[0]
    return point * at if np.isfinite(at) else point


def _by_merit(probe: Probe, point: Array, active: Indices, h: float, left: int) -> Array | None:
    """One step along the merit's slope; None where it has none, or does not help."""
    if len(active) + 40 > left:
        return None
    tries = np.repeat(point[None], len(active) + 1, axis=0)
    inward = np.where(point[active] > 0.0, -1.0, 1.0)
    inward = np.where(point[active] + inward * h > probe.box.high[active], -1.0, inward)
    tries[np.arange(len(active)), active] += 0.2 * h * inward
    merits = probe.ask(probe.box.clip(tries))[1]
    slopes = np.zeros(len(point))
    slopes[active] = np.nan_to_num((merits[:-1] - merits[-1]) / (0.2 * h * inward))
    along = float(slopes @ point)
    if not np.isfinite(merits[-1]) or abs(merits[-1]) >= 0.2 * abs(along):
        return None
    return _towards(probe, point, slopes / (along - merits[-1]))


def _by_rays(probe: Probe, point: Array, active: Indices, h: float, left: int) -> Array | None:
    """One step by the plane through the ends of neighbouring rays."""
    count = min(len(active), max(left - 60, 0) // (2 * RAY_TRIALS))
    if count == 0:
        return None
    chosen = active[:count]
    rays = np.repeat(point[None], 2 * count, axis=0)
    rays[np.arange(count), chosen] += h
    rays[np.arange(count, 2 * count), chosen] -= h
    far = np.minimum(1.3, exits(probe.box, rays))
    at = crossings(probe, rays, 0.7 * far, far, 6, 3)
    inverse = np.where(np.isfinite(at), 1.0 / at, np.nan)
    up, down = inverse[:count], inverse[count:]
    # What is not looked at is taken to matter in proportion to how far it is moved.
    plane = point / (point @ point)
    both = (up - down) / (2.0 * h)
    plane[chosen] = np.where(
        np.isnan(both), np.where(np.isnan(up), (1.0 - down) / h, (up - 1.0) / h), both
    )
    plane[chosen] = np.where(
        np.isnan(plane[chosen]), (point / (point @ point))[chosen], plane[chosen]
    )
    return _towards(probe, point, plane)


def _by_wandering(
    probe: Probe, point: Array, free: NDArray[np.bool_], h: float, random: np.random.Generator,
    left: int,
) -> Array | None:  # fmt: skip
    """One step along the best of some rays at random near the point's own."""
    count = min(WANDERERS, left // 12)
    if count < 2:
        return None
    steps = random.standard_normal((count, len(point))) * free
    moves = steps * (h / np.sqrt(max(free.sum(), 1)))
    # Half of them move only what the point moves already.
    moves[::2] *= point != 0.0
    return _nearer(probe, point, probe.box.clip(point + moves), near=0.8, points=5, rounds=2)


def _towards(probe: Probe, point: Array, plane: Array) -> Array | None:
    """A nearer point beyond, on rays between the point and the plane's nearest point of the box."""
    if float(plane @ plane) < FLAT:
        return None
    goal = _plane_foot(probe, plane)
    blends = np.array([1.0, 0.6, 0.3, 0.1])[:, None]
    rays = point + blends * (goal - point)
    if not np.isfinite(rays).all():
        return None
    return _nearer(probe, point, rays, near=0.4, points=8, rounds=2)


def _plane_foot(probe: Probe, plane: Array) -> Array:
    """The point x of the box nearest to the centre with `plane @ x = 1`; its end if none has."""
    box = probe.box
    low, high = 0.0, 1.0 / max(float(plane @ plane), 1e-300)
    for _ in range(60):
        if plane @ box.clip(high * plane) >= 1.0:
            break
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if plane @ box.clip(middle * plane) < 1.0 else (low, middle)
    return box.clip(high * plane)


def _nearer(
    probe: Probe, point: Array, rays: Array, near: float, points: int, rounds: int
) -> Array | None:
    """The nearest crossing of rays [N, D] that is nearer than the point; None where none is."""
    sizes = np.sqrt((rays**2).sum(axis=1))
    rays = rays[sizes > 0.0]
    if not len(rays):
        return None
    reach = length(point) / sizes[sizes > 0.0]
    far = np.minimum(reach * (1.0 - GAIN), exits(probe.box, rays))
    at = crossings(probe, rays, near * far, far, points, rounds)
    found = np.where(np.isfinite(at), at / reach, np.inf)
    best = int(np.argmin(found))
    if not np.isfinite(found[best]):
        return None
    return rays[best] * at[best]
