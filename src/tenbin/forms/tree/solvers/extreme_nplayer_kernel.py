"""Mixed equilibria of games of several players, one world after the other, support by support."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["search_worlds"]

STEPS = 20
"""Newton steps from one start."""

SMALL = 1e-9
"""Probabilities below this belong to a smaller support; the tolerance of gains, of the range."""

SAME = 1e-6
"""Profiles closer than this are one."""

SINGULAR = 1e-9
"""Pivots below this share of the largest: the equilibrium may be one of a continuum."""


class Work(NamedTuple):
    """Arrays that one thread computes in; A actions of all players together."""

    cross: Any
    matrix: Any
    right: Any
    mix: Any
    value: Any


@kernel
def _values(payoffs, cells, mix, value):
    """Payoff [A] of each action when the others mix; `cells` [cells, P] are actions' numbers."""
    players = cells.shape[1]
    value[:] = 0.0
    for c in range(len(cells)):
        for p in range(players):
            others = 1.0
            for q in range(players):
                if q != p:
                    others *= mix[cells[c, q]]
            value[cells[c, p]] += payoffs[p, c] * others


@kernel
def _crosses(payoffs, cells, inside, mix, cross):
    """Payoff [A, A] of an action when one other player takes an action for certain.

    Only the cells `inside` count: those in which all actions belong to the support.
    """
    players = cells.shape[1]
    cross[:] = 0.0
    for c in inside:
        for p in range(players):
            u = payoffs[p, c]
            for q in range(players):
                if q != p:
                    both = 1.0
                    for r in range(players):
                        if r not in (p, q):
                            both *= mix[cells[c, r]]
                    cross[cells[c, p], cells[c, q]] += u * both


@kernel
def _is_hopeless(payoffs, cells, strides, offset, shape, support, inside):
    """Whether some action of the support is strictly dominated, given the others' supports."""
    for p in range(len(shape)):
        for i in range(offset[p], offset[p] + shape[p]):
            if support[i]:
                for j in range(offset[p], offset[p] + shape[p]):
                    if j != i:
                        better = True
                        for c in inside:
                            if cells[c, p] == i:
                                other = c + (j - i) * strides[p]
                                if payoffs[p, other] <= payoffs[p, c]:
                                    better = False
                                    break
                        if better:
                            return True
    return False


@kernel
def _solve(matrix, right, size):
    """Solve linear equations in place by elimination; returns the least pivot over the largest."""
    least, largest = np.inf, 0.0
    for k in range(size):
        pivot = k
        for r in range(k + 1, size):
            if abs(matrix[r, k]) > abs(matrix[pivot, k]):
                pivot = r
        if matrix[pivot, k] == 0.0:
            return 0.0
        if pivot != k:
            right[k], right[pivot] = right[pivot], right[k]
            for c in range(k, size):
                matrix[k, c], matrix[pivot, c] = matrix[pivot, c], matrix[k, c]
        least, largest = min(least, abs(matrix[k, k])), max(largest, abs(matrix[k, k]))
        for r in range(k + 1, size):
            factor = matrix[r, k] / matrix[k, k]
            right[r] -= factor * right[k]
            for c in range(k + 1, size):
                matrix[r, c] -= factor * matrix[k, c]
    for k in range(size - 1, -1, -1):
        for c in range(k + 1, size):
            right[k] -= matrix[k, c] * right[c]
        right[k] /= matrix[k, k]
    return least / largest if size else 1.0


@kernel
def _polish(payoffs, cells, inside, free, base, owner, mix, work):
    """Newton's steps to a mix on the support that makes its actions equally good.

    `free` lists the support's actions save the first of each player, which `base` [A] gives.
    Returns how far the equations were from singular; negative where the steps did not converge.
    """
    size = len(free)
    cross, matrix, right = work.cross, work.matrix, work.right
    players = cells.shape[1]
    regular, longest = 1.0, 0.0
    for _ in range(STEPS):
        _crosses(payoffs, cells, inside, mix, cross)
        for r in range(size):
            i, first = free[r], base[free[r]]
            for c in range(size):
                j, other = free[c], base[free[c]]
                matrix[r, c] = (cross[i, j] - cross[i, other]) - (
                    cross[first, j] - cross[first, other]
                )
            any_other = 0 if owner[i] != 0 else players - 1
            right[r] = 0.0
            for a in range(len(mix)):
                if owner[a] == any_other:
                    right[r] += (cross[first, a] - cross[i, a]) * mix[a]
        regular = _solve(matrix, right, size)
        if regular == 0.0:
            return -1.0
        longest = 0.0
        for r in range(size):
            longest = max(longest, abs(right[r]))
        if not longest < 1e6:
            return -1.0
        damping = 0.5 / longest if longest > 0.5 else 1.0
        for r in range(size):
            mix[free[r]] += damping * right[r]
            mix[base[free[r]]] -= damping * right[r]
        if longest < 1e-13:
            return regular
    return regular if longest < 1e-10 else -1.0


