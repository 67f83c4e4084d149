"""The distinct numbers of a tree: each expression with the path values that it reads, once.

A number of the game is a `Value`, known by its place in a list in which it stands after the values
it is made of. So numbers that many nodes share are evaluated once per batch of worlds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from tenbin.errors import Place
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.language import Array, Expression, Numbers, OutcomeCall

__all__ = [
    "Computed",
    "Fixed",
    "Product",
    "Rest",
    "Sum",
    "Value",
    "ValueTable",
    "evaluate_values",
    "used_values",
]

ROUNDING = 1e-12
"""A `rest` nearer to zero than this is zero: what rounding leaves of one minus the others."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number that is the same in every world and setting."""

    number: float


@dataclass(frozen=True, slots=True)
class Computed:
    """An expression, with the values of the path values that it reads, by name."""

    expression: Expression
    reads: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """One minus the others."""

    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """The product of independent probabilities."""

    factors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of what several outcomes on one path pay."""

    terms: tuple[int, ...]


Value = Fixed | Computed | Rest | Product | Sum


@dataclass
class ValueTable:
    """Values while a tree is expanded; equal ones are one, and remember every place they have."""

    values: list[Value] = field(default_factory=list)
    places: dict[int, dict[Place, None]] = field(default_factory=dict)
    _numbers: dict[Value, int] = field(default_factory=dict)
    _computed: dict[object, int] = field(default_factory=dict)

    def add(self, value: Value) -> int:
        """The number of a value, entered if it is new."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def compute(self, expression: Expression, path_values: Mapping[str, int]) -> int:
        """An expression on one path; at once where it reads nothing but plain numbers."""
        shared = sorted(expression.names & path_values.keys())
        reads = tuple((name, path_values[name]) for name in shared)
        key = (expression, expression.place, reads)
        known = self._computed.get(key)
        if known is None:
            known = self.add(self._computed_or_fixed(expression, reads))
            self._computed[key] = known
            self.places.setdefault(known, {})[expression.place] = None
        return known

    def _computed_or_fixed(
        self, expression: Expression, reads: tuple[tuple[str, int], ...]
    ) -> Value:
        plain: dict[str, float] = {}
        for name, number in reads:
            value = self.plain(number)
            if value is not None:
                plain[name] = value
        if not expression.calls and len(plain) == len(expression.names):
            result = float(evaluate(expression, plain))
            if isfinite(result):
                return Fixed(result)
        return Computed(expression, reads)

    def plain(self, number: int) -> float | None:
        """The value where it is the same in every world, else None."""
        value = self.values[number]
        return value.number if isinstance(value, Fixed) else None

    def lottery(
        self, probabilities: Sequence[Expression | None], path_values: Mapping[str, int]
    ) -> tuple[int, ...]:
        """The probabilities of a lottery on one path, `rest` worked out."""
        given = [None if p is None else self.compute(p, path_values) for p in probabilities]
        others = tuple(number for number in given if number is not None)
        return tuple(self.add(Rest(others)) if number is None else number for number in given)


def _members(value: Value) -> tuple[int, ...]:
    """The values that a value is made of."""
    match value:
        case Fixed():
            return ()
        case Computed(reads=reads):
            return tuple(number for _, number in reads)
        case Rest(others=found) | Product(factors=found) | Sum(terms=found):
            return found


def used_values(values: Sequence[Value], roots: Iterable[int]) -> list[int]:
    """The values that `roots` rest on, themselves included, in order."""
    used: set[int] = set()
    waiting = list(roots)
    while waiting:
        number = waiting.pop()
        if number not in used:
            used.add(number)
            waiting.extend(_members(values[number]))
    return sorted(used)


def evaluate_values(
    values: Sequence[Value],
    used: Iterable[int],
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
) -> dict[int, float | Array]:
    """The values asked for, by number: a float where it is the same in every world, else [W]."""
    results: dict[int, float | Array] = {}
    with np.errstate(all="ignore"):
        for number in used:
            results[number] = _evaluate(values[number], results, numbers, outcomes)
    return results


def _evaluate(
    value: Value,
    results: Mapping[int, float | Array],
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
) -> float | Array:
    match value:
        case Fixed(number=number):
            return number
        case Computed(expression=expression, reads=reads):
            known = {name: numbers[name] for name in expression.names if name in numbers}
            known.update((name, results[number]) for name, number in reads)
            return evaluate(expression, known, outcomes)
        case Rest(others=others):
            rest = 1.0 - sum((results[number] for number in others), start=0.0)
            return np.where(np.abs(rest) < ROUNDING, 0.0, rest)
        case Sum(terms=terms):
            return sum((results[number] for number in terms), start=0.0)
        case Product(factors=factors):
            product: float | Array = 1.0
            for number in factors:
                product = product * results[number]
            return product
