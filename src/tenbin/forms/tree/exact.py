"""Whether a profile of fractions is an equilibrium: in fractions, from the definitions alone.

Three things are looked at, each stronger than the one before (Kreps and Wilson 1982):

- *Nash*: no player gains by another plan for the whole game;
- *subgame perfect*: nor in any proper subgame;
- *sequential*: nor at any information set, given beliefs that are consistent.

Beliefs are those of trembles: an action that the profile does not take has the probability
`coefficient * epsilon ** order`, whole order and positive coefficient, and epsilon goes to zero.
Every such limit is consistent, since the profiles with trembles are fully mixed and converge to the
profile; and every consistent assessment is such a limit (Kreps and Wilson 1982, lemma A1). So
trembles under which nobody gains anywhere prove a sequential equilibrium; not to have found any
disproves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from tenbin.forms.tree.exact_numbers import ExactGame
from tenbin.forms.tree.tables import NONE

__all__ = ["ExactCheck", "Gain", "Profile", "Trembles"]

Profile = Sequence[Fraction]
"""Probability of every action [G]."""

Trembles = Mapping[int, tuple[int, Fraction]]
"""Order and coefficient of every action that the profile does not take."""

_Weight = tuple[int, Fraction]
"""A probability `coefficient * epsilon ** order` to first order."""

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Gain:
    """What a player gains by deviating, and where: an information set, or a subgame's node."""

    player: int
    gain: Fraction
    infoset: int = NONE
    node: int = NONE


class ExactCheck:
    """A profile held against the definitions.

    Parameters
    ----------
    game
        One game in fractions.
    profile
        Probability of every action [G]: at least zero, and one in sum at every information set.

    Raises
    ------
    ValueError
        If it is no profile.
    """

    def __init__(self, game: ExactGame, profile: Profile) -> None:
        self.game = game
        self.tree = tree = game.tree
        self.profile = tuple(profile)
        starts = tree.infoset_start.tolist()
        for first, last in pairwise(starts):
            row = self.profile[first:last]
            if min(row) < 0 or sum(row) != 1:
                raise ValueError("an information set without a distribution")
        self.children: list[list[int]] = [[] for _ in range(tree.n_nodes)]
        for node in range(1, tree.n_nodes):
            self.children[int(tree.parent[node])].append(node)
        self.members: list[list[int]] = [[] for _ in range(tree.n_infosets)]
        for node in range(tree.n_nodes):
            if tree.infoset[node] != NONE:
                self.members[int(tree.infoset[node])].append(node)
        self.values = self._values()

    @cached_property
    def payoffs(self) -> tuple[Fraction, ...]:
        """Expected payoff of each player [P]."""
        return self.values[0]

    def worst_nash(self, root: int = 0) -> Gain | None:
        """The largest gain by another plan in the subgame below a node; None where nobody gains."""
        gains = [
            Gain(
                player,
                _BestReply(self, player, root).value() - self.values[root][player],
                NONE,
                root,
            )
            for player in range(len(self.tree.players))
        ]
        return max((gain for gain in gains if gain.gain > 0), key=lambda g: g.gain, default=None)

    def worst_subgame(self) -> Gain | None:
        """The largest gain in any subgame, the whole game among them."""
        found = (self.worst_nash(root) for root in self.subgames)
        return max((gain for gain in found if gain), key=lambda g: g.gain, default=None)

    @cached_property
    def subgames(self) -> list[int]:
        """Nodes below which every information set is whole, the root first."""
        roots: list[int] = []
        last = list(range(self.tree.n_nodes))
        for node in range(self.tree.n_nodes - 1, 0, -1):
            parent = int(self.tree.parent[node])
            last[parent] = max(last[parent], last[node])
        for node in range(self.tree.n_nodes):
            if not self.children[node]:
                continue
            inside = range(node, last[node] + 1)
            infosets = {int(self.tree.infoset[n]) for n in inside} - {NONE}
            if all(n in inside for infoset in infosets for n in self.members[infoset]):
                roots.append(node)
        return roots

    def worst_sequential(self, trembles: Trembles) -> Gain | None:
        """The largest gain at any information set under the beliefs of trembles."""
        worst: Gain | None = None
        for infoset, nodes in enumerate(self.members):
            beliefs = self.beliefs(infoset, trembles)
            if not beliefs:
                continue
            player = int(self.tree.infoset_player[infoset])
            utility = self.utilities(infoset, dict(zip(nodes, beliefs, strict=True)))
            first = int(self.tree.infoset_start[infoset])
            own = sum((u * self.profile[first + a] for a, u in enumerate(utility)), ZERO)
            gain = max(utility) - own
            if gain > 0 and (worst is None or gain > worst.gain):
                worst = Gain(player, gain, infoset)
        return worst

    def utilities(self, infoset: int, weights: Mapping[int, Fraction]) -> list[Fraction]:
        """The mover's payoff of every action, by weights of the nodes."""
        player = int(self.tree.infoset_player[infoset])
        first, last = self.tree.infoset_start[infoset : infoset + 2].tolist()
        found = [ZERO] * (last - first)
        for node, weight in weights.items():
            if weight:
                for action, child in enumerate(self.children[node]):
                    found[action] += weight * self.values[child][player]
        return found

    def beliefs(self, infoset: int, trembles: Trembles) -> list[Fraction]:
        """Beliefs over the nodes of an information set, under trembles.

        The mover's own actions before are the same at all nodes (perfect recall) and cancel. Where
        chance alone excludes every node the information set is no part of the game: an empty list.
        """
        weights = [self.reach(node, trembles) for node in self.members[infoset]]
        possible = [order for order, weight in weights if weight]
        if not possible:
            return []
        least = min(possible)
        kept = [weight if order == least else ZERO for order, weight in weights]
        return [weight / sum(kept) for weight in kept]

    def reach(self, node: int, trembles: Trembles) -> _Weight:
        """With which probability chance and players other than the mover lead to a node."""
        tree = self.tree
        owner = int(tree.infoset_player[tree.infoset[node]])
        order, weight = 0, ONE
        while tree.parent[node] != NONE:
            action = int(tree.action[node])
            if action == NONE:
                if tree.branch[node] != NONE:
                    weight *= self.game.chance[tree.branch[node]]
            elif tree.infoset_player[tree.action_infoset[action]] != owner:
                if self.profile[action]:
                    weight *= self.profile[action]
                else:
                    more, factor = trembles.get(action, (1, ONE))
                    order, weight = order + more, weight * factor
            node = int(tree.parent[node])
        return order, weight

    def step(self, node: int) -> Fraction:
        """The probability with which the profile and chance lead from its parent to a node."""
        if self.tree.action[node] != NONE:
            return self.profile[self.tree.action[node]]
        return self.game.chance[self.tree.branch[node]]

    def _values(self) -> list[tuple[Fraction, ...]]:
        """Expected payoffs [P] at every node."""
        players = range(len(self.tree.players))
        values: list[tuple[Fraction, ...]] = [()] * self.tree.n_nodes
        for node in range(self.tree.n_nodes - 1, -1, -1):
            below = self.children[node]
            if not below:
                values[node] = self.game.payoffs[self.tree.terminal[node]]
                continue
            steps = [(self.step(child), values[child]) for child in below]
            values[node] = tuple(
                sum((p * value[i] for p, value in steps if p), ZERO) for i in players
            )
        return values


