"""Why players of a tree do what they do in one world: each reached decision, valued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.forms.tree.tables import NONE, Tree, TreeGame
from tenbin.scenario.language import Array

__all__ = ["Decision", "tree_decisions"]

REACHED = 1e-6
"""Probability from which on a decision counts as reached."""
TAKEN = 1e-6
"""Probability from which on an action counts as taken."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One information set that is reached: what is done there and what else would bring.

    `probability` that play comes there; `actions` by name: how likely each is taken; `values`: what
    each is worth to the mover there, everything else as it is played. `deviation` is the best
    action that is not taken, `cost` what taking it would cost; None where all are taken.
    """

    player: str
    infoset: str
    probability: float
    actions: dict[str, float]
    values: dict[str, float]
    deviation: str | None
    cost: float | None

    def as_data(self) -> dict[str, Any]:
        return {
            "player": self.player,
            "infoset": self.infoset,
            "probability": self.probability,
            "actions": self.actions,
            "values": self.values,
            "deviation": self.deviation,
            "cost": self.cost,
        }


def tree_decisions(game: TreeGame, profile: Array, world: int = 0) -> list[Decision]:
    """The decisions that are reached in one world under a profile [G], in the order of the tree.

    Players' beliefs at an information set are those that the play leads to (Bayes' rule).
    """
    tree = game.tree
    reach = _reach(tree, game.chance[world], profile)
    values = _values(game, profile, world)
    # The value of taking an action at an information set: its nodes weighted by how likely each is.
    weight = np.zeros(tree.n_actions)
    worth = np.zeros((tree.n_actions, len(tree.players)))
    for node in np.flatnonzero(tree.action != NONE):
        before = reach[tree.parent[node]]
        weight[tree.action[node]] += before
        worth[tree.action[node]] += before * values[node]
    found: list[Decision] = []
    for i in _in_order(tree):
        part = slice(int(tree.infoset_start[i]), int(tree.infoset_start[i + 1]))
        probability = float(weight[part.start])
        if probability >= REACHED and part.stop - part.start > 1:
            own = worth[part, tree.infoset_player[i]] / probability
            found.append(_decision(tree, i, probability, profile[part], own, part.start))
    return found


def _decision(
    tree: Tree, infoset: int, probability: float, taken: Array, worth: Array, first: int
) -> Decision:
    names = tree.action_names[first : first + len(taken)]
    left = np.flatnonzero(taken < TAKEN)
    best = int(left[np.argmax(worth[left])]) if len(left) else None
    return Decision(
        player=tree.players[int(tree.infoset_player[infoset])],
        infoset=tree.infoset_names[infoset],
        probability=probability,
        actions=dict(zip(names, map(float, taken), strict=True)),
        values=dict(zip(names, map(float, worth), strict=True)),
        deviation=None if best is None else names[best],
        cost=None if best is None else float(taken @ worth - worth[best]),
    )


def _in_order(tree: Tree) -> list[int]:
    """The information sets in the order in which the tree comes to them."""
    return list(dict.fromkeys(int(i) for i in tree.infoset[tree.infoset != NONE]))


def _reach(tree: Tree, chance: Array, profile: Array) -> Array:
    """The probability of every node [N]."""
    reach = np.ones(tree.n_nodes)
    for node in range(1, tree.n_nodes):
        reach[node] = reach[tree.parent[node]] * _step(tree, node, chance, profile)
    return reach


def _step(tree: Tree, node: int, chance: Array, profile: Array) -> float:
    """The probability of the edge that leads to a node."""
    if tree.action[node] != NONE:
        return float(profile[tree.action[node]])
    return float(chance[tree.branch[node]]) if tree.branch[node] != NONE else 1.0


def _values(game: TreeGame, profile: Array, world: int) -> Array:
    """What every node is worth to every player [N, P] when play goes on as in the profile."""
    tree = game.tree
    values = np.zeros((tree.n_nodes, len(tree.players)))
    ends = tree.terminal != NONE
    values[ends] = game.payoffs[world][tree.terminal[ends]]
    for node in range(tree.n_nodes - 1, 0, -1):
        step = _step(tree, node, game.chance[world], profile)
        values[tree.parent[node]] += step * values[node]
    return values
