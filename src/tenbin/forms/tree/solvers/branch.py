"""Tables of one branch problem: a subgame (or a whole game) as index lists for the kernels.

Inner nodes are numbered in preorder; a *value* is that of an inner node or, after those, of an end
(a terminal node or the root of a solved part). Every list is local to the problem; `actions`,
`branches` and `ends` lead back to the tree. See `kernel.py` for the equations that read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import FormError
from tenbin.forms.tree.solvers.subgames import Branch
from tenbin.forms.tree.tables import NONE, Ints, Tree
from tenbin.numerics.elimination import plan_elimination

__all__ = ["BranchProblem", "Tables", "branch_problem"]


class Tables(NamedTuple):
    """Index lists [.] of one branch problem; M inner nodes, I infosets, G actions, K unknowns."""

    # tree
    parent: Ints
    """Inner parent of each inner node [M]."""
    action: Ints
    """Action that leads to each inner node [M], else NONE."""
    branch: Ints
    """Chance branch that leads to each inner node [M], else NONE."""
    infoset: Ints
    """Information set of each inner node [M]; NONE at chance nodes."""
    child_start: Ints
    """Children of inner node n are child[child_start[n] : child_start[n + 1]]."""
    child: Ints
    """Value number of each child, in the order of actions or branches."""
    child_branch: Ints
    """Chance branch of each child, else NONE."""
    # information sets
    player: Ints
    """Owner of each information set [I]."""
    owner: Ints
    """Owner of each action [G]."""
    first_action: Ints
    """Actions of information set h are first_action[h] up to first_action[h + 1]."""
    first_unknown: Ints
    """Unknowns of h (log-odds of its later actions against its first), likewise."""
    member_start: Ints
    """Nodes of h are member[member_start[h] : member_start[h + 1]]."""
    member: Ints
    # derivatives of action payoffs: row (h, a) of `gradient` starts at row_start[h] + a * width[h]
    row_start: Ints
    width: Ints
    pair_node: Ints
    """Lower node of each pair (decision node, its action, inner node below), in preorder."""
    pair_lead: Ints
    """The pair with the lower node's parent, or NONE - n where the parent is the upper node n."""
    pair_player: Ints
    """Owner of the upper node."""
    below_slot: Ints
    """Where the lower node's strategy enters the upper one's row; NONE if not at all."""
    above_slot: Ints
    """Where the upper node's strategy enters the lower one's belief; NONE if not at all."""
    above_stride: Ints
    """From one action of the lower node to the next in `shift`: the upper node's actions."""
    block_row: Ints
    """Belief blocks: first row's place in `gradient`, lower and upper infoset, place in `shift`."""
    block_lower: Ints
    block_upper: Ints
    block_start: Ints
    # the Jacobian, packed (see numerics.elimination)
    packed: Ints
    """Place in the packed matrix of (h, a > 0, column) in the order of `gradient`'s rows."""
    matrix_row: Ints
    matrix_column: Ints
    matrix_diagonal: Ints
    order: Ints


@dataclass(frozen=True)
class BranchProblem:
    """Tables and how they hang together with the tree.

    `root` is the tree's node that gets the value; actions [G], branches [C], ends [E] are numbers
    in the tree; `infosets` [I] too. `multiplications` counts those of one factorisation.
    """

    tables: Tables
    root: int
    infosets: Ints
    actions: Ints
    branches: Ints
    ends: Ints
    n_players: int
    n_unknowns: int
    n_gradient: int
    n_shift: int
    n_entries: int
    multiplications: int


def branch_problem(tree: Tree, branch: Branch) -> BranchProblem:
    """Tables of a branch problem, kept with the tree."""
    key = f"branch {branch.nodes[0]} {len(branch.nodes)}"
    kept = tree.cache.get(key)
    if not isinstance(kept, BranchProblem):
        kept = tree.cache[key] = _Builder(tree, branch).build()
    return kept


def _ints(values: list[int] | NDArray[np.int64]) -> Ints:
    return np.array(values, dtype=np.int32)


