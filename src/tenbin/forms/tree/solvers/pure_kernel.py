"""Searching the pure profiles of one stage, and the beliefs that favour an action most."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import numpy as np

from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["DEAD", "TIE", "best_beliefs", "search_profiles"]

TIE = 1e-12
"""Payoffs closer than this share of the payoff range are a tie."""

DEAD = -1
"""The choice at an information set that chance cannot reach."""


@kernel
def _settle(t, depth, choice, chance, value):
    """Values [V, P] of the inner nodes that are known once the choice at `depth` is made."""
    for i in range(t.level_start[depth], t.level_start[depth + 1]):
        n = t.level_node[i]
        start, stop = t.child_start[n], t.child_start[n + 1]
        if t.infoset[n] >= 0:
            c = t.child[start + max(choice[t.infoset[n]], 0)]
            for p in range(value.shape[1]):
                value[n, p] = value[c, p]
        else:
            for p in range(value.shape[1]):
                total = 0.0
                for e in range(start, stop):
                    total += chance[t.child_branch[e]] * value[t.child[e], p]
                value[n, p] = total


@kernel
def _is_beaten(t, h, action, live, value, slack):
    """Whether another action is better at every node, so that no belief favours this one."""
    p = t.player[h]
    for other in range(t.n_actions[h]):
        if other == action:
            continue
        beaten = True
        for i in range(t.member_start[h], t.member_start[h + 1]):
            n = t.member[i]
            if live[n]:
                start = t.child_start[n]
                gain = value[t.child[start + other], p] - value[t.child[start + action], p]
                if gain <= slack:
                    beaten = False
                    break
        if beaten:
            return True
    return False


@kernel
def _passes(t, depth, choice, live, value, slack):
    """Whether the choices that can be judged at this depth are best replies to some belief."""
    for i in range(t.test_start[depth], t.test_start[depth + 1]):
        h = t.test[i]
        if choice[h] >= 0 and _is_beaten(t, h, choice[h], live, value, slack):
            return False
    return True


@kernel
def _is_rational(t, choice, chance, live, value, slack, reach):
    """Whether every choice is best where chance and the others lead to its information set."""
    for p in range(value.shape[1]):
        for n in range(len(t.parent)):
            above = t.parent[n]
            if above < 0:
                reach[n] = 1.0
            elif t.branch[n] >= 0:
                reach[n] = reach[above] * chance[t.branch[n]]
            else:
                g = t.infoset[above]
                kept = t.player[g] == p or choice[g] == t.step[n]
                reach[n] = reach[above] if kept else 0.0
        for h in range(len(t.player)):
            if t.player[h] != p or choice[h] < 0:
                continue
            first, last = t.member_start[h], t.member_start[h + 1]
            total = 0.0
            for i in range(first, last):
                total += reach[t.member[i]]
            for other in range(t.n_actions[h]):
                gain = 0.0
                for i in range(first, last):
                    n = t.member[i]
                    start = t.child_start[n]
                    difference = value[t.child[start + other], p]
                    difference -= value[t.child[start + choice[h]], p]
                    gain += reach[n] * difference
                if gain > slack * total:
                    return False
    return True


@entry_kernel
def search_profiles(t, chance, ends, live, scale, most_steps, first, found, choices, bounded):
    """Every pure profile of a stage that is a best reply everywhere to some belief.

    On the paths that chance and the others take, beliefs follow Bayes; elsewhere an action passes
    where no other one is better at every node. Whether beliefs hang together is not looked at.

    Parameters
    ----------
    chance, ends, live, scale
        Of each line: chance [L, C], payoffs of the ends [L, E, P], which inner nodes chance can
        reach [L, M], the payoff range [L].
    most_steps
        Choices tried per line before its search is broken off.
    first
        The line to begin with.
    found, choices
        Written: the line of each profile [Q] and its choice at each information set [Q, I].
    bounded
        Written: whether a line's search was broken off [L].

    Returns
    -------
    The line to go on with (all are done where it is their number), and how many were written.
    Where the room does not suffice for a line, nothing of that line counts.
    """
    count, infosets, inner = 0, len(t.player), len(t.parent)
    value = np.zeros((inner + ends.shape[1], ends.shape[2]))
    reach, choice = np.zeros(inner), np.zeros(infosets, dtype=np.int32)
    in_game = np.zeros(infosets, dtype=np.bool_)
    for i in range(first, len(chance)):
        begun, steps, depth = count, 0, 0
        for h in range(infosets):
            in_game[h] = False
            for j in range(t.member_start[h], t.member_start[h + 1]):
                in_game[h] = in_game[h] or live[i, t.member[j]]
        value[inner:] = ends[i]
        slack = TIE * scale[i]
        choice[0] = -1 if in_game[0] else -2
        while depth >= 0:
            choice[depth] += 1
            if choice[depth] >= (t.n_actions[depth] if in_game[depth] else 0):
                depth -= 1
                continue
            steps += 1
            if steps > most_steps:
                bounded[i] = True
                break
            _settle(t, depth, choice, chance[i], value)
            if not _passes(t, depth, choice, live[i], value, slack):
                continue
            if depth + 1 < infosets:
                depth += 1
                choice[depth] = -1 if in_game[depth] else -2
            elif _is_rational(t, choice, chance[i], live[i], value, slack, reach):
                if count == len(found):
                    return i, begun
                found[count] = i
                choices[count] = choice
                count += 1
    return len(chance), count


@entry_kernel
def best_beliefs(gains, worth, beliefs):
    """The beliefs under which an action's smallest advantage over the others is largest.

    A matrix game against the other actions, solved by the simplex method.

    Parameters
    ----------
    gains
        Advantage over each other action where each class of nodes is the case [Q, C, B].
    worth, beliefs
        Written: the smallest advantage [Q] and the beliefs [Q, C].
    """
    classes, others = gains.shape[1], gains.shape[2]
    table = np.zeros((others + 1, classes + others + 1))
    basis = np.zeros(others, dtype=np.int64)
    for q in range(len(gains)):
        low, high = np.inf, -np.inf
        for c in range(classes):
            for b in range(others):
                low, high = min(low, gains[q, c, b]), max(high, gains[q, c, b])
        unit = max(high - low, 1e-300)
        # with payoffs in [1, 2] the column player's best y solves: max sum y, A y <= 1, y >= 0;
        # roles are exchanged so that the beliefs are the primal: payoffs 3 - A for the minimiser
        table[:] = 0.0
        for b in range(others):
            for c in range(classes):
                table[b, c] = 2.0 - (gains[q, c, b] - low) / unit
            table[b, classes + b] = 1.0
            table[b, -1] = 1.0
            basis[b] = classes + b
        table[others, :classes] = -1.0
        _maximise(table, basis)
        total = 0.0
        beliefs[q] = 0.0
        for b in range(others):
            if basis[b] < classes:
                beliefs[q, basis[b]] = max(table[b, -1], 0.0)
                total += beliefs[q, basis[b]]
        for c in range(classes):
            beliefs[q, c] /= total
        worth[q] = np.inf
        for b in range(others):
            mean = 0.0
            for c in range(classes):
                mean += beliefs[q, c] * gains[q, c, b]
            worth[q] = min(worth[q], mean)


@kernel
def _maximise(table, basis):
    """The simplex method with Bland's rule on a table whose last row is the objective."""
    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    for _ in range(64 * (rows + columns)):
        enters = -1
        for c in range(columns):
            if table[rows, c] < -1e-12:
                enters = c
                break
        if enters < 0:
            return
        leaves, least = -1, np.inf
        for r in range(rows):
            if table[r, enters] > 1e-12:
                ratio = table[r, columns] / table[r, enters]
                if ratio < least - 1e-15 or (ratio <= least and basis[r] < basis[leaves]):
                    leaves, least = r, ratio
        if leaves < 0:
            return
        pivot = table[leaves, enters]
        for c in range(columns + 1):
            table[leaves, c] /= pivot
        for r in range(rows + 1):
            if r != leaves and table[r, enters] != 0.0:
                factor = table[r, enters]
                for c in range(columns + 1):
                    table[r, c] -= factor * table[leaves, c]
        basis[leaves] = enters
