"""Bimatrix games with ties, one world after the other: vertices, pairs of vertices, components.

The letters are those of `extreme_tables.py`; the minors given here have exact signs. A vertex of a
player's best-response polyhedron [vonstengel2002] is a mix that is the only one with its support
and its set of best responses, both kept as bits. Two vertices, each with its support among the best
responses to the other, are an extreme equilibrium; with ties a vertex may be part of several.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

import numpy as np

from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["grid_minors", "tied_worlds"]

ONE = np.uint64(1)
WHOLE = 2.0**53


@entry_kernel
def grid_minors(table, payoffs, minor, exact):
    """Minors [W, minors] of payoffs [W, rows, columns] that are small multiples of a power of two.

    In such worlds floating point makes no rounding error. `exact` [W] says which they are; the
    minors of the others are meaningless. The unit is the largest that the payoff range allows.
    """
    n_worlds, rows, columns = payoffs.shape
    scaled = np.zeros((rows, columns))
    for w in range(n_worlds):
        widest = 0.0
        for c in range(columns):
            widest = max(widest, payoffs[w, :, c].max() - payoffs[w, :, c].min())
        power = table.exact_bits - math.frexp(widest)[1] if widest > 0.0 else 0
        exact[w] = True
        for r in range(rows):
            for c in range(columns):
                value = math.ldexp(payoffs[w, r, c], power) if widest > 0.0 else 0.0
                scaled[r, c] = value
                exact[w] &= value == math.floor(value) and abs(value) < WHOLE
        if exact[w]:
            _expand_one(table, scaled, minor[w])


@kernel
def _expand_one(table, scaled, minor):
    """All minors of one matrix."""
    minor[0] = 1.0
    for d in range(len(table.column)):
        c = table.column[d]
        minor[d + 1] = scaled[table.upper[d], c] - scaled[table.lower[d], c]
    for k in range(2, len(table.start) - 1):
        for c in range(table.start[k], table.start[k + 1]):
            e = 0.0
            for p in range(k):
                term = minor[table.factor[c, p]] * minor[table.rest[c, p]]
                e += -term if p & 1 else term
            minor[c] = e


@kernel
def _is_doubtful(table, minor):
    """Whether some minor is not zero, but ties within `NEAR` could make it so."""
    widest = 0.0
    for c in range(1, len(table.column) + 1):
        widest = max(widest, abs(minor[c]))
    power = 1.0
    for k in range(1, len(table.start) - 1):
        power *= widest
        for c in range(table.start[k], table.start[k + 1]):
            if minor[c] != 0.0 and abs(minor[c]) <= table.near[k] * power:
                return True
    return False


@kernel
def _vertices(minor, terms, size, support, indifferent, played, best, basis):
    """The vertices of one player's best-response polyhedron; returns how many.

    The player mixes on `support` [B, size]; the opponent, whose payoffs have these minors, is
    indifferent on `indifferent` [B, size]. Filled from the start, per vertex: the bits of the
    actions `played`, those of the opponent's `best` responses, and the first basis of it.
    """
    found = 0
    for s in range(len(size)):
        if not _is_feasible(minor, terms[s], size[s]):
            continue
        mix = _bits(support[s], size[s])
        basic = _bits(indifferent[s], size[s])
        replies, p = basic, size[s]
        for r in range(terms.shape[1]):
            bit = ONE << np.uint64(r)
            if not basic & bit:
                if minor[terms[s, p] >> 1] == 0.0:
                    replies |= bit
                p += 1
        known = False
        for v in range(found):
            known |= played[v] == mix and best[v] == replies
        if not known:
            played[found], best[found], basis[found] = mix, replies, s
            found += 1
    return found


@kernel
def _is_feasible(minor, terms, size):
    """Whether the mix has positive probabilities and no reply is better than the indifferent."""
    sign = 0
    for p in range(len(terms)):
        code = terms[p]
        value = -minor[code >> 1] if code & 1 else minor[code >> 1]
        way = 1 if value > 0.0 else (-1 if value < 0.0 else 0)
        if p == 0:
            sign = way
        if way == -sign or (p < size and way == 0):
            return False
    return True


@kernel
def _bits(actions, size):
    """A set of actions as bits."""
    found = np.uint64(0)
    for p in range(size):
        found |= ONE << np.uint64(actions[p])
    return found


@kernel
def _count(bits):
    """How many bits are set."""
    found = 0
    while bits:
        bits &= bits - ONE
        found += 1
    return found


@kernel
def _root(parent, v):
    """The representative of a vertex's component."""
    while parent[v] != v:
        v = parent[v]
    return v


