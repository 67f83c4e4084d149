"""Compiled walks along legal sequences: what is reached, and in how few improvements.

A *node* is a state together with who moved last; in a legal sequence the mover always changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["improvements_from", "legal_reach"]

FAR = np.int16(-1)

Ints = NDArray[np.int32]
Shorts = NDArray[np.int16]
Words = NDArray[np.uint64]
Bools = NDArray[np.bool_]


@kernel
def gains_all(
    members: Ints,
    rank: Ints,
    s: int,
    t: int,
) -> bool:
    """Whether every member prefers t to s."""
    gain = True
    for h in range(len(members)):
        gain &= rank[members[h], t] > rank[members[h], s]
    return gain


@kernel
def improvements_from(
    start: int,
    rank: Ints,
    move_start: Ints,
    move_to: Ints,
    member_start: Ints,
    members: Ints,
    reach: Words,
    label: Ints,
    queue: Ints,
    steps: Shorts,
) -> None:
    """Fewest improvements [S] from the start to each state by legal sequences; FAR for none.

    Players improve by one move, coalitions by any legal sequence of their members; no group acts
    twice in a row. label [G, S] and queue are work arrays; where label has P rows coalitions are
    left out.
    """
    n_players, n_states = rank.shape
    n_groups = label.shape[0]
    for s in range(n_states):
        steps[s] = FAR
    if start < 0:
        return
    for g in range(n_groups):
        for s in range(n_states):
            label[g, s] = FAR
    steps[start] = 0
    queue[0] = n_groups * n_states + start
    head, tail = 0, 1
    while head < tail:
        last, s = queue[head] // n_states, queue[head] % n_states
        head += 1
        done = 0 if last == n_groups else label[last, s]
        if steps[s] == FAR:
            steps[s] = done
        for g in range(n_groups):
            if g == last:
                continue
            if g < n_players:
                for m in range(move_start[g, s], move_start[g, s + 1]):
                    t = move_to[m]
                    if rank[g, t] > rank[g, s] and label[g, t] == FAR:
                        label[g, t] = done + 1
                        queue[tail] = g * n_states + t
                        tail += 1
            else:
                c = g - n_players
                its = members[member_start[c] : member_start[c + 1]]
                for t in range(n_states):
                    within = reach[c, s, t >> 6] & (np.uint64(1) << np.uint64(t & 63))
                    if within and label[g, t] == FAR and gains_all(its, rank, s, t):
                        label[g, t] = done + 1
                        queue[tail] = g * n_states + t
                        tail += 1


@entry_kernel
def legal_reach(
    move_start: Ints,
    move_to: Ints,
    mover: Bools,
    reach: Words,
) -> None:
    """What legal sequences of the movers reach from each state, as bits [S, words]."""
    n_players, n_states = move_start.shape[0], move_start.shape[1] - 1
    seen = np.full((n_players, n_states), -1, dtype=np.int32)
    queue = np.empty(n_players * n_states, dtype=np.int32)
    for origin in range(n_states):
        head, tail = 0, 0
        for p in range(n_players):
            if not mover[p]:
                continue
            for m in range(move_start[p, origin], move_start[p, origin + 1]):
                t = move_to[m]
                if seen[p, t] != origin:
                    seen[p, t] = origin
                    queue[tail] = p * n_states + t
                    tail += 1
        while head < tail:
            last, s = queue[head] // n_states, queue[head] % n_states
            head += 1
            reach[origin, s >> 6] |= np.uint64(1) << np.uint64(s & 63)
            for p in range(n_players):
                if p == last or not mover[p]:
                    continue
                for m in range(move_start[p, s], move_start[p, s + 1]):
                    t = move_to[m]
                    if seen[p, t] != origin:
                        seen[p, t] = origin
                        queue[tail] = p * n_states + t
                        tail += 1
