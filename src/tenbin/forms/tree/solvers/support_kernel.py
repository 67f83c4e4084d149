"""Mixed profiles of one stage: Newton's method on the indifference of what is played."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

import numpy as np

from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["search_supports"]

MOST_ITERATIONS = 40
LARGEST_STEP = 0.5
"""The most that a probability moves in one iteration."""

SOLVED = 1e-12
"""Differences of payoffs, in units of the payoff range, that count as none."""

PLAYED = 1e-7
"""The least probability of an action that belongs to the support."""

SAME = 1e-6
"""Profiles that differ by no more are one."""

TIE = 1e-9
"""Gains below this share of the payoff range are what the search for the mix leaves."""

STARTS = 8
"""Points from which a system that is not linear is solved."""

MOST_OF_ONE = 8
"""Profiles of one pattern and line that are kept."""


@kernel
def _evaluate(t, chance, p, value):
    """Values [V, P] of inner nodes under the profile p [I, A]."""
    for n in range(len(t.parent) - 1, -1, -1):
        start, stop = t.child_start[n], t.child_start[n + 1]
        h = t.infoset[n]
        for k in range(value.shape[1]):
            total = 0.0
            for e in range(start, stop):
                weight = p[h, e - start] if h >= 0 else chance[t.child_branch[e]]
                if weight != 0.0:
                    total += weight * value[t.child[e], k]
            value[n, k] = total


@kernel
def _reach(t, chance, p, player, reach):
    """The probability [M] that chance and the others lead to each inner node."""
    reach[0] = 1.0
    for n in range(1, len(t.parent)):
        above = t.parent[n]
        h = t.infoset[above]
        if h < 0:
            reach[n] = reach[above] * chance[t.branch[n]]
        elif t.player[h] == player:
            reach[n] = reach[above]
        else:
            reach[n] = reach[above] * p[h, t.step[n]]


@kernel
def _gain(t, h, one, other, value, reach):
    """What `one` brings more than `other` at an information set, weighted by `reach`."""
    total, player = 0.0, t.player[h]
    for i in range(t.member_start[h], t.member_start[h + 1]):
        n = t.member[i]
        start = t.child_start[n]
        total += reach[n] * (
            value[t.child[start + one], player] - value[t.child[start + other], player]
        )
    return total


@kernel
def _differences(t, chance, p, unknown, first, value, reach, out):
    """For each unknown (h, a): what a brings more than the first action played at h."""
    _evaluate(t, chance, p, value)
    player = -1
    for k in range(len(unknown)):
        h = unknown[k, 0]
        if t.player[h] != player:
            player = t.player[h]
            _reach(t, chance, p, player, reach)
        out[k] = _gain(t, h, unknown[k, 1], first[h], value, reach)


@kernel
def _eliminate(matrix, right):
    """Solve in place by elimination with row exchanges; whether it could be solved."""
    n = len(right)
    for c in range(n):
        pivot = c
        for r in range(c + 1, n):
            if abs(matrix[r, c]) > abs(matrix[pivot, c]):
                pivot = r
        if abs(matrix[pivot, c]) < 1e-13:
            return False
        if pivot != c:
            for k in range(n):
                matrix[c, k], matrix[pivot, k] = matrix[pivot, k], matrix[c, k]
            right[c], right[pivot] = right[pivot], right[c]
        for r in range(c + 1, n):
            factor = matrix[r, c] / matrix[c, c]
            if factor != 0.0:
                for k in range(c, n):
                    matrix[r, k] -= factor * matrix[c, k]
                right[r] -= factor * right[c]
    for r in range(n - 1, -1, -1):
        for k in range(r + 1, n):
            right[r] -= matrix[r, k] * right[k]
        right[r] /= matrix[r, r]
    return True


@kernel
def _start(t, support, number, p):
    """A mix on the support: even at the first start, then points spread over the simplex."""
    for h in range(len(t.player)):
        total, count = 0.0, 0
        for a in range(p.shape[1]):
            p[h, a] = 0.0
        for a in range(t.n_actions[h]):
            if support[h] >> a & 1:
                count += 1
                spread = 0.5 + math.sin(12.9898 * (number * 31 + h * 7 + a + 1)) * 0.5
                p[h, a] = 1.0 if number == 0 else -math.log(0.02 + 0.96 * spread)
                total += p[h, a]
        for a in range(t.n_actions[h]):
            p[h, a] /= total


@kernel
def _solve(t, chance, scale, p, unknown, first, value, reach, matrix, right, moved):
    """Newton's method from p; whether it ended at a mix in which all of the support is played."""
    n = len(unknown)
    for _ in range(MOST_ITERATIONS):
        _differences(t, chance, p, unknown, first, value, reach, right)
        size = 0.0
        for k in range(n):
            size = max(size, abs(right[k]))
        # payoffs are affine in the mix of one information set: a unit step gives the derivative
        for c in range(n):
            h, a = unknown[c, 0], unknown[c, 1]
            p[h, a] += 1.0
            p[h, first[h]] -= 1.0
            _differences(t, chance, p, unknown, first, value, reach, moved)
            p[h, a] -= 1.0
            p[h, first[h]] += 1.0
            for r in range(n):
                matrix[r, c] = (moved[r] - right[r]) / scale
        for k in range(n):
            right[k] /= -scale
        if not _eliminate(matrix, right):
            return False
        longest = 0.0
        for k in range(n):
            longest = max(longest, abs(right[k]))
        if not longest < 1e6:
            return False
        factor = min(1.0, LARGEST_STEP / longest) if longest > 0.0 else 1.0
        for k in range(n):
            h, a = unknown[k, 0], unknown[k, 1]
            p[h, a] += factor * right[k]
            p[h, first[h]] -= factor * right[k]
        if size <= SOLVED * scale and longest <= 1e-9:
            for k in range(n):
                h, a = unknown[k, 0], unknown[k, 1]
                if p[h, a] < PLAYED or p[h, first[h]] < PLAYED:
                    return False
            return True
    return False


