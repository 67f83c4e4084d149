"""The vector type: arithmetic lane by lane, with numbers, and its choices."""

from __future__ import annotations

import numba
import numpy as np

from tenbin.numerics.vector import (
    LANES,
    bits_above,
    count_bits,
    higher,
    load,
    lowest_bit,
    splat,
    store,
    where_above,
)


@numba.njit
def arithmetic(a, b, out):
    x, y = load(a, 0), load(b, 0)
    store(out, 0, x + y)
    store(out, 1, x - y)
    store(out, 2, x * y)
    store(out, 3, x / y)
    store(out, 4, -x)
    store(out, 5, 2.0 - x)
    store(out, 6, x * 3.0 + 1.0)
    x += y
    x *= 2.0
    x -= 1.0
    store(out, 7, x)


@numba.njit
def choices(a, b, out):
    x, y = load(a, 0), load(b, 0)
    store(out, 0, higher(x, y))
    store(out, 1, where_above(x, y, 1.0, x))
    store(out, 2, splat(7.0))
    store(out, 3, 8.0)
    store(out, 4, where_above(x, 0.0, 1.0, 0.0))


@numba.njit
def bits(a, b):
    above = bits_above(load(a, 0), load(b, 0))
    return above, lowest_bit(above), count_bits(above)


def pair():
    return np.random.default_rng(0).normal(size=(2, 1, LANES))


def test_arithmetic_is_numpys():
    a, b = pair()
    out = np.empty((8, LANES))

    arithmetic(a, b, out)

    x, y = a[0], b[0]
    rows = [x + y, x - y, x * y, x / y, -x, 2 - x, x * 3 + 1, (x + y) * 2 - 1]
    assert np.allclose(out, rows, rtol=1e-15, atol=1e-15)


def test_choices_are_made_lane_by_lane():
    a, b = pair()
    out = np.empty((5, LANES))

    choices(a, b, out)

    x, y = a[0], b[0]
    sevens = np.full(LANES, 7.0)
    rows = [np.maximum(x, y), np.where(x > y, 1, x), sevens, sevens + 1, np.where(x > 0, 1, 0)]
    assert np.array_equal(out, rows)


def test_nothing_is_above_a_bound_if_it_is_no_number():
    a = np.full((1, LANES), np.nan)
    out = np.empty((5, LANES))

    choices(a, np.zeros((1, LANES)), out)

    assert not out[4].any()


def test_bits_say_in_which_lanes_one_is_above():
    a, b = pair()
    a[0, 0], a[0, 1], b[0, 1] = np.nan, 2.0, 1.0

    word, lowest, count = bits(a, b)

    with np.errstate(invalid="ignore"):
        expected = a[0] > b[0]
    assert [bool(word >> lane & 1) for lane in range(64)] == [*expected, *[False] * (64 - LANES)]
    assert (lowest, count) == (1, expected.sum())
