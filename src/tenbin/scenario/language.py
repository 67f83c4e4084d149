"""What an expression may say: numbers, events and outcome calls, as plain data.

Nothing here evaluates; `expressions.py` parses text into these and computes with them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import NOWHERE, Place

__all__ = [
    "ANY",
    "Array",
    "Event",
    "Expression",
    "Name",
    "Numbers",
    "OutcomeCall",
    "Setting",
]

Array = NDArray[np.float64]
Numbers = Mapping[str, float | Array]
"""Values by name: a float that is the same in every world, or an array [W]."""

ANY: Literal["any"] = "any"
"""`given=any`: the largest value over the decision nodes where the event is still open."""


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name without its model: an end, a move, `move.action` or `PLAYER.type`."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Event:
    """Names joined by `and`, `or`, `not`; operator `name` holds exactly one `Name`."""

    operator: Literal["name", "and", "or", "not"]
    operands: tuple[Event | Name, ...]

    def __str__(self) -> str:
        if self.operator == "name":
            return str(self.operands[0])
        if self.operator == "not":
            return f"not ({self.operands[0]})"
        return f" {self.operator} ".join(f"({operand})" for operand in self.operands)

    def names(self) -> tuple[Name, ...]:
        """Every name in the event, in reading order."""
        found: list[Name] = []
        for operand in self.operands:
            if isinstance(operand, Name):
                found.append(operand)
            else:
                found.extend(operand.names())
        return tuple(found)


@dataclass(frozen=True, slots=True)
class OutcomeCall:
    """An outcome asked of one model, e.g. `P(deterrence.war, given=deterrence.probe, troops=0)`.

    `arguments` are what stands before the keywords, each without its model's name: an `Event`
    (for `P`, for the state or type arguments of other functions) or a number. `replaced` are the
    keywords that are names of numbers, sorted by name. `policy` None means: the policy (and the
    replaced numbers) of whoever asks. Two calls are equal when they ask for the same outcome.
    """

    function: str
    model: str
    arguments: tuple[Event | float, ...]
    given: Event | Literal["any"] | None = None
    policy: str | None = None
    replaced: tuple[tuple[str, Expression], ...] = ()
    options: tuple[tuple[str, str | float], ...] = ()
    place: Place = field(default=NOWHERE, compare=False)

    def text(self) -> str:
        """The call without policy and replaced numbers, as canonical text (a column's name)."""
        inside = [str(argument) for argument in self.arguments]
        inside += [f"given={self.given}"] if self.given is not None else []
        inside += [f"{key}={value}" for key, value in self.options]
        return f"{self.function}({self.model}: {', '.join(inside)})"


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, its tree (never executed), what it reads.

    `names` are the numbers it reads outside its outcome calls, `calls` the outcomes it asks for,
    in reading order. Equality is by canonical text, so that settings can be compared.
    """

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False)
    calls: tuple[OutcomeCall, ...] = field(compare=False, default=())
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Setting:
    """A policy plus replaced numbers: what is set in every world, sorted by name.

    `values` gives names another value (evaluated in the world's own, unreplaced numbers);
    `play` commits moves, as (`model.move`, action).
    """

    values: tuple[tuple[str, Expression], ...] = ()
    play: tuple[tuple[str, str], ...] = ()