@kernel
def _is_rational(t, chance, scale, p, live, value, reach):
    """Whether nobody gains where chance and the others lead to an information set."""
    _evaluate(t, chance, p, value)
    for player in range(value.shape[1]):
        _reach(t, chance, p, player, reach)
        for h in range(len(t.player)):
            if t.player[h] != player:
                continue
            total, best = 0.0, 0
            for i in range(t.member_start[h], t.member_start[h + 1]):
                total += reach[t.member[i]]
            for a in range(t.n_actions[h]):
                if p[h, a] > p[h, best]:
                    best = a
            for a in range(t.n_actions[h]):
                if _gain(t, h, a, best, value, reach) > TIE * scale * total:
                    return False
    return True


@entry_kernel
def search_supports(
    t, chance, ends, live, scale, support, possible, first_line, line, pattern, mixes
):
    """Mixed profiles of a stage that are best replies wherever the others lead.

    Parameters
    ----------
    chance, ends, live, scale
        As `pure_kernel.search_profiles` has them.
    support, possible
        Patterns [S, I] and the actions that could be played at all [L, I], as bit masks.
    first_line
        The line to begin with.
    line, pattern, mixes
        Written: line and pattern of each profile [Q], its probabilities [Q, I, A].

    Returns
    -------
    The line to go on with, and how many were written; as `search_profiles`.
    """
    infosets, inner, count = len(t.player), len(t.parent), 0
    actions = mixes.shape[2]
    value = np.zeros((inner + ends.shape[1], ends.shape[2]))
    reach, p = np.zeros(inner), np.zeros((infosets, actions))
    unknown = np.zeros((infosets * actions, 2), dtype=np.int64)
    first = np.zeros(infosets, dtype=np.int64)
    matrix = np.zeros((infosets * actions, infosets * actions))
    right, moved = np.zeros(infosets * actions), np.zeros(infosets * actions)
    for i in range(first_line, len(chance)):
        begun = count
        value[inner:] = ends[i]
        for s in range(len(support)):
            fits, mixing, n = True, 0, 0
            for h in range(infosets):
                if support[s, h] & ~possible[i, h]:
                    fits = False
                    break
                first[h], played = -1, 0
                for a in range(t.n_actions[h]):
                    if support[s, h] >> a & 1:
                        played += 1
                        if first[h] < 0:
                            first[h] = a
                        else:
                            unknown[n, 0], unknown[n, 1] = h, a
                            n += 1
                mixing += played > 1
            if not fits:
                continue
            known = count
            for start in range(STARTS if mixing > 2 else 1):
                _start(t, support[s], start, p)
                if not _solve(
                    t,
                    chance[i],
                    scale[i],
                    p,
                    unknown[:n],
                    first,
                    value,
                    reach,
                    matrix[:n, :n],
                    right[:n],
                    moved[:n],
                ):
                    continue
                if not _is_rational(t, chance[i], scale[i], p, live[i], value, reach):
                    continue
                fresh = count - known < MOST_OF_ONE
                for q in range(known, count):
                    if np.abs(mixes[q] - p).max() <= SAME:
                        fresh = False
                if fresh:
                    if count == len(line):
                        return i, begun
                    line[count], pattern[count] = i, s
                    mixes[count] = p
                    count += 1
    return len(chance), count
