"""Path following on systems of one unknown whose paths are known."""

from __future__ import annotations

import numba
import numpy as np

from tenbin.numerics import path
from tenbin.numerics.path import advance, begin

FOLDING, FORKING = range(2)


@numba.njit
def follow(kind, end, longest, z, record):
    """Follow z = x g(z); the largest turn back of x seen, for two functions g."""
    last, tangent, newton, slope = (
        np.zeros_like(z),
        np.zeros_like(z),
        np.zeros_like(z),
        np.zeros_like(z),
    )
    number, integer = np.zeros(path.NUMBERS), np.zeros(path.INTEGERS, dtype=np.int64)
    begin(z, number, integer, end, longest)
    going, highest, back = True, 0.0, 0.0
    while going:
        x = number[path.PRECISION]
        highest = max(highest, number[1])
        back = max(back, highest - number[1])
        if kind == 0:
            # a sum of a small push and a steep step: the path folds back between them
            g = 0.2 + 1.0 / (1.0 + np.exp(-4.0 * (z[0] - 2.0)))
            s = (g - 0.2) * (1.2 - g) * 4.0
        else:
            g, s = np.tanh(z[0]), 1.0 / np.cosh(z[0]) ** 2
        derivative = 1.0 - x * s
        newton[0] = -(z[0] - x * g) / derivative
        slope[0] = g / derivative
        sign = 1 if derivative > 0 else -1
        going = advance(z, last, tangent, newton, slope, sign, number, integer)
    record[:] = integer
    return number[path.PRECISION], back


def walk(kind: int, end: float, longest: int = 5000):
    z = np.zeros(1)
    record = np.zeros(path.INTEGERS, dtype=np.int64)
    precision, back = follow(kind, end, longest, z, record)
    return z[0], precision, back, record


def test_fold_is_passed_backwards_and_forwards():
    z, precision, back, record = walk(FOLDING, 100.0)

    assert record[path.PHASE] == path.ENDED
    assert precision == 100.0
    assert back > 0.1
    assert abs(z - 120.0) < 1e-8
    assert record[path.BIFURCATIONS] == 0


def test_pitchfork_is_crossed_straight_on_and_counted():
    z, _, back, record = walk(FORKING, 10.0)

    assert record[path.PHASE] == path.ENDED
    assert z == 0.0
    assert back == 0.0
    assert record[path.BIFURCATIONS] == 1


def test_path_longer_than_its_bound_is_given_up():
    _, precision, _, record = walk(FOLDING, 1e6, longest=10)

    assert record[path.PHASE] == path.TOO_LONG
    assert record[path.EVALUATIONS] == 10
    assert precision < 1e6
