"""What may stand in the file for a cascade: its shape, not yet its meaning.

Discovery and `tenbin schema` import this alone. Names and expressions are checked in `read.py`,
which knows the rest of the scenario.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from tenbin.forms.drawn import KnownOrDrawn
from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, Words, fault

__all__ = ["EVERY", "MOST_ACTORS", "ActorsSpec", "CascadeSpec", "DrawSpec", "PriorSpec", "schema"]

EVERY = ""
"""The key of a value that is everybody's."""
MOST_ACTORS = 1_000
"""Actors of a crowd at most."""


def _weights(given: object) -> object:
    """A number for all, or by player a number or a mapping by other player."""
    if isinstance(given, dict):
        for name, row in given.items():
            for number in row.values() if isinstance(row, dict) else (row,):
                if isinstance(number, bool) or not isinstance(number, int | float | str):
                    what = f"the weights of '{name}' are a number, or numbers by other player"
                    raise fault(what, str(number))
        return given
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        advice = "Write influence: 1, or influence: {ROK: {Japan: 0.5, Taiwan: 0.2}}."
        raise fault("a number is expected, or numbers by player and other player", advice=advice)
    return given


_NUMBER: dict[str, Any] = {"type": ["number", "string"]}
_DRAW: dict[str, Any] = {"type": ["number", "string", "object"]}


def _one_or_by_player(schema: dict[str, Any]) -> WithJsonSchema:
    by_player = {"type": "object", "additionalProperties": schema}
    return WithJsonSchema({"anyOf": [schema, by_player]})


Weights = Annotated[
    Any,
    BeforeValidator(_weights),
    WithJsonSchema(
        {
            "description": "a number for all, or by player a number or numbers by other player",
            "anyOf": [
                _NUMBER,
                {
                    "type": "object",
                    "additionalProperties": {
                        "anyOf": [
                            _NUMBER,
                            {"type": "object", "additionalProperties": _NUMBER},
                        ]
                    },
                },
            ],
        }
    ),
]


class DrawSpec(KnownOrDrawn):
    """A number known to all, or drawn privately: `{uniform: [a, b]}` or `{normal: [m, s]}`."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [_NUMBER, full]}


def _for_all(given: object) -> object:
    """One value for everybody is kept under the name `EVERY`."""
    if isinstance(given, dict) and not set(given) <= set(DrawSpec.model_fields):
        return given
    return given if given is None else {EVERY: given}


class ActorsSpec(Strict):
    """A crowd without names: `thresholds` is an expression of `i`, from 0 to count - 1."""

    count: int = Field(ge=1, le=MOST_ACTORS)
    thresholds: Number


class PriorSpec(Strict):
    """What everybody believes of the state before any signal: normal, with this precision."""

    mean: Number
    precision: Number


class CascadeSpec(Strict):
    """The body of a model of form `cascade`."""

    players: Words = Field(default_factory=list)
    actors: ActorsSpec | None = None
    seed: Words = Field(default_factory=list)
    thresholds: dict[str, DrawSpec] = Field(default_factory=dict)
    gain: Annotated[dict[str, Number], BeforeValidator(_for_all), _one_or_by_player(_NUMBER)] = (
        Field(default_factory=dict)
    )
    cost: Annotated[dict[str, DrawSpec], BeforeValidator(_for_all), _one_or_by_player(_DRAW)] = (
        Field(default_factory=dict)
    )
    staying: Weights | None = None
    influence: Weights | None = None
    correlation: Number | None = None
    prior: PriorSpec | None = None
    noise: Number | None = None
    state: DrawSpec | None = None


def schema() -> dict[str, Any]:
    """The JSON Schema of a cascade's own keys, for editors."""
    return CascadeSpec.model_json_schema()
