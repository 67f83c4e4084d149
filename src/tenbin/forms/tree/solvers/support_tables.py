"""Which actions may be played together at each information set of a stage: patterns of support."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from tenbin.forms.tree.solvers.pure_tables import StageTables
from tenbin.forms.tree.tables import NONE, Ints

__all__ = ["Patterns", "patterns_of"]

MOST_PATTERNS = 4096
"""Patterns of support of a stage up to which all of them are searched, else none."""

Support = tuple[int, ...]


@dataclass(frozen=True)
class Patterns:
    """support [S, I] as bit masks."""

    support: Ints

    def played(self, number: int) -> tuple[Support, ...]:
        """The actions played at each information set."""
        return tuple(
            tuple(a for a in range(31) if mask >> a & 1) for mask in self.support[number].tolist()
        )


def patterns_of(tables: StageTables) -> Patterns | None:
    """Patterns in which somebody mixes; kept. None where a stage has too many to search them all.

    An information set that mixes must be reached when the others play as the pattern says: off the
    path of play mixing is never isolated.
    """
    if np.prod(2.0**tables.search.n_actions - 1.0) > MOST_PATTERNS:
        return None
    known = tables.shapes.get("patterns")
    if not isinstance(known, Patterns):
        known = tables.shapes["patterns"] = _make(tables)
    return known


def _make(tables: StageTables) -> Patterns:
    sizes = tables.search.n_actions.tolist()
    found: list[list[int]] = []
    for supports in product(*map(_supports, sizes)):
        mixing = tuple(h for h, support in enumerate(supports) if len(support) > 1)
        if len(mixing) > 1 and _is_reached(tables, supports, mixing):
            found.append([sum(1 << a for a in support) for support in supports])
    return Patterns(np.array(found, dtype=np.int32).reshape(len(found), len(sizes)))


def _supports(size: int) -> list[Support]:
    return [found for n in range(1, size + 1) for found in combinations(range(size), n)]


def _is_reached(
    tables: StageTables, supports: tuple[Support, ...], mixing: tuple[int, ...]
) -> bool:
    t = tables.search
    for h in mixing:
        nodes = t.member[t.member_start[h] : t.member_start[h + 1]]
        if not any(_leads(tables, int(n), supports, int(t.player[h])) for n in nodes):
            return False
    return True


def _leads(tables: StageTables, node: int, supports: tuple[Support, ...], player: int) -> bool:
    """Whether the others play every action on the path to a node."""
    return all(
        a == NONE or a in supports[g] or tables.search.player[g] == player
        for g, a in enumerate(tables.path[node].tolist())
    )
