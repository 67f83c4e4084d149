"""A finite extensive game as tables: the structure, the games of many worlds, a solution.

Nodes are numbered in preorder: a parent before its children, node 0 the root. Actions are numbered
globally: those of information set i are `infoset_start[i]` up to `infoset_start[i + 1]`.
Axis letter `G` is the global action, `C` the chance branch, `Z` the terminal node (terminals in
preorder), `N` the node.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = ["NONE", "Bools", "Ints", "Tree", "TreeGame", "TreeSolution"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

NONE = -1
"""No parent, no information set, no action, no chance branch."""


@dataclass(frozen=True)
class Tree:
    """The structure of an extensive game; it never depends on a world.

    A node is reached from its `parent` [N] by a player's action `action` [N] (global number, else
    NONE) or by a chance branch `branch` [N] (number into the chance table, else NONE); the root has
    neither. `infoset` [N] is the information set of a decision node, else NONE; `terminal` [N] the
    terminal number of a terminal node, else NONE. A node with children that is no decision node is
    a chance node. Children of a decision node stand in the order of its actions.
    """

    players: tuple[str, ...]
    parent: Ints
    action: Ints
    branch: Ints
    infoset: Ints
    terminal: Ints
    infoset_player: Ints
    infoset_start: Ints
    infoset_names: tuple[str, ...]
    action_names: tuple[str, ...]
    node_names: tuple[str, ...] = ()
    """What each node is in the file: a move's name, an end's name, or a chance label."""
    branch_names: tuple[str, ...] = ()
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """Whatever a solver derives from the structure alone (elimination order, subgames)."""

    @cached_property
    def n_nodes(self) -> int:
        return len(self.parent)

    @cached_property
    def n_infosets(self) -> int:
        return len(self.infoset_player)

    @cached_property
    def n_actions(self) -> int:
        """Actions of all information sets together, the length of axis `G`."""
        return int(self.infoset_start[-1])

    @cached_property
    def n_branches(self) -> int:
        return int(self.branch.max(initial=NONE)) + 1

    @cached_property
    def n_terminals(self) -> int:
        return int(self.terminal.max(initial=NONE)) + 1

    @cached_property
    def action_infoset(self) -> Ints:
        """The information set that each action [G] belongs to."""
        counts = np.diff(self.infoset_start)
        return np.repeat(np.arange(self.n_infosets, dtype=np.int32), counts)


@dataclass(frozen=True)
class TreeGame:
    """The games of many worlds on one structure.

    chance [W, C] is the probability of each chance branch (branches of one chance node sum to one;
    zero masks what lies below it in that world); payoffs [W, Z, P] in the scenario's payoff unit.
    `valid` [W] is false where a number is not finite or probabilities do not sum to one.
    """

    tree: Tree
    chance: Array
    payoffs: Array
    valid: Bools
    measures: dict[str, Array] = field(default_factory=dict)
    """Named numbers at terminal nodes that are nobody's payoff [W, Z]."""

    @property
    def n_worlds(self) -> int:
        return self.payoffs.shape[0]


@dataclass(frozen=True)
class TreeSolution:
    """Behaviour strategy profiles found in every world.

    profile [W, K, G] action probabilities; log_witness [W, K, G] log-probabilities of a fully mixed
    profile near it (the witness of consistency, from which off-path beliefs follow); found [W, K];
    status [W]; complete [W]; flags by name [W]. Slot 0 is the selected equilibrium. For concept
    `qre` the profile is the quantal response equilibrium itself, `precision` its precision.
    """

    tree: Tree
    profile: Array
    log_witness: Array
    found: Bools
    status: NDArray[np.int8]
    complete: Bools
    method: str
    flags: dict[str, Bools] = field(default_factory=dict)
    steps: Ints | None = None
    """Evaluations used per world [W], where the method counts them."""
    precision: float | None = None