@kernel
def _is_equilibrium(payoffs, cells, offset, shape, support, mix, value):
    """Whether the mix is positive on the support and no action gains."""
    for a in range(len(mix)):
        if support[a] and not mix[a] > SMALL:
            return False
    _values(payoffs, cells, mix, value)
    for p in range(len(shape)):
        own = 0.0
        for a in range(offset[p], offset[p] + shape[p]):
            own += mix[a] * value[a]
        for a in range(offset[p], offset[p] + shape[p]):
            if value[a] - own > SMALL:
                return False
    return True


@kernel
def _is_known(profile, first, last, support, mix, regular):
    """Whether the profile is in the list already, or a continuum on its support has a member."""
    for e in range(first, last):
        near, alike = True, True
        for a in range(len(mix)):
            near &= abs(profile[e, a] - mix[a]) < SAME
            alike &= (profile[e, a] > 0.0) == support[a]
        if near or (alike and regular < SINGULAR):
            return True
    return False


@entry_kernel
def search_worlds(payoffs, shape, cells, supports, starts, first, world, profile, regular):
    """Equilibria of worlds `first` and after that Newton's steps find, support by support.

    Parameters
    ----------
    payoffs
        [W, P, cells], from 0 to 1 for every player.
    shape
        Actions of each player [P]; A is their sum.
    cells
        The actions of each cell [cells, P], numbered over all players; the last player's fastest.
    supports
        Which actions each profile of supports holds [N, A].
    starts
        Positive weights [S, A]; the first is used alone where at most two players mix.
    first
        The world to begin with.
    world, profile, regular
        Filled from the start: the world of each equilibrium, its probabilities [., A], and whether
        it is isolated (the equations of its support are not singular there).

    Returns
    -------
    The equilibria written, and the world to go on with: fewer than W if the arrays were full.
    """
    players, actions = len(shape), supports.shape[1]
    offset, strides = np.zeros(players, np.int64), np.ones(players, np.int64)
    owner = np.zeros(actions, np.int64)
    for p in range(players):
        offset[p] = shape[:p].sum()
        owner[offset[p] : offset[p] + shape[p]] = p
        for q in range(p + 1, players):
            strides[p] *= shape[q]
    work = Work(
        np.zeros((actions, actions)),
        np.zeros((actions, actions)),
        np.zeros(actions),
        np.zeros(actions),
        np.zeros(actions),
    )
    mix = work.mix
    free, base = np.zeros(actions, np.int64), np.zeros(actions, np.int64)
    inside = np.zeros(len(cells), np.int64)
    written = 0
    while first < len(payoffs):
        begin, u = written, payoffs[first]
        for s in range(len(supports)):
            support = supports[s]
            n_inside = _cells_inside(cells, support, inside)
            among = inside[:n_inside]
            if _is_hopeless(u, cells, strides, offset, shape, support, among):
                continue
            size, mixing = _unknowns(support, owner, free, base)
            for t in range(len(starts) if mixing > 2 else 1):
                _begin(shape, offset, support, starts[t], mix)
                found = _polish(u, cells, among, free[:size], base, owner, mix, work)
                if found < 0.0:
                    continue
                if not _is_equilibrium(u, cells, offset, shape, support, mix, work.value):
                    continue
                if _is_known(profile, begin, written, support, mix, found):
                    continue
                if written == len(world):
                    return begin, first
                world[written], regular[written] = first, found >= SINGULAR
                profile[written] = mix
                written += 1
        first += 1
    return written, first


@kernel
def _cells_inside(cells, support, inside):
    """The cells in which all actions belong to the support; returns how many."""
    found = 0
    for c in range(len(cells)):
        belongs = True
        for p in range(cells.shape[1]):
            belongs &= support[cells[c, p]]
        if belongs:
            inside[found] = c
            found += 1
    return found


@kernel
def _unknowns(support, owner, free, base):
    """List the support's actions save each player's first; returns them and the players mixing."""
    size, mixing, lead, last = 0, 0, -1, -1
    for a in range(len(support)):
        if support[a]:
            if lead < 0 or owner[a] != owner[lead]:
                lead = a
            else:
                free[size], base[a] = a, lead
                size += 1
                mixing += owner[a] != last
                last = owner[a]
    return size, mixing


@kernel
def _begin(shape, offset, support, weights, mix):
    """The weights as probabilities on a support."""
    for p in range(len(shape)):
        total = 0.0
        for a in range(offset[p], offset[p] + shape[p]):
            mix[a] = weights[a] if support[a] else 0.0
            total += mix[a]
        for a in range(offset[p], offset[p] + shape[p]):
            mix[a] /= total
