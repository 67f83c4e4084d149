"""What may stand in the file for bargaining: its shape, not yet its meaning.

Discovery and `tenbin schema` import this alone. Names and numbers are checked in `read.py`, which
knows the rest of the scenario.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, Text, fault, interval

__all__ = [
    "DISTRIBUTIONS",
    "BargainingSpec",
    "IssueSpec",
    "RatifierSpec",
    "ShiftSpec",
    "WarSpec",
    "schema",
]

DISTRIBUTIONS = {"uniform": (2, 2), "normal": (2, 2), "triangular": (3, 3), "beta": (2, 4)}
"""Distributions of what one side does not know, with the fewest and most parameters."""


def _is_number(given: object) -> bool:
    return isinstance(given, (int, float, str)) and not isinstance(given, bool)


def _by_type(given: object) -> object:
    if _is_number(given) or (isinstance(given, dict) and all(map(_is_number, given.values()))):
        return given
    raise fault("a number, an expression, or a mapping by type is expected", given)


def _distribution_fault(given: dict[Any, Any]) -> Any:
    """What is wrong with a mapping that should be a distribution; None where nothing is."""
    names = tuple(DISTRIBUTIONS)
    if len(given) != 1 or next(iter(given)) not in DISTRIBUTIONS:
        shown = next((str(name) for name in given if name not in DISTRIBUTIONS), "")
        return fault("a number or a distribution is expected", shown, names)
    name, parameters = next(iter(given.items()))
    fewest, most = DISTRIBUTIONS[name]
    if not isinstance(parameters, list) or not all(map(_is_number, parameters)):
        return fault(f"'{name}' takes a list of numbers, such as [0, 1]")
    if not fewest <= len(parameters) <= most or len(parameters) == 3 != most:
        return fault(f"'{name}' takes {fewest} numbers, not {len(parameters)}")
    return None


def _uncertain(given: object) -> object:
    if _is_number(given):
        return given
    if not isinstance(given, dict):
        raise fault("a number or a distribution is expected", given, tuple(DISTRIBUTIONS))
    wrong = _distribution_fault(given)
    if wrong is not None:
        raise wrong
    return given


def _private(given: object) -> object:
    """A number, a distribution, or a mapping by type."""
    if isinstance(given, dict) and any(name in DISTRIBUTIONS for name in given):
        return _uncertain(given)
    return _by_type(given)


def _ends(given: object) -> object:
    if not isinstance(given, list) or len(given) != 2:
        raise fault("the two values at share 0 and at share 1 are expected: [0, 1]", given)
    return [_by_type(end) for end in given]


def _range(given: object) -> object:
    if isinstance(given, str) and interval(given) is not None:
        return list(interval(given) or ())
    if isinstance(given, list) and len(given) == 2 and all(map(_is_number, given)):
        return given
    raise fault("a range is written low..high, or as a list of two numbers", given)


def _types(given: object) -> object:
    if isinstance(given, dict) and all(map(_is_number, given.values())):
        return given
    raise fault("types with their probabilities are expected: {eager: 0.3, wary: rest}", given)


def _said(description: str, *kinds: str) -> WithJsonSchema:
    return WithJsonSchema({"description": description, "type": list(kinds)})


_DISTRIBUTION = (
    "uniform: [low, high], normal: [mean, deviation], triangular: [low, mode, high], "
    "beta: [a, b] or [a, b, low, high]"
)
ByType = Annotated[
    Any,
    BeforeValidator(_by_type),
    _said("a number, an expression, or a mapping by type", "number", "string", "object"),
]
Uncertain = Annotated[
    Any,
    BeforeValidator(_uncertain),
    _said(f"a number, an expression, or a distribution: {_DISTRIBUTION}", "number", "string",
          "object"),
]  # fmt: skip
Private = Annotated[
    Any,
    BeforeValidator(_private),
    _said(f"a number, an expression, a mapping by type, or a distribution: {_DISTRIBUTION}",
          "number", "string", "object"),
]  # fmt: skip
Ends = Annotated[
    Any,
    BeforeValidator(_ends),
    WithJsonSchema(
        {
            "description": "values at share 0 and at share 1",
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
        }
    ),
]
Span = Annotated[
    Any,
    BeforeValidator(_range),
    _said("low..high or [low, high], in the issue's own unit", "string", "array"),
]
TypeTable = Annotated[
    Any,
    BeforeValidator(_types),
    _said("types with their probabilities, one of which may be `rest`", "object"),
]


class IssueSpec(Strict):
    """Something of which the parties agree on a share between 0 and 1."""

    values: dict[str, Ends] | None = None
    range: Span | None = None
    fixed: Number | None = None
    unit: str | None = None
    title: Text | None = None
    text: Text | None = None


class RatifierSpec(Strict):
    """Somebody at home who must consent; exactly one of three limits."""

    player: str
    issue: str = "total"
    floor: Uncertain | None = None
    at_least: Uncertain | None = None
    at_most: Uncertain | None = None
    from_: Number | None = Field(default=None, alias="from")
    until: Number | None = None
    waiver: Number | None = None
    title: Text | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> RatifierSpec:
        given = [item for item in (self.floor, self.at_least, self.at_most) if item is not None]
        if len(given) != 1:
            raise fault("a ratifier has one limit: `floor`, `at_least` or `at_most`")
        return self

    @property
    def limit(self) -> str:
        """Which of the three limits is given."""
        return next(k for k in ("floor", "at_least", "at_most") if getattr(self, k) is not None)


class WarSpec(Strict):
    """What happens where talks fail: the winner takes the whole issue, and both pay."""

    win: dict[str, Number]
    cost: dict[str, Private]


class ShiftSpec(Strict):
    """The chance of winning from the second period on."""

    win: dict[str, Number]


class BargainingSpec(Strict):
    """The body of a model of form `bargaining`."""

    players: list[str]
    issues: dict[str, IssueSpec]
    curvature: dict[str, Number] = Field(default_factory=dict)
    power: Number | None = None
    types: dict[str, TypeTable] = Field(default_factory=dict)
    type_titles: dict[str, dict[str, Text]] = Field(default_factory=dict)
    disagreement: dict[str, ByType] = Field(default_factory=dict)
    outside: dict[str, Private] = Field(default_factory=dict)
    left: dict[str, Number] = Field(default_factory=dict)
    discount: dict[str, Number] = Field(default_factory=dict)
    first: str | None = None
    periods: int | None = Field(default=None, ge=1, le=10_000)
    year: Number | None = None
    ratify: list[RatifierSpec] = Field(default_factory=list)
    war: WarSpec | None = None
    shift: ShiftSpec | None = None


def schema() -> dict[str, Any]:
    """The JSON Schema of a bargaining model's own keys, for editors."""
    return BargainingSpec.model_json_schema()
