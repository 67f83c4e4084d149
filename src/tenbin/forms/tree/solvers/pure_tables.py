"""One stage of a tree as index lists for searching its pure profiles.

Inner nodes are numbered in preorder; a *value* is that of an inner node or, after those, of an end
(a terminal node or the root of a solved part). Information sets stand in the order in which the
search chooses at them: whatever lies below comes first, so that a choice can be judged as soon as
all that follows it is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, cast

import numpy as np

from tenbin.forms.tree.solvers.subgames import Branch
from tenbin.forms.tree.tables import NONE, Ints, Tree

__all__ = ["SearchTables", "StageTables", "stage_tables"]


class SearchTables(NamedTuple):
    """Index lists [.] of one stage; M inner nodes, I infosets in the order of the search.

    Children of inner node n are child[child_start[n] : child_start[n + 1]] (value numbers), and
    `child_branch` the chance branch of each, else NONE. `step` [M] is the place of each inner node
    among its parent's children. `level_node` lists inner nodes by the depth of the search at which
    their values are known, children first; `test` the information sets by the depth at which their
    choice can be judged. Nodes of h are member[member_start[h] : member_start[h + 1]].
    """

    parent: Ints
    step: Ints
    branch: Ints
    infoset: Ints
    child_start: Ints
    child: Ints
    child_branch: Ints
    player: Ints
    n_actions: Ints
    level_start: Ints
    level_node: Ints
    test_start: Ints
    test: Ints
    member_start: Ints
    member: Ints


@dataclass(frozen=True)
class StageTables:
    """Tables of a stage and how they hang together with the tree.

    nodes [M], ends [E], branches [C] and infosets [I] are numbers in the tree; `first_action` [I]
    is the global number of each information set's first action. path [M, I] is the place of the
    action that leads from each information set towards an inner node, NONE where none does.
    """

    search: SearchTables
    nodes: Ints
    ends: Ints
    branches: Ints
    infosets: Ints
    first_action: Ints
    path: Ints
    n_players: int
    shapes: dict[object, object] = field(default_factory=dict, compare=False, repr=False)
    """What has been derived from patterns of play (`pure_beliefs.shape_of`)."""

    @property
    def root(self) -> int:
        return int(self.nodes[0])


def stage_tables(tree: Tree, stage: Branch) -> StageTables:
    """Tables of one stage, kept with the tree."""
    kept = cast("dict[Branch, StageTables]", tree.cache.setdefault("pure stages", {}))
    if stage not in kept:
        kept[stage] = _Builder(tree, stage).build()
    return kept[stage]


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int32)


def _starts(groups: list[list[int]]) -> Ints:
    return np.cumsum([0, *map(len, groups)]).astype(np.int32)


def _flat(groups: list[list[int]]) -> Ints:
    return _ints([item for group in groups for item in group])


class _Builder:
    """Local numbers, the order of the search, and when each choice can be judged."""

    def __init__(self, tree: Tree, stage: Branch) -> None:
        self.tree, self.stage = tree, stage
        self.inner = {node: i for i, node in enumerate(stage.nodes)}
        below = [node for node in (*stage.nodes, *stage.ends) if node != stage.nodes[0]]
        self.children: list[list[int]] = [[] for _ in stage.nodes]
        for node in sorted(below):
            self.children[self.inner[int(tree.parent[node])]].append(node)
        values = {node: len(self.inner) + e for e, node in enumerate(stage.ends)} | self.inner
        self.child = [[values[node] for node in nodes] for nodes in self.children]
        self.branches = sorted({int(tree.branch[node]) for node in below} - {NONE})
        order = self._order()
        self.order = order
        place = {h: i for i, h in enumerate(order)}
        self.infoset = [place.get(int(tree.infoset[node]), NONE) for node in stage.nodes]

    def _order(self) -> list[int]:
        """Information sets, those with nothing unchosen below first, deeper ones before others."""
        tree, inner = self.tree, self.stage.nodes
        below: dict[int, set[int]] = {h: set() for h in self.stage.infosets}
        deepest = dict.fromkeys(self.stage.infosets, 0)
        above: list[tuple[int, ...]] = [()] * len(inner)
        for n, node in enumerate(inner):
            h = int(tree.infoset[node])
            if n:
                parent = self.inner[int(tree.parent[node])]
                g = int(tree.infoset[inner[parent]])
                above[n] = above[parent] if g == NONE else (*above[parent], g)
            if h != NONE:
                deepest[h] = max(deepest[h], len(above[n]))
                for g in above[n]:
                    below[g].add(h)
        order: list[int] = []
        left = set(below)
        while left:
            free = [h for h in left if not below[h] & left - {h}]
            chosen = min(free or left, key=lambda h: (-deepest[h], h))
            order.append(chosen)
            left.remove(chosen)
        return order

    def build(self) -> StageTables:
        tree, inner = self.tree, self.stage.nodes
        branch_at = {c: i for i, c in enumerate(self.branches)}
        step = [NONE] * len(inner)
        parent = [NONE] * len(inner)
        for n, below in enumerate(self.child):
            for place, c in enumerate(below):
                if c < len(inner):
                    step[c], parent[c] = place, n
        members = [
            [n for n, g in enumerate(self.infoset) if g == h] for h in range(len(self.order))
        ]
        level, levels = self._levels()
        tests: list[list[int]] = [[] for _ in range(len(self.order) + 1)]
        for h, nodes in enumerate(members):
            ready = [level[c] for n in nodes for c in self.child[n] if c < len(inner)]
            tests[max([h, *ready])].append(h)
        counts = [int(tree.infoset_start[h + 1] - tree.infoset_start[h]) for h in self.order]
        path = np.full((len(inner), len(self.order)), NONE, dtype=np.int32)
        for n in range(1, len(inner)):
            path[n] = path[parent[n]]
            if self.infoset[parent[n]] != NONE:
                path[n, self.infoset[parent[n]]] = step[n]
        flat = [node for nodes in self.children for node in nodes]
        search = SearchTables(
            parent=_ints(parent),
            step=_ints(step),
            branch=_ints([NONE, *(branch_at.get(int(tree.branch[n]), NONE) for n in inner[1:])]),
            infoset=_ints(self.infoset),
            child_start=_starts(self.child),
            child=_flat(self.child),
            child_branch=_ints([branch_at.get(int(tree.branch[n]), NONE) for n in flat]),
            player=_ints([int(tree.infoset_player[h]) for h in self.order]),
            n_actions=_ints(counts),
            level_start=_starts(levels),
            level_node=_flat(levels),
            test_start=_starts(tests[: len(self.order)]),
            test=_flat(tests[: len(self.order)]),
            member_start=_starts(members),
            member=_flat(members),
        )
        return StageTables(
            search=search,
            nodes=_ints(list(inner)),
            ends=_ints(list(self.stage.ends)),
            branches=_ints(self.branches),
            infosets=_ints(self.order),
            first_action=tree.infoset_start[self.order].astype(np.int32),
            path=path,
            n_players=len(tree.players),
        )

    def _levels(self) -> tuple[list[int], list[list[int]]]:
        """The depth of the search at which each inner node's value is known; nodes by depth.

        Nodes that hang on no choice at all belong to the first depth.
        """
        level = [0] * len(self.infoset)
        levels: list[list[int]] = [[] for _ in self.order]
        for n in range(len(level) - 1, -1, -1):
            inner = [level[c] for c in self.child[n] if c < len(level)]
            level[n] = max([0, self.infoset[n], *inner])
            levels[level[n]].append(n)
        return level, levels
