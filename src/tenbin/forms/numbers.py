"""The numbers of a model that expressions give: collected while it is read, evaluated per world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Place, Problem
from tenbin.scenario.expressions import evaluate, parse_expression
from tenbin.scenario.language import Array, Expression, Numbers, OutcomeCall
from tenbin.scenario.objects import Scenario
from tenbin.scenario.references import check_expression

__all__ = ["Bounds", "NumberTable"]

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a number must lie; an open end does not belong to it."""

    low: float = -inf
    high: float = inf
    open_low: bool = False
    open_high: bool = False

    def hold(self, values: float | Array) -> Bools:
        """Where values are finite and within the bounds."""
        above = values > self.low if self.open_low else values >= self.low
        below = values < self.high if self.open_high else values <= self.high
        return np.asarray(np.isfinite(values) & above & below)

    def __str__(self) -> str:
        left, right = "(" if self.open_low else "[", ")" if self.open_high else "]"
        return f"{left}{self.low:g}, {self.high:g}{right}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One number: an expression with the names that are fixed where it is used."""

    expression: Expression
    local: tuple[tuple[str, float], ...]
    bounds: Bounds
    fixed: float | None
    """Its value where it is the same in every world and setting."""


@dataclass
class NumberTable:
    """The numbers of one model, each known by its index; what stands at one place is one.

    Faults found while numbers are added are collected in `problems`.
    """

    scenario: Scenario
    problems: list[Problem] = field(default_factory=list)
    _entries: list[_Entry] = field(default_factory=list)
    _index: dict[object, int] = field(default_factory=dict)
    _parsed: dict[tuple[object, Place], Expression | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._entries)

    def add(
        self,
        given: float | str,
        place: Place,
        *,
        low: float = -inf,
        high: float = inf,
        open_low: bool = False,
        open_high: bool = False,
        local: Mapping[str, float] | None = None,
    ) -> int:
        """Enter a number and tell its index.

        Parameters
        ----------
        given
            A number of the file, or an expression.
        place
            Where it stands.
        low, high, open_low, open_high
            Between what it must lie, checked in every world.
        local
            Names that are fixed where it is used (a counter, an index), with their values.

        Returns
        -------
        Its index; of a faulty one that of zero, the fault being noted in `problems`.
        """
        expression = self._expression(given, place, tuple(local or ()))
        if expression is None:
            return self.add(0, place)
        own = tuple(sorted((k, v) for k, v in (local or {}).items() if k in expression.names))
        bounds = Bounds(low, high, open_low, open_high)
        key = (expression, expression.place, own, bounds)
        if key not in self._index:
            fixed = _fixed(expression, own)
            if fixed is not None and not bounds.hold(fixed):
                what = f"'{given}' is {fixed:g}, outside {bounds}"
                self.problems.append(Problem(place, what, str(given)))
                fixed = None
            self._index[key] = len(self._entries)
            self._entries.append(_Entry(expression, own, bounds, fixed))
        return self._index[key]

    def fixed(self, index: int) -> float | None:
        """The value of a number that is the same in every world and setting, else None."""
        return self._entries[index].fixed

    def place(self, index: int) -> Place:
        """Where a number stands in the file."""
        return self._entries[index].expression.place

    @property
    def names(self) -> frozenset[str]:
        """The numbers of the scenario that the expressions read."""
        return frozenset(
            name
            for entry in self._entries
            for name in entry.expression.names - {name for name, _ in entry.local}
        )

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        """The outcomes of other models that the expressions read."""
        calls = (call for entry in self._entries for call in entry.expression.calls)
        return tuple(dict.fromkeys(calls))

    def evaluate(
        self, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
    ) -> Array:
        """Every number in every world [W, n]."""
        columns = np.empty((worlds, len(self._entries)))
        with np.errstate(all="ignore"):
            for index, entry in enumerate(self._entries):
                columns[:, index] = _value(entry, numbers, outcomes)
        return columns

    def valid(self, columns: Array) -> Bools:
        """In which worlds [W] all numbers [W, n] are finite and within their bounds."""
        valid = np.ones(len(columns), dtype=np.bool_)
        for index, entry in enumerate(self._entries):
            if entry.fixed is None:
                valid &= entry.bounds.hold(columns[:, index])
        return valid

    def check(
        self, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
    ) -> list[Problem]:
        """Numbers that are not finite or out of bounds in some of the worlds, with an example.

        Worlds in which what a number reads is already undefined are left out: the fault is there.
        """
        columns = self.evaluate(numbers, outcomes, worlds)
        found: dict[tuple[Place, str], Problem] = {}
        for index, entry in enumerate(self._entries):
            wrong = ~np.broadcast_to(entry.bounds.hold(columns[:, index]), (worlds,))
            if entry.fixed is not None or not wrong.any():
                continue
            wrong = wrong & _read_well(entry, numbers, outcomes, worlds)
            if wrong.any():
                problem = _problem(entry, columns[:, index], wrong, numbers)
                found.setdefault((problem.place, problem.what), problem)
        return list(found.values())

    def _expression(
        self, given: float | str, place: Place, local: tuple[str, ...]
    ) -> Expression | None:
        key = (given, place)
        if key not in self._parsed:
            expression, problems = parse_expression(given, place)
            if expression is not None:
                problems = problems + check_expression(expression, self.scenario, local)
            self.problems += problems
            self._parsed[key] = None if problems else expression
        return self._parsed[key]


def _fixed(expression: Expression, local: tuple[tuple[str, float], ...]) -> float | None:
    if expression.calls or len(local) < len(expression.names):
        return None
    value = float(evaluate(expression, dict(local)))
    return value if isfinite(value) else None


def _value(entry: _Entry, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array]) -> float | Array:
    if entry.fixed is not None:
        return entry.fixed
    known = {name: numbers[name] for name in entry.expression.names if name in numbers}
    return evaluate(entry.expression, {**known, **dict(entry.local)}, outcomes)


def _read_well(
    entry: _Entry, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
) -> Bools:
    """Where [W] everything that a number reads is finite."""
    well = np.ones(worlds, dtype=np.bool_)
    local = {name for name, _ in entry.local}
    for name in entry.expression.names - local:
        well &= np.isfinite(numbers[name])
    for call in entry.expression.calls:
        well &= np.isfinite(outcomes[call])
    return well


def _problem(entry: _Entry, values: Array, wrong: Bools, numbers: Numbers) -> Problem:
    world = int(np.flatnonzero(wrong)[0])
    value = float(values[world])
    text = entry.expression.text
    fault = f"lies outside {entry.bounds}" if isfinite(value) else "is not a finite number"
    what = f"'{text}' {fault} in {wrong.mean():.1%} of the worlds tried"
    shown = ", ".join(_shown(entry, numbers, world))
    advice = f"For example it is {value:g}" + (f" where {shown}." if shown else ".")
    return Problem(entry.expression.place, what, text, (), advice)


def _shown(entry: _Entry, numbers: Numbers, world: int) -> Iterator[str]:
    local = dict(entry.local)
    for name in sorted(entry.expression.names):
        given = local[name] if name in local else numbers[name]
        value = float(given) if np.ndim(given) == 0 else float(np.asarray(given)[world])
        yield f"{name} = {value:.6g}"