class _BestReply:
    """The best plan of one player in a subgame, the others and chance as they are."""

    def __init__(self, check: ExactCheck, player: int, root: int) -> None:
        self.check, self.player, self.root = check, player, root
        self._weights: dict[int, Fraction] = {root: ONE}
        self._chosen: dict[int, int] = {}
        self._values: dict[int, Fraction] = {}

    def value(self) -> Fraction:
        return self._value(self.root)

    def _owns(self, node: int) -> bool:
        infoset = int(self.check.tree.infoset[node])
        return infoset != NONE and int(self.check.tree.infoset_player[infoset]) == self.player

    def _weight(self, node: int) -> Fraction:
        """How the others and chance lead from the root to a node."""
        if node not in self._weights:
            parent = int(self.check.tree.parent[node])
            step = ONE if self._owns(parent) else self.check.step(node)
            self._weights[node] = self._weight(parent) * step if step else ZERO
        return self._weights[node]

    def _value(self, node: int) -> Fraction:
        if node in self._values:
            return self._values[node]
        check = self.check
        below = check.children[node]
        if not below:
            value = check.values[node][self.player]
        elif self._owns(node):
            value = self._value(below[self._choice(int(check.tree.infoset[node]))])
        else:
            steps = ((check.step(child), child) for child in below)
            value = sum((p * self._value(child) for p, child in steps if p), ZERO)
        self._values[node] = value
        return value

    def _choice(self, infoset: int) -> int:
        """The best action at an information set, by how the others lead to its nodes."""
        if infoset not in self._chosen:
            nodes = [(self._weight(node), node) for node in self.check.members[infoset]]
            reached = [(weight, node) for weight, node in nodes if weight]
            count = len(self.check.children[self.check.members[infoset][0]])
            totals = [
                sum((w * self._value(self.check.children[n][a]) for w, n in reached), ZERO)
                for a in range(count)
            ]
            self._chosen[infoset] = totals.index(max(totals))
        return self._chosen[infoset]
