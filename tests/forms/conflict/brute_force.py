"""Stability from the definitions of Fang, Hipel and Kilgour, set by set, world by world.

Slow and short on purpose. Legal sequences are walked one by one, forwards, with the last mover at
hand; nothing is shared with the solver or with the certifier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

Moves = Sequence[Mapping[int, set[int]]]
Values = Sequence[Sequence[float]]


class Conflict:
    """moves[p][s] is where player p can go from s in one move; values[p][s] what p has there."""

    def __init__(self, moves: Moves, values: Values) -> None:
        self.moves, self.values = moves, values
        self.players = range(len(values))
        self.states = range(len(values[0]))

    def improves(self, p: int, s: int, t: int) -> bool:
        return self.values[p][t] > self.values[p][s]

    def reached(self, group: Sequence[int], s: int, improving: bool = False) -> set[int]:
        """R_H(s), or R_H^+(s): what legal sequences of the group reach."""
        seen: set[tuple[int, int]] = set()
        waiting = [(s, -1)]
        while waiting:
            state, last = waiting.pop()
            for p in group:
                if p == last:
                    continue
                for target in self.moves[p].get(state, ()):
                    if improving and not self.improves(p, state, target):
                        continue
                    if (target, p) not in seen:
                        seen.add((target, p))
                        waiting.append((target, p))
        return {state for state, _ in seen}

    def improvements(self, group: Sequence[int], s: int) -> set[int]:
        """What the group reaches and all of it prefer."""
        return {t for t in self.reached(group, s) if all(self.improves(p, s, t) for p in group)}

    def stable(self, concept: str, group: Sequence[int], s: int) -> bool:
        others = [p for p in self.players if p not in group]

        def no_better(t: int) -> bool:
            return any(not self.improves(p, s, t) for p in group)

        for x in self.improvements(group, s):
            answers = {
                "nash": set(),
                "gmr": self.reached(others, x),
                "smr": self.reached(others, x),
                "seq": self.reached(others, x, improving=True),
            }[concept]
            answers = {y for y in answers if no_better(y)}
            if concept == "smr":
                answers = {y for y in answers if all(map(no_better, self.reached(group, y)))}
            if not answers:
                return False
        return True

    def equilibria(self, concept: str, groups: Sequence[Sequence[int]]) -> list[int]:
        return [s for s in self.states if all(self.stable(concept, g, s) for g in groups)]

    def all_groups(self) -> list[tuple[int, ...]]:
        size = len(self.players)
        return [g for k in range(1, size + 1) for g in combinations(self.players, k)]