def _starts(counts: list[int]) -> Ints:
    return _ints(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


class _Builder:
    """Local numbers first, then who depends on whom, then the places of the derivatives."""

    def __init__(self, tree: Tree, branch: Branch) -> None:
        self.tree, self.part = tree, branch
        self.inner = {node: i for i, node in enumerate(branch.nodes)}
        values = {node: len(self.inner) + e for e, node in enumerate(branch.ends)} | self.inner
        self.local = {h: i for i, h in enumerate(branch.infosets)}
        start = tree.infoset_start
        self.counts = [int(start[h + 1] - start[h]) for h in branch.infosets]
        self.actions = [g for h in branch.infosets for g in range(start[h], start[h + 1])]
        self.action_at = {g: i for i, g in enumerate(self.actions)}
        below = [node for node in (*branch.nodes, *branch.ends) if node != branch.nodes[0]]
        self.branches = sorted({int(tree.branch[n]) for n in below} - {NONE})
        self.branch_at = {c: i for i, c in enumerate(self.branches)}
        self.children: list[list[int]] = [[] for _ in branch.nodes]
        for node in sorted(below):
            self.children[self.inner[int(tree.parent[node])]].append(node)
        self.child = [[values[node] for node in nodes] for nodes in self.children]
        self.parent = [NONE] + [self.inner[int(tree.parent[n])] for n in branch.nodes[1:]]
        self.infoset = [self.local.get(int(tree.infoset[n]), NONE) for n in branch.nodes]
        self.size = [1] * len(branch.nodes)
        for n in range(len(self.size) - 1, 0, -1):
            self.size[self.parent[n]] += self.size[n]
        self.player = [int(tree.infoset_player[h]) for h in branch.infosets]

    def _pairs(self) -> Iterator[tuple[int, int, int]]:
        """Every (decision node, its action, inner node below it), in the kernels' order."""
        for n, children in enumerate(self.child):
            if self.infoset[n] == NONE:
                continue
            for a, c in enumerate(children):
                if c < len(self.size):
                    for d in range(c, c + self.size[c]):
                        yield n, a, d

    def _recalled(self) -> set[tuple[int, int]]:
        """Pairs (upper, lower) of one player's infosets where the upper act is the same always.

        Then the upper strategy cannot move the lower belief; with perfect recall, all such pairs.
        """
        acts: dict[tuple[int, int], set[int]] = {}
        seen: dict[tuple[int, int], int] = {}
        for n, a, d in self._pairs():
            pair = self.infoset[n], self.infoset[d]
            if pair[1] == NONE:
                continue
            if pair[0] == pair[1]:
                name = self.tree.infoset_names[self.part.infosets[pair[0]]]
                raise FormError(f"information set '{name}' comes twice on one path of play")
            acts.setdefault(pair, set()).add(a)
            seen[pair] = seen.get(pair, 0) + 1
        members = [self.infoset.count(h) for h in range(len(self.counts))]
        return {
            (h, g)
            for (h, g), chosen in acts.items()
            if self.player[h] == self.player[g] and len(chosen) == 1 and seen[h, g] == members[g]
        }

    def build(self) -> BranchProblem:
        recalled = self._recalled()
        columns: list[set[int]] = [set() for _ in self.counts]
        blocks: dict[tuple[int, int], int] = {}
        n_shift = 0
        for n, _, d in self._pairs():
            h, g = self.infoset[n], self.infoset[d]
            if g == NONE:
                continue
            if self.counts[g] > 1:
                columns[h].add(g)
            if self.counts[h] > 1 and (h, g) not in recalled and (g, h) not in blocks:
                columns[g].add(h)
                blocks[g, h] = n_shift
                n_shift += self.counts[g] * self.counts[h]
        offset: dict[tuple[int, int], int] = {}
        width: list[int] = []
        for h, depends in enumerate(columns):
            at = 0
            for g in sorted(depends):
                offset[h, g] = at
                at += self.counts[g] - 1
            width.append(at)
        row_start = _starts([m * w for m, w in zip(self.counts, width, strict=True)])
        tree_part = self._tree_part()
        pairs = self._pair_part(row_start, width, offset, blocks)
        keys = list(blocks)
        matrix, multiplications = self._matrix(columns)
        tables = Tables(
            **tree_part,
            row_start=row_start,
            width=_ints(width),
            **pairs,
            block_row=_ints([int(row_start[g]) + offset[g, h] for g, h in keys]),
            block_lower=_ints([g for g, _ in keys]),
            block_upper=_ints([h for _, h in keys]),
            block_start=_ints(list(blocks.values())),
            **matrix,
        )
        return BranchProblem(
            tables=tables,
            root=self.part.nodes[0],
            infosets=_ints(list(self.part.infosets)),
            actions=_ints(self.actions),
            branches=_ints(self.branches),
            ends=_ints(list(self.part.ends)),
            n_players=len(self.tree.players),
            n_unknowns=len(tables.order),
            n_gradient=int(row_start[-1]),
            n_shift=n_shift,
            n_entries=int(tables.matrix_row[-1]),
            multiplications=multiplications,
        )

    def _tree_part(self) -> dict[str, Ints]:
        """The lists that say who follows whom and who knows what."""
        tree, nodes = self.tree, self.part.nodes
        members = [[n for n, g in enumerate(self.infoset) if g == h] for h in self.local.values()]
        action = [self.action_at.get(int(tree.action[n]), NONE) for n in nodes]
        branch = [self.branch_at.get(int(tree.branch[n]), NONE) for n in nodes]
        flat = [node for below in self.children for node in below]
        return {
            "parent": _ints(self.parent),
            "action": _ints([NONE, *action[1:]]),
            "branch": _ints([NONE, *branch[1:]]),
            "infoset": _ints(self.infoset),
            "child_start": _starts([len(below) for below in self.child]),
            "child": _ints([c for below in self.child for c in below]),
            "child_branch": _ints([self.branch_at.get(int(tree.branch[n]), NONE) for n in flat]),
            "player": _ints(self.player),
            "owner": _ints(np.repeat(self.player, self.counts)),
            "first_action": _starts(self.counts),
            "first_unknown": _starts([m - 1 for m in self.counts]),
            "member_start": _starts([len(found) for found in members]),
            "member": _ints([n for found in members for n in found]),
        }

    def _pair_part(
        self,
        row_start: Ints,
        width: list[int],
        offset: dict[tuple[int, int], int],
        blocks: dict[tuple[int, int], int],
    ) -> dict[str, Ints]:
        """For each action at a decision node, the inner nodes below it and their places."""
        parts: dict[str, list[int]] = {
            "pair_node": [],
            "pair_lead": [],
            "pair_player": [],
            "below_slot": [],
            "above_slot": [],
            "above_stride": [],
        }
        at: dict[int, int] = {}
        for n, a, d in self._pairs():
            h, g = self.infoset[n], self.infoset[d]
            lead = NONE - n if self.parent[d] == n else at[self.parent[d]]
            at[d] = len(parts["pair_node"])
            down = up = NONE
            if g != NONE:
                place = int(row_start[h]) + a * width[h]
                down = place + offset[h, g] if self.counts[g] > 1 else NONE
                up = blocks[g, h] + a if (g, h) in blocks else NONE
            row = (d, lead, self.player[h], down, up, self.counts[h])
            for column, value in zip(parts.values(), row, strict=True):
                column.append(value)
        return {name: _ints(values) for name, values in parts.items()}

    def _matrix(self, columns: list[set[int]]) -> tuple[dict[str, Ints], int]:
        """The elimination of the Jacobian and where each of its entries lies."""
        unknowns = _starts([m - 1 for m in self.counts]).tolist()
        rows: list[int] = []
        entries: list[int] = []
        for h, depends in enumerate(columns):
            row = [k for g in sorted(depends) for k in range(unknowns[g], unknowns[g + 1])]
            for k in range(unknowns[h], unknowns[h + 1]):
                rows.extend([k] * len(row))
                entries.extend(row)
        pattern = np.eye(unknowns[-1], dtype=np.bool_)
        pattern[rows, entries] = True
        plan = plan_elimination(pattern)
        return {
            "packed": plan.entries(_ints(rows), _ints(entries)),
            "matrix_row": plan.row_start,
            "matrix_column": plan.column,
            "matrix_diagonal": plan.diagonal,
            "order": plan.order,
        }, plan.multiplications
