"""What may stand in the file for a stochastic game: its shape, not yet its meaning.

Discovery and `tenbin schema` import this alone. Names, conditions and expressions are checked in
`read.py`, which knows the rest of the scenario.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, Text, Words, fault

__all__ = [
    "ActionSpec",
    "CalendarSpec",
    "CounterSpec",
    "EventSpec",
    "NextSpec",
    "PayoffSpec",
    "RecordSpec",
    "SpellSpec",
    "StateSpec",
    "StochasticSpec",
    "TargetSpec",
    "read_date",
    "schema",
    "whole_range",
]

_WHOLE_RANGE = re.compile(r"\s*([-+]?\d{1,9})\s*\.\.\s*([-+]?\d{1,9})\s*")


def whole_range(text: str) -> tuple[int, int]:
    """The two ends of a range of whole numbers that has been checked."""
    found = _WHOLE_RANGE.fullmatch(text)
    assert found is not None
    return int(found[1]), int(found[2])


def read_date(text: str) -> date:
    """The day of a date that has been checked."""
    return date.fromisoformat(text)


def _range(given: object) -> object:
    found = _WHOLE_RANGE.fullmatch(given) if isinstance(given, str) else None
    if found is None or int(found[1]) > int(found[2]):
        raise fault("a counter's range is two whole numbers low..high, for example 0..5", given)
    return given


def _date(given: object) -> object:
    text = given.isoformat()[:10] if isinstance(given, date) else given
    try:
        date.fromisoformat(text)  # pyright: ignore[reportArgumentType]  a wrong type is caught
    except (TypeError, ValueError):
        raise fault("a date is written year-month-day, for example 1994-10-21", given) from None
    return text


def _condition(given: object) -> object:
    if isinstance(given, bool) or not isinstance(given, str):
        raise fault("a condition is a text such as 'US.talk and arsenal < 3'", given)
    return given


def _chances(given: object) -> object:
    return {given: 1} if isinstance(given, str) else given


def _discount(given: object) -> object:
    if isinstance(given, dict) or (isinstance(given, int | float | str) and given is not True):
        return given
    raise fault("a discount factor is a number, an expression, or one for each player", given)


def _actions(given: object) -> object:
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        if len(set(given)) < len(given):
            raise fault("an action stands twice in this list", given)
        return {name: {} for name in given}
    if isinstance(given, dict):
        return {name: {} if action is None else action for name, action in given.items()}
    raise fault("actions are a list of names, or a mapping of names", given)


def _rules(given: object) -> object:
    return [given] if isinstance(given, dict) else given


def _targets(given: object) -> object:
    """What may follow, as a list: a name, a mapping of names to chances, or the list itself."""
    if isinstance(given, str):
        return [{"state": given}]
    if isinstance(given, list) and given:
        return given
    if not isinstance(given, dict) or not given:
        raise fault("the next state is a name, or names with their probabilities", given)
    return [
        {"state": name, **(chance if isinstance(chance, dict) else {"p": chance})}
        for name, chance in given.items()
    ]


_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_NUMBER_SCHEMA = {"type": ["number", "string"]}
WholeRange = Annotated[
    str,
    BeforeValidator(_range),
    WithJsonSchema({"type": "string", "pattern": _WHOLE_RANGE.pattern}),
]
Day = Annotated[str, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
Condition = Annotated[str, BeforeValidator(_condition), WithJsonSchema({"type": "string"})]
Whole = Annotated[Any, WithJsonSchema({"type": ["integer", "string"]})]
Chances = Annotated[
    dict[str, Number],
    BeforeValidator(_chances),
    WithJsonSchema(
        {
            "description": "a name, or names with probabilities of which one may be `rest`",
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": _NUMBER_SCHEMA},
            ],
        }
    ),
]
Discount = Annotated[
    Any,
    BeforeValidator(_discount),
    WithJsonSchema(
        {
            "description": "a number or an expression, or one for each player",
            "anyOf": [
                _NUMBER_SCHEMA,
                {"type": "object", "additionalProperties": _NUMBER_SCHEMA},
            ],
        }
    ),
]


class CalendarSpec(Strict):
    """Which year period 0 is, and how many years a period lasts."""

    first: float
    step: float = Field(1.0, gt=0, allow_inf_nan=False)


class CounterSpec(Strict):
    """A whole number that belongs to the state."""

    range: WholeRange
    start: int
    clip: bool = False
    title: Text | None = None
    text: Text | None = None


class ActionSpec(Strict):
    """What a player may do in a state; `only_if` is a condition over counters."""

    only_if: Condition | None = None
    title: Text | None = None
    text: Text | None = None


class PayoffSpec(Strict):
    """What players get in a period in which the condition holds, by their names."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Number]  # pyright: ignore[reportIncompatibleVariableOverride]  narrowed, as pydantic documents

    when: Condition | None = None


