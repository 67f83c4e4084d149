"""What may stand in the file for a conflict: its shape, not yet its meaning.

Discovery and `tenbin schema` import this alone. Conditions, names and preferences are read in
`states.py` and `preferences.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, Text, Words, fault

__all__ = ["ConflictSpec", "OptionSpec", "PreferenceSpec", "StateSpec", "schema"]


def _flag(given: object) -> object:
    words = {"yes": True, "no": False, "true": True, "false": False}
    return words.get(given, given) if isinstance(given, str) else given


def _chosen(given: object) -> object:
    if isinstance(given, str):
        return given
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return given
    raise fault("a condition is expected, or the list of the options that are on", given)


def _classes(given: object) -> object:
    if not isinstance(given, list):
        raise fault("a list of states is expected, the best first; an inner list is a tie", given)
    for item in given:
        inner = item if isinstance(item, list) else [item]
        if not inner or not all(isinstance(name, str) for name in inner):
            raise fault("names of states are expected here; an inner list is a tie", item)
    return given


def _states(given: object) -> object:
    if isinstance(given, dict):
        return given
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        repeated = sorted({name for name in given if given.count(name) > 1})
        if repeated:
            raise fault(f"state '{repeated[0]}' is listed twice", repeated[0])
        return {name: {} for name in given}
    raise fault("names of states are expected, or a mapping of names and conditions", given)


def _coalitions(given: object) -> object:
    if given == "all" or (
        isinstance(given, list)
        and all(isinstance(c, list) and all(isinstance(p, str) for p in c) for c in given)
    ):
        return given
    raise fault("`all` is expected, or a list of coalitions: [[US, ROK], [US, China]]", given)


Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"enum": [True, False, "yes", "no"]})]
Chosen = Annotated[
    Any,
    BeforeValidator(_chosen),
    WithJsonSchema(
        {
            "description": "a condition over options, or the list of the options that are on",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        }
    ),
]
Ranking = Annotated[
    Any,
    BeforeValidator(_classes),
    WithJsonSchema(
        {
            "description": "states, the best first; an inner list is a tie",
            "type": "array",
            "items": {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
            },
        }
    ),
]
Coalitions = Annotated[
    Any,
    BeforeValidator(_coalitions),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "all"},
                {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            ]
        }
    ),
]


class _OrNames:
    """Lets a list of names stand for a mapping, in the JSON Schema."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        names = {"type": "array", "items": {"type": "string"}}
        return {"anyOf": [names, handler(core_schema)]}


class _Short(Strict):
    """A mapping for which the value of its main key may stand."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(core_schema))
        short = {"type": ["string", "array", "null"], "items": {"type": "string"}}
        return {"anyOf": [short, full]}


class OptionSpec(_Short):
    """What one player may do or leave; short form: the player."""

    player: str
    title: Text | None = None
    text: Text | None = None
    reversible: Flag = True
    only: Literal["on", "off"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"player": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_direction(self) -> OptionSpec:
        if not self.reversible and self.only == "off":
            raise fault("`reversible: no` says that it is only ever taken; `only: off` the reverse")
        return self


class StateSpec(_Short):
    """A state or a set of states with a name; short form: when it is one."""

    when: Chosen | None = None
    title: Text | None = None
    text: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"when": given} if isinstance(given, str | list | None) else given


class PreferenceSpec(Strict):
    """What a player would rather have: exactly one of the four."""

    statements: Words | None = None
    ranking: Ranking | None = None
    weights: dict[str, Number] | None = None
    payoffs: dict[str, Number] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> PreferenceSpec:
        kinds = ("statements", "ranking", "weights", "payoffs")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            what = "preferences say " + (" and ".join(given) or "nothing")
            raise fault(what, allowed=kinds, advice="Give exactly one of these.")
        return self


class ConflictSpec(Strict):
    """The body of a model of form `conflict`."""

    players: Words = Field(default_factory=list)
    options: dict[str, OptionSpec] = Field(default_factory=dict)
    infeasible: Words = Field(default_factory=list)
    merge: dict[str, StateSpec] = Field(default_factory=dict)
    start: Chosen | None = None
    states: Annotated[dict[str, StateSpec], BeforeValidator(_states), _OrNames()] = Field(
        default_factory=dict
    )
    moves: dict[str, dict[str, Words]] = Field(default_factory=dict)
    preferences: dict[str, PreferenceSpec]
    coalitions: Coalitions | None = None

    @model_validator(mode="after")
    def _options_or_graph(self) -> ConflictSpec:
        if self.options and self.moves:
            raise fault("a conflict is given by `options`, or by `states` and `moves`, not by both")
        if not self.options and not self.states:
            raise fault("a conflict needs `options`, or `states` and `moves`")
        return self


def schema() -> dict[str, Any]:
    """The JSON Schema of a conflict's own keys, for editors."""
    return ConflictSpec.model_json_schema()