@kernel
def _join(played_x, best_x, n_x, played_y, best_y, n_y, parent):
    """Join the vertices of equilibria into components; returns the number of equilibria.

    Equilibria that share a vertex lie in one maximal Nash subset, and subsets that meet share an
    equilibrium, so that the components of the graph with the equilibria as edges are those of the
    set of equilibria [avis2010]. Vertex q of the column player is number n_x + q in `parent`.
    """
    for v in range(n_x + n_y):
        parent[v] = v
    found = 0
    for p in range(n_x):
        for q in range(n_y):
            if not (played_x[p] & ~best_y[q]) and not (played_y[q] & ~best_x[p]):
                found += 1
                one, two = _root(parent, p), _root(parent, n_x + q)
                parent[max(one, two)] = min(one, two)
    return found


@kernel
def _share(minor, terms, size, support, mix):
    """Probabilities [actions] from the minors of one basis."""
    total = 0.0
    for p in range(size):
        total += abs(minor[terms[p] >> 1])
    for p in range(len(mix)):
        mix[p] = 0.0
    for p in range(size):
        mix[support[p]] = abs(minor[terms[p] >> 1]) / total


@entry_kernel
def tied_worlds(one, two, pairs, minor_one, minor_two, first, world, x, y, component, flags):
    """Every extreme equilibrium of worlds `first` and after, ties included.

    Parameters
    ----------
    one, two, pairs
        `Minors` of the row player's payoffs and of the column player's (transposed), and `Bases`.
    minor_one, minor_two
        Their minors [W, .], the signs exact.
    first
        The world to begin with.
    world, x, y, component
        Filled from the start: the world of each equilibrium [N], its mixes [N, m] and [N, n], and
        the number of its component within its world, from 0.
    flags
        Filled [W, 2]: whether the game is degenerate, and whether ties within `NEAR` are open.

    Returns
    -------
    The equilibria written, and the world to go on with: fewer than W if the arrays were full.
    """
    n_bases = len(pairs.size)
    played_x, played_y = np.zeros(n_bases, np.uint64), np.zeros(n_bases, np.uint64)
    best_x, best_y = np.zeros(n_bases, np.uint64), np.zeros(n_bases, np.uint64)
    basis_x, basis_y = np.zeros(n_bases, np.int32), np.zeros(n_bases, np.int32)
    parent, number = np.zeros(2 * n_bases, np.int32), np.zeros(2 * n_bases, np.int32)
    written = 0
    while first < len(minor_one):
        e_one, e_two = minor_one[first], minor_two[first]
        size, rows, columns = pairs.size, pairs.rows, pairs.columns
        n_y = _vertices(e_one, pairs.first, size, columns, rows, played_y, best_y, basis_y)
        n_x = _vertices(e_two, pairs.second, size, rows, columns, played_x, best_x, basis_x)
        found = _join(played_x, best_x, n_x, played_y, best_y, n_y, parent)
        if written + found > len(world):
            return written, first
        degenerate = False
        for p in range(n_x):
            degenerate |= _count(best_x[p]) > _count(played_x[p])
        for q in range(n_y):
            degenerate |= _count(best_y[q]) > _count(played_y[q])
        flags[first, 0] = degenerate
        flags[first, 1] = _is_doubtful(one, e_one) or _is_doubtful(two, e_two)
        number[: n_x + n_y] = -1
        components = 0
        for p in range(n_x):
            for q in range(n_y):
                if not (played_x[p] & ~best_y[q]) and not (played_y[q] & ~best_x[p]):
                    root = _root(parent, p)
                    if number[root] < 0:
                        number[root] = components
                        components += 1
                    world[written], component[written] = first, number[root]
                    s, t = basis_x[p], basis_y[q]
                    _share(e_two, pairs.second[s], size[s], rows[s], x[written])
                    _share(e_one, pairs.first[t], size[t], columns[t], y[written])
                    written += 1
        first += 1
    return written, first
