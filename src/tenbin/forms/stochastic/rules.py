"""A stochastic game as it is read: names resolved, conditions parsed, expressions still text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tenbin.errors import Place
from tenbin.forms.stochastic.conditions import Condition, Whole
from tenbin.scenario.texts import Text

__all__ = [
    "REST",
    "Action",
    "Calendar",
    "Chance",
    "Counter",
    "Follow",
    "Given",
    "Payoff",
    "Phase",
    "Record",
    "Rules",
    "Spell",
    "Target",
]

REST = "rest"
"""The probability that is one minus the others."""

Given = tuple[float | str, Place]
"""A number or an expression as it stands in the file."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A whole number of the state between `low` and `high`, where `clip` says it is kept."""

    name: str
    low: int
    high: int
    start: int
    clip: bool


@dataclass(frozen=True, slots=True)
class Action:
    """What a player may do in a state where its condition over counters holds."""

    name: str
    only_if: Condition


@dataclass(frozen=True, slots=True)
class Payoff:
    """What players (by number) get in a period where the condition holds."""

    when: Condition
    amounts: tuple[tuple[int, Given], ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """One probability of several that sum to one."""

    name: str
    given: Given


@dataclass(frozen=True, slots=True)
class Target:
    """A state that may follow: its phase, its probability, the changes by counter's number."""

    phase: str
    given: Given
    changes: tuple[tuple[int, Whole, Place], ...]


@dataclass(frozen=True, slots=True)
class Follow:
    """What follows where the condition holds."""

    when: Condition
    targets: tuple[Target, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Phase:
    """A state of the file, which stands for one state at each value of the counters."""

    name: str
    movers: tuple[tuple[int, tuple[Action, ...]], ...]
    payoffs: tuple[Payoff, ...]
    follows: tuple[Follow, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which year period 0 is, and how many years a period lasts."""

    first: float
    step: float

    def period(self, year: float) -> float:
        """How many periods after the start a year is."""
        return (year - self.first) / self.step

    def year(self, period: float) -> float:
        """The year of a period."""
        return self.first + self.step * period


@dataclass(frozen=True, slots=True)
class Spell:
    """A state that was observed from a date on; `fact` the row of the fact table, or empty."""

    since: date
    state: str
    fact: str


@dataclass(frozen=True, slots=True)
class Record:
    """What was observed until a date, and when the events named were first true."""

    until: date
    spells: tuple[Spell, ...]
    reached: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Rules:
    """Everything that a body says.

    `types` are the names of every player's types; the game has them for `informed` alone, whose
    probabilities are `prior`. `committed` are the actions that a policy fixes, by phase and player.
    """

    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    informed: int | None
    prior: tuple[Chance, ...]
    grid: int
    discounts: tuple[Given, ...]
    counters: tuple[Counter, ...]
    start: tuple[Chance, ...]
    phases: Mapping[str, Phase]
    events: Mapping[str, Condition]
    committed: Mapping[tuple[str, int], str]
    calendar: Calendar | None
    record: Record | None
    titles: Mapping[tuple[str, ...], Text]
