"""Conflicts as tables: what solvers, the certifier and outcomes see.

Axis letters: `W` world, `U` order (worlds in which every player ranks the states alike share one),
`P` player, `S` state, `O` option, `M` move, `C` coalition, `G` group (a player or a coalition).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = [
    "CONCEPTS",
    "NONE",
    "Bools",
    "ConflictGame",
    "ConflictSolution",
    "Graph",
    "Ints",
    "Preference",
    "are_stable",
]

CONCEPTS = ("seq", "nash", "gmr", "smr")
"""Stabilities; the bit of a concept in `ConflictSolution.stable` is its place here."""

NONE = -1

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Ranks = NDArray[np.int16]


@dataclass(frozen=True)
class Graph:
    """Who can move from where to where; the same in every world.

    `move_to[move_start[p, s]:move_start[p, s + 1]]` are the states to which player p can go from
    s in one move; `enter_from` and `enter_start` are the same moves by where they lead.
    `coalitions` are the groups of two and more players that may act together, all sub-coalitions
    among them; `start` is the status quo, NONE where none is given.
    """

    players: tuple[str, ...]
    state_names: tuple[str, ...]
    options: Bools
    """Which options are on [S, O]; of a merged state those of its member with the fewest."""
    option_names: tuple[str, ...]
    move_start: Ints
    move_to: Ints
    enter_start: Ints
    enter_from: Ints
    start: int
    coalitions: tuple[tuple[int, ...], ...] = ()
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What solving derives from the structure alone (`solvers/stability.py`)."""

    @property
    def n_states(self) -> int:
        return len(self.state_names)

    @property
    def n_players(self) -> int:
        return len(self.players)

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Every player alone, then the coalitions."""
        return (*((player,) for player in range(self.n_players)), *self.coalitions)

    def moves(self, player: int, state: int) -> Ints:
        """Where a player can go from a state in one move."""
        first, last = self.move_start[player, state], self.move_start[player, state + 1]
        return self.move_to[first:last]


@dataclass(frozen=True)
class Preference:
    """How one player values the states, per world.

    `values` [W, V] times `truth` [V, S] are the payoffs; a `truth` of None stands for the identity
    (V is S). An ordinal preference has one row for all worlds, and its values are ranks: 1 is the
    worst class. Payoffs that differ by at most `TIE` of the player's range are a tie.
    """

    values: Array
    truth: Bools | None
    ordinal: bool

    def payoffs(self, worlds: slice) -> Array:
        """The payoffs of some worlds [w, S]; one row where they are the same in all."""
        values = self.values if len(self.values) == 1 else self.values[worlds]
        if self.truth is None:
            return values
        total = np.zeros((len(values), self.truth.shape[1]))
        for number, holds in enumerate(self.truth):  # one by one: the same sum however chunked
            total[:, holds] += values[:, number : number + 1]
        return total

    def at(self, states: Ints) -> Array:
        """The payoffs [W, K] at one state per world and slot; NONE gives that of state 0."""
        chosen = np.maximum(states, 0)
        rows = np.zeros(len(states), dtype=np.intp)
        if len(self.values) > 1:
            rows = np.arange(len(states))
        if self.truth is None:
            return self.values[rows[:, None], chosen]
        total = np.zeros(states.shape)
        for number, holds in enumerate(self.truth):
            total += np.where(holds[chosen], self.values[rows, number][:, None], 0.0)
        return total


@dataclass(frozen=True)
class ConflictGame:
    """Conflicts of W worlds that share one graph.

    ranks[p] [R_p, S] are the rankings that player p has in some world: 1 is the worst class, a tie
    shares a rank. row [U, P] says which ranking each player has in an order, order [W] which order
    a world has (0 where the world is not valid), margin [W] the smallest difference between two
    classes in units of the player's payoff range, tie [W] whether some player ties two states.
    """

    graph: Graph
    preferences: tuple[Preference, ...]
    ranks: tuple[Ranks, ...]
    row: Ints
    order: Ints
    margin: Array
    tie: Bools
    valid: Bools

    @property
    def n_worlds(self) -> int:
        return len(self.valid)

    @property
    def n_orders(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class ConflictSolution:
    """All equilibria of every world.

    state [W, K] are the equilibria, NONE where a slot holds none; slot 0 is the selected one.
    stable [U, G, S] holds a bit per concept: whether the group (a player, then the coalitions)
    would not leave the state. steps_taken [U, S] is the number of improvements from the start to a
    state by a legal sequence, NONE where none leads there; joint_steps [U, S] the same where
    coalitions improve too; moves_taken [S] the same for any moves of players.
    """

    concept: str
    state: Ints
    found: Bools
    status: NDArray[np.int8]
    complete: Bools
    stable: NDArray[np.uint8]
    steps_taken: NDArray[np.int16]
    joint_steps: NDArray[np.int16]
    moves_taken: NDArray[np.int16]
    method: str = "search of the graph"
    flags: dict[str, Bools] = field(default_factory=dict)

    def holds(self, concept: str, groups: Sequence[int]) -> Bools:
        """Whether all of some groups are stable at each state [U, S] under a concept."""
        return are_stable(self.stable, concept, groups)


def are_stable(stable: NDArray[np.uint8], concept: str, groups: Sequence[int]) -> Bools:
    """Whether all of some groups are stable at each state [U, S], by the bits [U, G, S]."""
    bit = np.uint8(1 << CONCEPTS.index(concept))
    found = np.ones((stable.shape[0], stable.shape[2]), dtype=np.bool_)
    for group in groups:
        found &= (stable[:, group] & bit) != 0
    return found