class TargetSpec(Strict):
    """A state that may follow, with what changes in the counters on the way."""

    state: str
    p: Number | None = None
    change: dict[str, Whole] = Field(default_factory=dict)


class NextSpec(Strict):
    """What follows where the condition holds and none before it did."""

    when: Condition | None = None
    to: Annotated[
        list[TargetSpec],
        BeforeValidator(_targets),
        WithJsonSchema(
            {
                "description": "a state, states with probabilities, or a list {state, p, change}",
                "type": ["string", "object", "array"],
            }
        ),
    ]


Rules = Annotated[
    list[PayoffSpec],
    BeforeValidator(_rules),
    WithJsonSchema(
        {
            "description": "payoffs by player, with `when` they are paid; one mapping or a list",
            "anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}],
        }
    ),
]
Follows = Annotated[
    list[NextSpec],
    BeforeValidator(lambda given: _follows(given)),
    WithJsonSchema(
        {
            "description": "what follows: a state, states with probabilities, or rules "
            "{when, to}, of which the first that holds counts",
            "type": ["string", "object", "array"],
        }
    ),
]


def _follows(given: object) -> object:
    """One rule may stand for a list of one; a rule without `to` is what follows, in short."""
    if isinstance(given, str) or (isinstance(given, dict) and "to" not in given):
        return [{"to": given}]
    return [given] if isinstance(given, dict) else given


ActionTable = Annotated[
    dict[str, ActionSpec],
    BeforeValidator(_actions),
    WithJsonSchema({"anyOf": [_TEXTS, {"type": "object"}]}),
]


class StateSpec(Strict):
    """A state: who may do what, what everybody gets, and what follows."""

    title: Text | None = None
    text: Text | None = None
    actions: dict[str, ActionTable] = Field(default_factory=dict)
    payoffs: Rules = Field(default_factory=list)
    next: Follows = Field(default_factory=list)

    @model_validator(mode="after")
    def _goes_on(self) -> StateSpec:
        if self.actions and not self.next:
            raise fault("a state where somebody acts needs `next`")
        return self


class EventSpec(Strict):
    """A set of states by a condition; short form: the condition."""

    when: Condition
    title: Text | None = None
    text: Text | None = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [{"type": "string"}, full]}

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"when": given} if isinstance(given, str) else given


class SpellSpec(Strict):
    """From when a state was observed, until the next spell begins."""

    since: Day = Field(alias="from")
    state: str
    fact: str | None = None


class RecordSpec(Strict):
    """What was observed, set beside the model in the report."""

    until: Day
    spells: list[SpellSpec] = Field(default_factory=list)
    reached: dict[str, Day] = Field(default_factory=dict)


class StochasticSpec(Strict):
    """The body of a model of form `stochastic`."""

    players: Words = Field(default_factory=list)
    discount: Discount
    calendar: CalendarSpec | None = None
    counters: dict[str, CounterSpec] = Field(default_factory=dict)
    types: dict[str, dict[str, Number]] = Field(default_factory=dict)
    type_titles: dict[str, dict[str, Text]] = Field(default_factory=dict)
    beliefs: int = Field(9, ge=9, le=129)
    start: Chances
    states: dict[str, StateSpec] = Field(min_length=1)
    record: RecordSpec | None = None
    events: dict[str, EventSpec] = Field(default_factory=dict)


def schema() -> dict[str, Any]:
    """The JSON Schema of the form's own keys, for editors."""
    return StochasticSpec.model_json_schema()
