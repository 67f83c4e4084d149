"""Trembles that may prove an equilibrium sequential: guesses, for `exact.ExactCheck` to judge."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from tenbin.forms.tree.exact import ONE, ZERO, ExactCheck, Trembles
from tenbin.forms.tree.tables import NONE
from tenbin.scenario.language import Array

__all__ = ["guess_trembles"]

TREMBLE_TRIES = 300
LARGEST_ORDER = 6


def guess_trembles(check: ExactCheck, log_witness: Array) -> Iterator[Trembles]:
    """Trembles to try: as the witness has them, all alike, beliefs that suit, and at random."""
    unused = [g for g, p in enumerate(check.profile) if p == 0]
    even: Trembles = dict.fromkeys(unused, (1, ONE))
    seen = _as_witnessed(unused, log_witness)
    yield seen
    yield even
    suited = _suited(check)
    yield {**seen, **suited}
    yield {**even, **suited}
    if any(check.reach(n, even)[0] for nodes in check.members for n in nodes):
        draws = random.Random(0)
        for _ in range(TREMBLE_TRIES):
            guess = {g: (draws.randint(1, LARGEST_ORDER), ONE) for g in unused}
            yield {**guess, **suited} if draws.random() < 0.5 else guess


def _as_witnessed(unused: Sequence[int], log_witness: Array) -> dict[int, tuple[int, Fraction]]:
    """Orders in proportion to the log-probabilities of the witness."""
    sizes = {g: -float(log_witness[g]) for g in unused if np.isfinite(log_witness[g])}
    largest = max(sizes.values(), default=1.0)
    scaled = {g: max(1, round(1000 * sizes.get(g, largest) / max(largest, 1e-300))) for g in unused}
    return {g: (order, ONE) for g, order in scaled.items()}


def _suited(check: ExactCheck) -> dict[int, tuple[int, Fraction]]:
    """Trembles that give beliefs under which what is done is best, where one deviation leads.

    For information sets to whose nodes only single deviations lead, each its own (as to a receiver
    who sees an unexpected message): any beliefs can then be had.
    """
    found: dict[int, tuple[int, Fraction]] = {}
    for infoset, nodes in enumerate(check.members):
        ways = [_way(check, node) for node in nodes]
        leading = [g for g, _ in ways if g != NONE]
        if any(g == NONE for g, _ in ways) or len(set(leading)) < len(leading):
            continue
        if any(g in found for g in leading):
            continue
        beliefs = _suiting_beliefs(check, infoset)
        if beliefs is None:
            continue
        for (action, weight), belief in zip(ways, beliefs, strict=True):
            found[action] = (1, belief / weight) if belief else (2, ONE)
    return found


def _way(check: ExactCheck, node: int) -> tuple[int, Fraction]:
    """The one deviation of others that leads to a node, and the probability of all else there.

    NONE where there is none, several, or chance forbids it.
    """
    tree, owner = check.tree, int(check.tree.infoset_player[check.tree.infoset[node]])
    deviation, weight = NONE, ONE
    while tree.parent[node] != NONE:
        action = int(tree.action[node])
        step = check.step(node)
        others = action == NONE or tree.infoset_player[tree.action_infoset[action]] != owner
        if others and step:
            weight *= step
        elif others and (action == NONE or deviation != NONE):
            return NONE, ZERO
        elif others:
            deviation = action
        node = int(tree.parent[node])
    return deviation, weight


def _suiting_beliefs(check: ExactCheck, infoset: int) -> list[Fraction] | None:
    """Beliefs under which nothing is better than what is done: on one node, or on two."""
    nodes = check.members[infoset]
    first, last = check.tree.infoset_start[infoset : infoset + 2].tolist()
    taken = [a for a in range(last - first) if check.profile[first + a]]
    earned = [check.utilities(infoset, {node: ONE}) for node in nodes]

    def suits(beliefs: Sequence[Fraction]) -> bool:
        total = [
            sum((b * earned[n][a] for n, b in enumerate(beliefs)), ZERO)
            for a in range(last - first)
        ]
        return all(total[a] == max(total) for a in taken)

    count = len(nodes)
    for n in range(count):
        beliefs = [ONE if m == n else ZERO for m in range(count)]
        if suits(beliefs):
            return beliefs
    for n in range(count):
        for m in range(n + 1, count):
            for a in taken:
                for b in range(last - first):
                    gap, other = earned[n][a] - earned[n][b], earned[m][a] - earned[m][b]
                    if gap * other >= 0:
                        continue
                    share = other / (other - gap)
                    beliefs = [ZERO] * count
                    beliefs[n], beliefs[m] = share, ONE - share
                    if suits(beliefs):
                        return beliefs
    return None
