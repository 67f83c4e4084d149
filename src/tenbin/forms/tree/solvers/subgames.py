"""The order in which a tree is solved: what is folded exactly, what along its branch.

Everything here follows from structure alone, so all worlds share it. An information set is folded
*exactly* when all below it is solved and it has one node, or the differences between its actions'
payoffs are the same at all its nodes whatever the play below (then beliefs cannot matter). What
cannot be folded is solved along its principal branch, one innermost subgame at a time.

Whether differences are the same cannot be read off one batch of numbers without making a world's
solution depend on its neighbours. So the tree's owner may supply either

- `tree.cache["belief_free"]`, a mask [I]: these may be folded once all below them is solved; or
- `tree.cache["probe_payoffs"]` [S, Z, P] and `tree.cache["probe_chance"]` [S, C]: the same model at
  S fixed random values of its uncertainties. An information set passes if its differences agree in
  every probe while all that was folded below it plays at random; an identity that survives that
  holds whatever is played there, so the order does not depend on what the solver will find.

The certifier judges the undivided game, so that a wrong hint costs certificates, not truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.tables import NONE, Bools, Tree
from tenbin.scenario.language import Array

__all__ = ["Branch", "Fold", "Stage", "find_stages", "node_sizes", "undivided"]

PROBE_TOLERANCE = 1e-9
"""Differences that agree to this share of the probe's largest payoff are the same expression."""

FEWEST_PROBES = 4
"""Probes with finite numbers that are needed to believe an identity."""

PROBE_SEED = 20241114


@dataclass(frozen=True)
class Fold:
    """An information set whose action is found exactly, or (infoset NONE) a chance node's mean."""

    infoset: int
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Branch:
    """A subgame solved along its principal branch.

    `nodes` are its unsolved nodes in preorder, the root first; `ends` the solved nodes and terminal
    nodes that bound it, in preorder; `infosets` its information sets, ascending.
    """

    nodes: tuple[int, ...]
    ends: tuple[int, ...]
    infosets: tuple[int, ...]


Stage = Fold | Branch


def node_sizes(tree: Tree) -> NDArray[np.int64]:
    """The number of nodes of the subtree of each node [N], itself included."""
    size = np.ones(tree.n_nodes, dtype=np.int64)
    for node in range(tree.n_nodes - 1, 0, -1):
        size[tree.parent[node]] += size[node]
    return size


def find_stages(tree: Tree) -> tuple[Stage, ...]:
    """Stages in the order in which they are solved; kept with the tree."""
    stages = tree.cache.get("stages")
    if stages is None:
        stages = tree.cache["stages"] = _Order(tree).stages()
    return cast("tuple[Stage, ...]", stages)


def undivided(tree: Tree) -> Branch:
    """The whole game as one branch problem, nothing folded."""
    inner = np.flatnonzero(tree.terminal == NONE)
    ends = np.flatnonzero(tree.terminal != NONE)
    return Branch(tuple(inner.tolist()), tuple(ends.tolist()), tuple(range(tree.n_infosets)))


class _Probes:
    """Payoffs of a few probe worlds [S, N, P] at solved nodes, with random play where folded."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.rng = np.random.default_rng(PROBE_SEED)
        payoffs = cast("Array", tree.cache["probe_payoffs"])
        chance = cast("Array", tree.cache["probe_chance"])
        usable = np.isfinite(payoffs).all(axis=(1, 2)) & np.isfinite(chance).all(axis=1)
        payoffs, self.chance = payoffs[usable], chance[usable]
        self.value: Array = np.zeros((len(payoffs), tree.n_nodes, payoffs.shape[2]))
        ends = np.flatnonzero(tree.terminal != NONE)
        self.value[:, ends] = payoffs[:, tree.terminal[ends]]
        self.strategy: dict[int, Array] = {}
        self.scale = np.abs(payoffs).max(axis=(1, 2), initial=1e-300)

    def is_belief_free(self, infoset: int, children: NDArray[np.int64]) -> bool:
        """Whether the owner's payoff differences are the same at all nodes; children [n, m]."""
        own = self.value[:, children, self.tree.infoset_player[infoset]]
        differences = own - own[:, :, :1]
        spread = np.abs(differences - differences[:, :1]).max(axis=(1, 2))
        enough = len(self.value) >= FEWEST_PROBES
        return enough and bool(np.all(spread <= PROBE_TOLERANCE * self.scale))

    def average(self, node: int, children: NDArray[np.int64]) -> None:
        """Chance at a chance node."""
        weight = self.chance[:, self.tree.branch[children]]
        self.value[:, node] = np.einsum("sc,scp->sp", weight, self.value[:, children])

    def play(self, node: int, children: NDArray[np.int64]) -> None:
        """A random strategy, the same at all nodes of an information set."""
        infoset = int(self.tree.infoset[node])
        if infoset not in self.strategy:
            self.strategy[infoset] = self.rng.dirichlet(np.ones(len(children)), len(self.value))
        weight = self.strategy[infoset]
        self.value[:, node] = np.einsum("sm,smp->sp", weight, self.value[:, children])


