"""Compiled loops over orders: which states each player and coalition would not leave.

A *node* is a state together with who moved last; a legal sequence is a walk over nodes in which the
mover always changes. Whether an improvement is sanctioned needs only the least value, to the
player sanctioned, of any state that a legal sequence of the opponents reaches. That value is found
for all states at once: nodes are labelled backwards from the states of least value, each node once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.conflict.solvers.reach_kernel import improvements_from
from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["conflict_orders"]

SEQ, NASH, GMR, SMR = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
NOWHERE = np.int32(1 << 30)
"""The least value where the opponents cannot move: nothing is sanctioned."""
Ints = NDArray[np.int32]
Shorts = NDArray[np.int16]
Words = NDArray[np.uint64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


@kernel
def sort_states(
    value: Ints,
    places: Ints,
    order: Ints,
) -> None:
    """The states in the order of their values (whole numbers from 1 to S); returns nothing."""
    n_states = len(value)
    for v in range(n_states + 2):
        places[v] = 0
    for s in range(n_states):
        places[value[s] + 1] += 1
    for v in range(n_states + 1):
        places[v + 1] += places[v]
    for s in range(n_states):
        order[places[value[s]]] = s
        places[value[s]] += 1


@kernel
def least_after(
    value: Ints,
    mover: Bools,
    improving: bool,
    rank: Ints,
    move_start: Ints,
    enter_start: Ints,
    enter_from: Ints,
    order: Ints,
    places: Ints,
    label: Ints,
    queue: Ints,
    least: Ints,
) -> None:
    """The least value [S] that legal sequences of the movers reach from each state.

    value [S] are whole numbers from 1 to S, mover [P] who may move; with `improving` every move
    must be better for who makes it, by rank [P, S]. label [P, S], queue, order and places are work
    arrays. least [S] is NOWHERE where no mover can move. The work ends once every state is settled
    from which some mover can move at all.
    """
    n_players, n_states = label.shape
    sort_states(value, places, order)
    left = 0
    for s in range(n_states):
        least[s] = NOWHERE
        for p in range(n_players):
            if mover[p] and move_start[p, s] < move_start[p, s + 1]:
                left += 1
                break
    for p in range(n_players):
        for s in range(n_states):
            label[p, s] = 0
    for position in range(n_states):
        target = order[position]
        worth = value[target]
        head, tail = 0, 0
        for p in range(n_players):
            if mover[p] and label[p, target] == 0:
                label[p, target] = 1
                queue[tail] = p * n_states + target
                tail += 1
        while head < tail:
            p, t = queue[head] // n_states, queue[head] % n_states
            head += 1
            for m in range(enter_start[p, t], enter_start[p, t + 1]):
                s = enter_from[m]
                if improving and rank[p, t] <= rank[p, s]:
                    continue
                if least[s] == NOWHERE:
                    least[s] = worth
                    left -= 1
                    if left == 0:
                        return
                for before in range(n_players):
                    if before != p and mover[before] and label[before, s] == 0:
                        label[before, s] = 1
                        queue[tail] = before * n_states + s
                        tail += 1


@kernel
def judge_player(
    p: int,
    rank: Ints,
    move_start: Ints,
    move_to: Ints,
    after_gmr: Ints,
    after_smr: Ints,
    after_seq: Ints,
    stable: Bytes,
) -> None:
    """The stabilities [S] of one player alone, from the least values after each state."""
    n_states = rank.shape[1]
    own = rank[p]
    for s in range(n_states):
        bits = SEQ | NASH | GMR | SMR
        for m in range(move_start[p, s], move_start[p, s + 1]):
            x = move_to[m]
            if own[x] <= own[s]:
                continue
            bits &= ~NASH
            if after_gmr[x] > own[s]:
                bits &= ~GMR
            if after_smr[x] > own[s]:
                bits &= ~SMR
            if after_seq[x] > own[s]:
                bits &= ~SEQ
        stable[s] = bits


@kernel
def sets_above(rank: Ints, order: Ints, places: Ints, above: Words) -> None:
    """For each player and rank the states of a higher rank, as bits [P, S + 1, words]."""
    n_players, n_states = rank.shape
    n_words = above.shape[2]
    for p in range(n_players):
        sort_states(rank[p], places, order)
        for w in range(n_words):
            above[p, n_states, w] = 0
        position = n_states - 1
        for r in range(n_states, 0, -1):
            for w in range(n_words):
                above[p, r - 1, w] = above[p, r, w]
            while position >= 0 and rank[p, order[position]] == r:
                x = order[position]
                above[p, r - 1, x >> 6] |= np.uint64(1) << np.uint64(x & 63)
                position -= 1


@kernel
def keeps_guard(
    x: int, better: Words, others: Words, own_reach: Words, guard: Ints, asked: int
) -> bool:
    """Whether some answer to x leaves a member no better off than s, whatever the coalition does.

    better [words] are the states that all members prefer to s. `guard` [S] remembers what was found
    of an answer: `asked` where it holds, `-asked` where it does not.
    """
    n_words = len(better)
    for w in range(n_words):
        left = others[x, w] & ~better[w]
        y = w * 64
        while left != 0:
            if left & np.uint64(1):
                if guard[y] != asked and guard[y] != -asked:
                    guard[y] = asked
                    for v in range(n_words):
                        if own_reach[y, v] & better[v]:
                            guard[y] = -asked
                            break
                if guard[y] == asked:
                    return True
            left >>= np.uint64(1)
            y += 1
    return False


@kernel
def judge_coalition(
    members: Ints,
    rank: Ints,
    above: Words,
    own_reach: Words,
    others: Words,
    after_gmr: Ints,
    after_seq: Ints,
    better: Words,
    guard: Ints,
    stable: Bytes,
) -> None:
    """The stabilities [S] of one coalition: improvements that all members gain from.

    members [H]; above [P, S + 1, words] as `sets_above` gives them; own_reach, others [S, words]
    what the coalition and its opponents reach by legal sequences; after_gmr, after_seq [H, S] the
    least values for each member after each state.
    """
    n_states, n_words = own_reach.shape
    for y in range(n_states):
        guard[y] = 0
    for s in range(n_states):
        for w in range(n_words):
            better[w] = above[members[0], rank[members[0], s], w]
        for h in range(1, len(members)):
            for w in range(n_words):
                better[w] &= above[members[h], rank[members[h], s], w]
        bits = SEQ | NASH | GMR | SMR
        for w in range(n_words):
            left = own_reach[s, w] & better[w]
            x = w * 64
            while left != 0 and bits != 0:
                if left & np.uint64(1):
                    bits &= ~NASH
                    gmr, seq = False, False
                    for h in range(len(members)):
                        gmr |= after_gmr[h, x] <= rank[members[h], s]
                        seq |= after_seq[h, x] <= rank[members[h], s]
                    if not gmr:
                        bits &= ~(GMR | SMR)
                    if not seq:
                        bits &= ~SEQ
                    if bits & SMR and not keeps_guard(x, better, others, own_reach, guard, s + 1):
                        bits &= ~SMR
                left >>= np.uint64(1)
                x += 1
        stable[s] = bits


@entry_kernel
def conflict_orders(
    first: int,
    last: int,
    ranks: Shorts,
    row: Ints,
    start: int,
    move_start: Ints,
    move_to: Ints,
    enter_start: Ints,
    enter_from: Ints,
    member_start: Ints,
    members: Ints,
    reach: Words,
    opposed: Words,
    stable: Bytes,
    steps: Shorts,
    joint_steps: Shorts,
) -> None:
    """Stabilities [U, G, S] and improvements from the start [U, S] of orders first to last.

    ranks [R, S] are all players' rankings, row [U, P] which one each player has. The coalitions'
    members stand at member_start; reach and opposed [C, S, words] are what each coalition and its
    opponents reach by legal sequences; joint_steps counts their improvements too.
    """
    n_players, n_states = row.shape[1], ranks.shape[1]
    n_coalitions, n_words = reach.shape[0], reach.shape[2]
    rank = np.empty((n_players, n_states), dtype=np.int32)
    worst = np.empty(n_states, dtype=np.int32)
    order = np.empty(n_states, dtype=np.int32)
    places = np.empty(n_states + 2, dtype=np.int32)
    label = np.empty((n_players, n_states), dtype=np.int32)
    queue = np.empty(n_players * n_states + n_players, dtype=np.int32)
    n_joint = (n_players + n_coalitions) * (n_coalitions > 0)
    above = np.empty((n_players * (n_coalitions > 0), n_states + 1, n_words), dtype=np.uint64)
    joint_label = np.empty((n_joint, n_states), dtype=np.int32)
    joint_queue = np.empty(n_joint * n_states + 1, dtype=np.int32)
    after_gmr = np.empty((n_players, n_states), dtype=np.int32)
    after_smr = np.empty(n_states, dtype=np.int32)
    after_seq = np.empty((n_players, n_states), dtype=np.int32)
    mover = np.empty(n_players, dtype=np.bool_)
    better = np.empty(n_words, dtype=np.uint64)
    guard = np.empty(n_states, dtype=np.int32)
    for u in range(first, last):
        for p in range(n_players):
            for s in range(n_states):
                rank[p, s] = ranks[row[u, p], s]
        improvements_from(
            start, rank, move_start, move_to, member_start, members, reach, label, queue, steps[u]
        )
        if n_coalitions:
            improvements_from(
                start, rank, move_start, move_to, member_start, members, reach,
                joint_label, joint_queue, joint_steps[u],
            )  # fmt: skip
        else:
            joint_steps[u] = steps[u]
        for p in range(n_players):
            for q in range(n_players):
                mover[q] = q != p
            for s in range(n_states):
                worst[s] = rank[p, s]
                for m in range(move_start[p, s], move_start[p, s + 1]):
                    worst[s] = max(worst[s], rank[p, move_to[m]])
            least_after(
                rank[p], mover, False, rank, move_start, enter_start, enter_from,
                order, places, label, queue, after_gmr[0],
            )  # fmt: skip
            least_after(
                worst, mover, False, rank, move_start, enter_start, enter_from,
                order, places, label, queue, after_smr,
            )  # fmt: skip
            least_after(
                rank[p], mover, True, rank, move_start, enter_start, enter_from,
                order, places, label, queue, after_seq[0],
            )  # fmt: skip
            judge_player(
                p, rank, move_start, move_to, after_gmr[0], after_smr, after_seq[0], stable[u, p]
            )
        if n_coalitions:
            sets_above(rank, order, places, above)
        for c in range(n_coalitions):
            its = members[member_start[c] : member_start[c + 1]]
            for q in range(n_players):
                mover[q] = True
            for h in range(len(its)):
                mover[its[h]] = False
            for h in range(len(its)):
                least_after(
                    rank[its[h]], mover, False, rank, move_start, enter_start, enter_from,
                    order, places, label, queue, after_gmr[h],
                )  # fmt: skip
                least_after(
                    rank[its[h]], mover, True, rank, move_start, enter_start, enter_from,
                    order, places, label, queue, after_seq[h],
                )  # fmt: skip
            judge_coalition(
                its, rank, above, reach[c], opposed[c], after_gmr, after_seq, better, guard,
                stable[u, n_players + c],
            )  # fmt: skip
