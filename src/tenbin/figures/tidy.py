"""Places for the nodes of a tree that grows to the right, its ends one below the other.

All ends stand in the last column, so that their payoffs can be read as a table; a parent stands
half-way between its first and last child. The nodes of one information set share a column where
the order of play allows it, so that the curve joining them is upright.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["tree_columns", "tree_rows"]

NO_PARENT = -1


def tree_rows(parent: Sequence[int]) -> list[float]:
    """The row of each node [N]; ends on 0, 1, 2, ... in preorder (parents before children)."""
    children: list[list[int]] = [[] for _ in parent]
    for node, above in enumerate(parent):
        if above != NO_PARENT:
            children[above].append(node)
    rows, leaves = [0.0] * len(parent), 0
    for node, below in enumerate(children):
        if not below:
            rows[node] = float(leaves)
            leaves += 1
    for node in range(len(parent) - 1, -1, -1):
        if children[node]:
            rows[node] = (rows[children[node][0]] + rows[children[node][-1]]) / 2
    return rows


def tree_columns(parent: Sequence[int], group: Sequence[int | None]) -> list[int]:
    """The column of each node [N]: after its parent's, one column per group where possible.

    Groups whose nodes come before one another in turn cannot all be upright; after as many rounds
    as there are nodes, the columns reached so far stand.
    """
    has_child = set(parent)
    columns = [0] * len(parent)
    for _ in range(min(len(parent), 50)):
        before = list(columns)
        _after_parents(parent, columns)
        _align_groups(group, columns)
        if columns == before:
            break
    _after_parents(parent, columns)
    last = max(columns)
    return [last if node not in has_child else column for node, column in enumerate(columns)]


def _after_parents(parent: Sequence[int], columns: list[int]) -> None:
    for node, above in enumerate(parent):
        if above != NO_PARENT:
            columns[node] = max(columns[node], columns[above] + 1)


def _align_groups(group: Sequence[int | None], columns: list[int]) -> None:
    deepest: dict[int, int] = {}
    for node, mates in enumerate(group):
        if mates is not None:
            deepest[mates] = max(deepest.get(mates, 0), columns[node])
    for node, mates in enumerate(group):
        if mates is not None:
            columns[node] = deepest[mates]
