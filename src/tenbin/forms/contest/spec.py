"""What may stand in the file for a contest: its shape, not yet its meaning.

Discovery and `tenbin schema` import this alone. Names and expressions are checked in `read.py`,
which knows the rest of the scenario.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from tenbin.forms.drawn import KnownOrDrawn
from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, Words

__all__ = ["EVERY", "ContestSpec", "ValueSpec", "schema"]

EVERY = ""
"""The key of a value that is everybody's."""

_NUMBER: dict[str, Any] = {"type": ["number", "string"]}
_VALUE: dict[str, Any] = {"type": ["number", "string", "object"]}


def _one_or_by_player(schema: dict[str, Any]) -> WithJsonSchema:
    by_player = {"type": "object", "additionalProperties": schema}
    return WithJsonSchema({"anyOf": [schema, by_player]})


class ValueSpec(KnownOrDrawn):
    """A prize known to all, or drawn privately: `{uniform: [a, b]}` or `{normal: [m, s]}`."""


def _for_all(given: object) -> object:
    """One value for everybody is kept under the name `EVERY`."""
    if isinstance(given, dict) and not set(given) <= set(ValueSpec.model_fields):
        return given
    return given if given is None else {EVERY: given}


Numbers = Annotated[dict[str, Number], BeforeValidator(_for_all), _one_or_by_player(_NUMBER)]
Values = Annotated[dict[str, ValueSpec], BeforeValidator(_for_all), _one_or_by_player(_VALUE)]


class ContestSpec(Strict):
    """The body of a model of form `contest`; which keys belong to which concept, `read.py` says."""

    players: Words = Field(default_factory=list)
    values: Values = Field(default_factory=dict)
    costs: Numbers = Field(default_factory=dict)
    decisiveness: Number | None = None
    react: dict[str, dict[str, Number]] = Field(default_factory=dict)
    fatigue: Numbers = Field(default_factory=dict)
    grievance: Numbers = Field(default_factory=dict)
    start: Numbers = Field(default_factory=dict)
    negative: bool | None = None
    weights: Numbers = Field(default_factory=dict)
    taste: Numbers = Field(default_factory=dict)


def schema() -> dict[str, Any]:
    """The JSON Schema of a contest's own keys, for editors."""
    return ContestSpec.model_json_schema()
