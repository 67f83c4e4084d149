"""A tree as its file states it, checked: moves, types, ends, with their expressions parsed.

`read.py` makes these, `expand.py` plays them out. Players are numbered in the order of
`Rules.players`, path values in the order of `Rules.value_names`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenbin.errors import NOWHERE, Place
from tenbin.scenario.language import Expression
from tenbin.scenario.texts import Text

__all__ = ["ByType", "End", "JointType", "Lottery", "Move", "Payoff", "Rules", "Set", "Step"]

Set = tuple[int, Expression]
"""A path value, by its number, and what it becomes."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """Probabilities of exclusive labels; None is `rest`, one minus the others (at most once)."""

    probabilities: tuple[Expression | None, ...]
    place: Place
    what: str
    """What it belongs to, for messages: `types of US`, `move fog`."""


@dataclass(frozen=True, slots=True)
class Step:
    """An action or a chance branch: the way from a move to what follows."""

    name: str
    target: str
    sets: tuple[Set, ...] = ()
    only_if: Expression | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Move:
    """A point of the file where `player` (None: chance, by `lottery`) acts."""

    name: str
    player: int | None
    steps: tuple[Step, ...]
    lottery: Lottery | None
    hidden_from: frozenset[int]
    revealed_at: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True)
class ByType:
    """A payoff that differs by the type of one player; every type that can occur is a key."""

    player: int
    cases: Mapping[str, Payoff]


Payoff = Expression | ByType


@dataclass(frozen=True, slots=True)
class End:
    """Where play stops: payoffs in the order of the players, measures by name."""

    name: str
    payoffs: tuple[Payoff, ...]
    measures: Mapping[str, Payoff]
    place: Place


@dataclass(frozen=True, slots=True)
class JointType:
    """One combination of types, None for a player without; it occurs with the product of
    `factors`, each the number of a lottery and of the entry in it."""

    types: tuple[str | None, ...]
    factors: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that a tree's file states; moves in an order in which each precedes what follows.

    `types` [P] lists each player's types (empty: none), `joint_types` the combinations that can
    occur (a single one of Nones where nobody has types), drawn by `type_lotteries`.
    """

    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    type_lotteries: tuple[Lottery, ...]
    joint_types: tuple[JointType, ...]
    value_names: tuple[str, ...]
    defaults: tuple[Expression, ...]
    type_sets: Mapping[tuple[int, str], tuple[Set, ...]]
    start: str
    moves: Mapping[str, Move]
    ends: Mapping[str, End]
    play: Mapping[str, str] = field(default_factory=dict)
    """Committed moves, with the action that each is committed to."""
    titles: Mapping[tuple[str, ...], Text] = field(default_factory=dict)
    """What readers see, for `(move,)`, `(move, action)` and `(end,)` where the file gives it."""
