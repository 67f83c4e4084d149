"""Bimatrix games sixteen side by side: the signs of all minors, then supports by bitwise "and".

The letters are those of `extreme_tables.py`. A world in which some minor is so close to zero that
rounding, or a tie, could be behind its sign is left to `extreme_ties_kernel.py`.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.numerics.compiling import entry_kernel, kernel
from tenbin.numerics.vector import (
    LANES,
    bits_above,
    count_bits,
    higher,
    load,
    lowest_bit,
    splat,
    store,
)

__all__ = ["ALONE", "WORD", "equilibria_worlds", "spread_worlds"]

ONE = np.uint64(1)
WORD = 64
"""Worlds whose signs fit a word."""

FEW = 1000
"""Minors up to which those of a word's worlds stay in the processor's cache together."""

ALONE = -1
"""The component of an equilibrium that is one by itself: it gets the number of its slot."""

SMALLEST, LARGEST = 1e-30, 1e30
"""Payoff ranges outside these are left to exact arithmetic: their powers leave the floats."""


@kernel
def lay_out(table, swap, payoffs, first, entries, minor):
    """Differences of rows [minors, LANES] of worlds `first` and after; worlds lacking are zero.

    `payoffs` is [W, rows * columns], or [W, columns * rows] where `swap`.
    """
    for lane in range(min(LANES, len(payoffs) - first)):
        for e in range(payoffs.shape[1]):
            entries[e, lane] = payoffs[first + lane, e]
    rows, columns = table.rows, table.columns
    store(minor, 0, 1.0)
    for d in range(len(table.column)):
        upper, lower, c = table.upper[d], table.lower[d], table.column[d]
        one = c * rows + upper if swap else upper * columns + c
        two = c * rows + lower if swap else lower * columns + c
        store(minor, d + 1, load(entries, one) - load(entries, two))


@kernel
def expand(table, minor, negative, place):
    """All minors from the differences; returns the lanes in which their signs are certain.

    The lanes in which minor c is negative are set in `negative[2 * c]`, from bit `place` up.
    """
    widest = splat(0.0)
    for c in range(1, len(table.column) + 1):
        d = load(minor, c)
        widest = higher(widest, higher(d, -d))
    sure = bits_above(widest, SMALLEST) & bits_above(splat(LARGEST), widest)
    power = splat(1.0)
    for k in range(1, len(table.start) - 1):
        power = power * widest
        bound = power * table.near[k]
        for c in range(table.start[k], table.start[k + 1]):
            e = load(minor, c)
            if k > 1:
                e = load(minor, table.factor[c, 0]) * load(minor, table.rest[c, 0])
                for p in range(1, k, 2):
                    e = e - load(minor, table.factor[c, p]) * load(minor, table.rest[c, p])
                for p in range(2, k, 2):
                    e = e + load(minor, table.factor[c, p]) * load(minor, table.rest[c, p])
                store(minor, c, e)
            negative[2 * c] |= bits_above(splat(0.0), e) << place
            sure &= bits_above(higher(e, -e), bound)
    return sure


@kernel
def signs(table, swap, payoffs, first, entries, minor, sign):
    """Minors [blocks, minors, LANES] of as many worlds as a word has bits, or of fewer blocks.

    `sign[2 * c]` has the bits of the worlds where minor c is negative, `sign[2 * c + 1]` of the
    others. Returns those of the worlds in which all signs are certain.
    """
    sign[:] = 0
    sure = np.uint64(0)
    for block in range(len(minor)):
        start = first + block * LANES
        if start < len(payoffs):
            lay_out(table, swap, payoffs, start, entries, minor[block])
            place = np.uint64(block * LANES)
            certain = expand(table, minor[block], sign, place)
            if len(payoffs) - start < LANES:
                certain &= (ONE << np.uint64(len(payoffs) - start)) - ONE
            sure |= certain << place
    for c in range(len(sign) // 2):
        sign[2 * c + 1] = ~sign[2 * c]
    return sure


@kernel
def agree(terms, s, sign, among):
    """The worlds of `among` in which all minors of pair of supports s, as coded, have one sign."""
    first = sign[terms[s, 0]]
    differ = np.uint64(0)
    for p in range(1, terms.shape[1]):
        differ |= sign[terms[s, p]] ^ first
    return among & ~differ


@kernel
def share(terms, s, support, size, minor, place, mix, e):
    """Probabilities, in row e of `mix`, from the minors of pair of supports s."""
    block, lane = place // LANES, place % LANES
    for action in range(mix.shape[1]):
        mix[e, action] = 0.0
    total = 0.0
    for p in range(size):
        total += abs(minor[block, terms[s, p] >> 1, lane])
    for p in range(size):
        mix[e, support[s, p]] = abs(minor[block, terms[s, p] >> 1, lane]) / total


@entry_kernel
def equilibria_worlds(one, two, pairs, a, b, first, world, x, y, count, sure):
    """Every equilibrium of worlds `first` and after, as long as they have no near tie.

    Parameters
    ----------
    one, two
        `Minors` of `a` and of `b` transposed.
    pairs
        `Bases` of the game.
    a, b
        Payoffs [W, m * n] of the row and the column player.
    first
        The world to begin with.
    world, x, y
        Filled from the start: the world of each equilibrium [N], its mixes [N, m] and [N, n].
    count, sure
        Filled: equilibria of each world [W], and whether its signs were certain [W]; where not,
        none is listed.

    Returns
    -------
    The equilibria written, and the world to go on with: fewer than W if the arrays were full.
    """
    blocks = WORD // LANES if one.start[-1] + two.start[-1] <= FEW else 1
    entries = np.zeros((a.shape[1], LANES))
    minor_one = np.zeros((blocks, one.start[-1], LANES))
    minor_two = np.zeros((blocks, two.start[-1], LANES))
    sign_one = np.zeros(2 * one.start[-1], dtype=np.uint64)
    sign_two = np.zeros(2 * two.start[-1], dtype=np.uint64)
    size, rows, columns = pairs.size, pairs.rows, pairs.columns
    terms_one, terms_two = pairs.first, pairs.second
    found = np.zeros(len(size), dtype=np.uint64)
    written = 0
    while first < len(a):
        certain = signs(one, False, a, first, entries, minor_one, sign_one)
        certain &= signs(two, True, b, first, entries, minor_two, sign_two)
        needed = 0
        for s in range(len(found)):
            found[s] = agree(terms_one, s, sign_one, certain)
            if found[s]:
                found[s] = agree(terms_two, s, sign_two, found[s])
            needed += count_bits(found[s])
        if written + needed > len(world):
            return written, first
        stop = min(first + blocks * LANES, len(a))
        for w in range(first, stop):
            count[w] = 0
            sure[w] = (certain >> np.uint64(w - first)) & ONE != 0
        for s in range(len(found)):
            here = found[s]
            while here:
                place = lowest_bit(here)
                here &= here - ONE
                share(terms_one, s, columns, size[s], minor_one, place, y, written)
                share(terms_two, s, rows, size[s], minor_two, place, x, written)
                world[written] = first + place
                count[first + place] += 1
                written += 1
        first = stop
    return written, first


@entry_kernel
def spread_worlds(world, x, y, component, xs, ys, found, components, filled):
    """Put equilibria, listed in any order of worlds, into slots [W, K]; `filled` [W] counts."""
    for e in range(len(world)):
        w = world[e]
        k = filled[w]
        for i in range(x.shape[1]):
            xs[w, k, i] = x[e, i]
        for j in range(y.shape[1]):
            ys[w, k, j] = y[e, j]
        found[w, k] = True
        components[w, k] = k if component[e] == ALONE else component[e]
        filled[w] = k + 1
