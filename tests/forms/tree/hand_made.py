"""Trees written as nested Python values, for tests of the tree room's parts.

A terminal node is a tuple of payoffs, a chance node `("chance", {label: (probability, below)})`,
a decision node `(player, infoset, {action: below})`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenbin.forms.tree.tables import NONE, Tree, TreeGame, TreeSolution


@dataclass
class _Tables:
    players: tuple[str, ...]
    rows: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    infosets: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    branches: list[str] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)
    payoffs: list[tuple[float, ...]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def collect(self, node: Any) -> None:
        """Every information set, in preorder, before actions can be numbered."""
        if node[0] == "chance":
            for _, below in node[1].values():
                self.collect(below)
        elif isinstance(node[0], str):
            self.infosets.setdefault(node[1], (self.players.index(node[0]), tuple(node[2])))
            assert self.infosets[node[1]] == (self.players.index(node[0]), tuple(node[2]))
            for below in node[2].values():
                self.collect(below)

    def add(self, node: Any, parent: int, action: int, branch: int) -> None:
        """One node and all below it, in preorder."""
        number = len(self.rows)
        order = list(self.infosets)
        starts = np.cumsum([0] + [len(actions) for _, actions in self.infosets.values()])
        if node[0] == "chance":
            self.rows.append((parent, action, branch, NONE, NONE))
            self.names.append("chance")
            for label, (probability, below) in node[1].items():
                self.branches.append(label)
                self.chance.append(probability)
                self.add(below, number, NONE, len(self.branches) - 1)
        elif isinstance(node[0], str):
            infoset = order.index(node[1])
            self.rows.append((parent, action, branch, infoset, NONE))
            self.names.append(node[1])
            for i, below in enumerate(node[2].values()):
                self.add(below, number, int(starts[infoset]) + i, NONE)
        else:
            self.rows.append((parent, action, branch, NONE, len(self.payoffs)))
            self.names.append(f"end {len(self.payoffs)}")
            self.payoffs.append(tuple(float(x) for x in node))


def make_game(players: str, root: Any, worlds: int = 1) -> TreeGame:
    """The same hand-made game in a number of worlds; `players` are names parted by spaces."""
    tables = _Tables(tuple(players.split()))
    tables.collect(root)
    tables.add(root, NONE, NONE, NONE)
    parent, action, branch, infoset, terminal = np.array(tables.rows, dtype=np.int32).T.copy()
    sizes = [len(actions) for _, actions in tables.infosets.values()]
    tree = Tree(
        players=tables.players,
        parent=parent,
        action=action,
        branch=branch,
        infoset=infoset,
        terminal=terminal,
        infoset_player=np.array([p for p, _ in tables.infosets.values()], dtype=np.int32),
        infoset_start=np.cumsum([0, *sizes]).astype(np.int32),
        infoset_names=tuple(tables.infosets),
        action_names=tuple(a for _, names in tables.infosets.values() for a in names),
        node_names=tuple(tables.names),
        branch_names=tuple(tables.branches),
    )
    return TreeGame(
        tree=tree,
        chance=np.tile(np.array(tables.chance, dtype=float), (worlds, 1)),
        payoffs=np.tile(np.array(tables.payoffs), (worlds, 1, 1)),
        valid=np.ones(worlds, dtype=np.bool_),
    )


def make_solution(
    game: TreeGame,
    profile: dict[str, dict[str, float]],
    log_trembles: dict[str, dict[str, float]] | None = None,
    *,
    tremble: float = 1e-6,
    precision: float | None = None,
) -> TreeSolution:
    """A profile by information set and action, the same in every world, with its witness.

    Actions not named have probability zero. The witness plays each action with at least `tremble`,
    but unused ones with the log-probability that `log_trembles` gives.
    """
    tree = game.tree
    row = np.zeros(tree.n_actions)
    witness = np.zeros(tree.n_actions)
    for h, name in enumerate(tree.infoset_names):
        start, stop = int(tree.infoset_start[h]), int(tree.infoset_start[h + 1])
        labels = tree.action_names[start:stop]
        row[start:stop] = [profile.get(name, {}).get(label, 0.0) for label in labels]
        logs = np.log(np.maximum(row[start:stop], tremble))
        for label, value in (log_trembles or {}).get(name, {}).items():
            logs[labels.index(label)] = value
        witness[start:stop] = logs - np.log(np.exp(logs - logs.max()).sum()) - logs.max()
    worlds = game.n_worlds
    return TreeSolution(
        tree=tree,
        profile=np.tile(row, (worlds, 1, 1)),
        log_witness=np.tile(witness, (worlds, 1, 1)),
        found=np.ones((worlds, 1), dtype=np.bool_),
        status=np.zeros(worlds, dtype=np.int8),
        complete=np.zeros(worlds, dtype=np.bool_),
        method="by hand",
        precision=precision,
    )
