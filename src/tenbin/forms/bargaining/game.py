"""A bargaining model of a scenario, compiled: who bargains over what, its numbers as indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenbin.forms.numbers import NumberTable
from tenbin.scenario.language import OutcomeCall
from tenbin.scenario.texts import Text

__all__ = ["CONCEPTS", "TOTAL", "BargainingModel", "Chance", "Issue", "Limit", "War"]

CONCEPTS = ("nash", "kalai_smorodinsky", "rubinstein", "ultimatum")

TOTAL = -1
"""The issue of a limit on a player's whole payoff."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A distribution: its name and the indices of its parameters."""

    name: str
    parameters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: indices of its numbers.

    `values` are by player and type the payoffs at share 0 and at share 1; `span` are the ends of
    its own unit; `fixed` the share at which it is held, None where it is bargained over.
    """

    name: str
    values: tuple[tuple[tuple[int, int], ...], ...]
    span: tuple[int, int]
    fixed: int | None
    title: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What one ratifier asks for: a known limit (an index) or a distribution of it."""

    player: int
    issue: int
    kind: str
    bound: int | Chance
    start: int | None
    until: int | None
    waiver: int | None
    title: Text

    @property
    def is_dated(self) -> bool:
        return self.start is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class War:
    """A war for the whole issue: chance of the player `winner`, costs by player and type.

    `private` is the distribution of the responder's cost where nobody else knows it; `later` the
    chance of winning from the second period on.
    """

    winner: int
    win: int
    cost: tuple[tuple[int, ...], ...]
    private: Chance | None
    later: int | None


@dataclass(frozen=True)
class BargainingModel:
    """Two parties, their issues and limits; every number an index into `table`.

    `outside` and `disagreement` hold None for a player to whom none is given; `informed` is the
    player of private types, None where there are none; `hidden` the distribution of the
    responder's outside option, in place of a number.
    """

    name: str
    concept: str
    players: tuple[str, str]
    first: int
    issues: tuple[Issue, ...]
    curvature: tuple[int, int] | None
    power: int
    disagreement: tuple[tuple[int, ...] | None, ...]
    outside: tuple[tuple[int, ...] | None, ...]
    hidden: Chance | None
    left: tuple[int | None, int | None]
    discount: tuple[int, int] | None
    periods: int | None
    year: int | None
    limits: tuple[Limit, ...]
    war: War | None
    informed: int | None
    types: tuple[str, ...]
    prior: tuple[int, ...]
    table: NumberTable = field(compare=False, repr=False)
    form: str = field(default="bargaining", init=False)

    @property
    def n_types(self) -> int:
        """T: one where nothing is private."""
        return max(1, len(self.types))

    @property
    def waivable(self) -> tuple[int, ...]:
        """The limits that may be waived; M = 2 to the power of their number."""
        return tuple(n for n, limit in enumerate(self.limits) if limit.waiver is not None)

    @property
    def uncertain(self) -> tuple[int, ...]:
        """The limits of which only the distribution is known."""
        return tuple(n for n, it in enumerate(self.limits) if isinstance(it.bound, Chance))

    @property
    def is_war(self) -> bool:
        """Whether failing means war, there being no other payoff in case of disagreement."""
        return self.war is not None and all(given is None for given in self.disagreement)

    @property
    def names(self) -> frozenset[str]:
        """The numbers of the scenario that its expressions read."""
        return self.table.names

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        """The outcomes of other models that its expressions read."""
        return self.table.links

    @property
    def size(self) -> dict[str, int]:
        """Counts by name, for tables."""
        counts = {"issues": len(self.issues), "ratifiers": len(self.limits)}
        counts |= {"types": len(self.types), "periods": self.periods or 0}
        return {name: count for name, count in counts.items() if count}

    @property
    def issue_index(self) -> Mapping[str, int]:
        return {issue.name: number for number, issue in enumerate(self.issues)}