class _Order:
    """Finds the stages: fold what can be folded, else solve an innermost subgame, and again."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.size = node_sizes(tree)
        self.children: list[list[int]] = [[] for _ in range(tree.n_nodes)]
        for node in range(1, tree.n_nodes):
            self.children[tree.parent[node]].append(node)
        self.members: list[list[int]] = [[] for _ in range(tree.n_infosets)]
        for node in np.flatnonzero(tree.infoset != NONE):
            self.members[tree.infoset[node]].append(int(node))
        self.solved = (tree.terminal != NONE).tolist()
        self.missing = [len(below) for below in self.children]
        self.waiting = [sum(self.missing[n] for n in nodes) for nodes in self.members]
        self.hint = cast("Bools | None", tree.cache.get("belief_free"))
        self.probes = _Probes(tree) if "probe_payoffs" in tree.cache else None
        self.found: list[Stage] = []
        self.ready: list[int] = []

    def stages(self) -> tuple[Stage, ...]:
        for node in np.flatnonzero(self.tree.terminal != NONE):
            self._tell_parent(int(node))
        self._fold_all()
        while not self.solved[0]:
            self._branch(self._innermost())
            self._fold_all()
        return tuple(self.found)

    def _tell_parent(self, node: int) -> None:
        """A node has been solved: its parent may be ready."""
        parent = int(self.tree.parent[node])
        if parent == NONE or self.solved[parent]:
            return
        self.missing[parent] -= 1
        infoset = int(self.tree.infoset[parent])
        if infoset != NONE:
            self.waiting[infoset] -= 1
            if self.waiting[infoset] == 0:
                self.ready.append(infoset)
        elif self.missing[parent] == 0:
            self.found.append(Fold(NONE, (parent,)))
            self._probe([parent])
            self._solve([parent])

    def _solve(self, nodes: list[int]) -> None:
        for node in nodes:
            self.solved[node] = True
        for node in nodes:
            self._tell_parent(node)

    def _fold_all(self) -> None:
        """Fold information sets below which all is solved, as long as any can be folded."""
        while self.ready:
            infoset = self.ready.pop()
            nodes = self.members[infoset]
            if self._can_fold(infoset):
                self.found.append(Fold(infoset, tuple(nodes)))
                self._probe(nodes)
                self._solve(nodes)

    def _probe(self, nodes: list[int]) -> None:
        """Values of newly solved nodes, given in preorder, in the probes."""
        if self.probes is None:
            return
        for node in reversed(nodes):
            children = np.array(self.children[node])
            if self.tree.infoset[node] == NONE:
                self.probes.average(node, children)
            else:
                self.probes.play(node, children)

    def _can_fold(self, infoset: int) -> bool:
        nodes = self.members[infoset]
        start = self.tree.infoset_start
        if len(nodes) == 1 or start[infoset + 1] - start[infoset] == 1:
            return True
        if self.hint is not None:
            return bool(self.hint[infoset])
        if self.probes is None:
            return False
        return self.probes.is_belief_free(infoset, np.array([self.children[n] for n in nodes]))

    def _innermost(self) -> int:
        """The root of the smallest closed subtree that still holds something to solve."""
        tree = self.tree
        first = [min(nodes, default=tree.n_nodes) for nodes in self.members]
        last = [max(nodes, default=-1) for nodes in self.members]
        low, high = list(range(tree.n_nodes)), list(range(tree.n_nodes))
        for node in range(tree.n_nodes - 1, -1, -1):
            infoset = int(tree.infoset[node])
            if infoset != NONE and not self.solved[node]:
                low[node], high[node] = (
                    min(low[node], first[infoset]),
                    max(high[node], last[infoset]),
                )
            parent = int(tree.parent[node])
            if parent != NONE and not self.solved[node]:
                low[parent] = min(low[parent], low[node])
                high[parent] = max(high[parent], high[node])
        closed = [
            node
            for node in range(tree.n_nodes)
            if not self.solved[node] and low[node] >= node and high[node] < node + self.size[node]
        ]
        return min(closed, key=lambda node: (self.size[node], -node))

    def _branch(self, root: int) -> None:
        """Solve the unsolved part of one subtree along its principal branch."""
        nodes, ends = [], []
        stack = [root]
        while stack:
            node = stack.pop()
            if self.solved[node]:
                ends.append(node)
            else:
                nodes.append(node)
                stack.extend(reversed(self.children[node]))
        infosets = sorted({int(self.tree.infoset[n]) for n in nodes} - {NONE})
        self.found.append(Branch(tuple(nodes), tuple(ends), tuple(infosets)))
        self._probe(nodes)
        for node in nodes:
            self.solved[node] = True
        self._tell_parent(root)
