"""What may stand in the file for a tree: its shape, not yet its meaning.

Discovery and `tenbin schema` import this alone. Names, expressions and the graph of moves are
checked in `read.py`, which knows the rest of the scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, ErrorDetails

from tenbin.errors import Problem
from tenbin.forms.tree.exchange_spec import allow_import
from tenbin.forms.tree.select_spec import Refining, Selecting
from tenbin.scenario.objects import ModelEntry
from tenbin.scenario.places import Strict, spec_problems
from tenbin.scenario.spec import Number, Text, Words, fault

__all__ = ["ActionSpec", "BranchSpec", "EndSpec", "MoveSpec", "TreeSpec", "read_spec", "schema"]


def _types(given: object) -> object:
    if isinstance(given, dict) or (
        isinstance(given, list) and all(isinstance(name, str) for name in given)
    ):
        return given
    advice = "Write {high: 0.3, low: rest}, or [high, low] with `joint_types`."
    raise fault("types with their probabilities are expected, or a list of types", advice=advice)


ByType = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "a number, an expression, or a mapping by type: resolved, US.resolved, "
            "else",
            "type": ["number", "string", "object"],
        }
    ),
]
TypeTable = Annotated[
    Any,
    BeforeValidator(_types),
    WithJsonSchema(
        {
            "description": "types with their probabilities (one may be `rest`), or a list of types",
            "anyOf": [
                {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
                {"type": "array", "items": {"type": "string"}},
            ],
        }
    ),
]


class _Step(Strict):
    """An action or a branch, for which one value may stand."""

    sets: dict[str, Number] = Field(default_factory=dict, alias="set")
    title: Text | None = None
    text: Text | None = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [{"type": ["string", "number"]}, full]}


class ActionSpec(_Step):
    """What a player may do at a move; short form: the move or end it leads to."""

    to: str
    only_if: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"to": given} if isinstance(given, str) else given


class BranchSpec(_Step):
    """One branch of a chance move; short form: its probability (then the move says `to`)."""

    p: Number
    to: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"p": given} if isinstance(given, int | float | str) else given


class MoveSpec(Strict):
    """A point where a player (`player`, `actions`) or chance (`chance`, `to`) acts."""

    player: str | None = None
    actions: dict[str, ActionSpec] = Field(default_factory=dict)
    chance: dict[str, BranchSpec] = Field(default_factory=dict)
    to: str | None = None
    hidden_from: Words = Field(default_factory=list)
    revealed_at: Words = Field(default_factory=list)
    title: Text | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> MoveSpec:
        if self.chance and (self.player is not None or self.actions):
            raise fault("a move is a player's (`player`, `actions`) or chance's (`chance`)")
        if not self.chance and self.player is None:
            raise fault("a move needs `player` and `actions`, or `chance` with its branches")
        if not self.chance and not self.actions:
            raise fault("a player's move needs at least one action")
        if self.to is not None and not self.chance:
            raise fault("`to` belongs to chance moves; each action has its own")
        return self


class EndSpec(Strict):
    """Where play stops: a payoff for every player, by the player's name, and measures."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ByType]  # pyright: ignore[reportIncompatibleVariableOverride]  narrowed, as pydantic documents

    measures: dict[str, ByType] = Field(default_factory=dict)
    title: Text | None = None
    text: Text | None = None


class TreeSpec(Strict):
    """The body of a model of form `tree`."""

    players: Words = Field(default_factory=list)
    types: dict[str, TypeTable] = Field(default_factory=dict)
    type_titles: dict[str, dict[str, Text]] = Field(default_factory=dict)
    joint_types: list[dict[str, Number]] = Field(default_factory=list)
    values: dict[str, Number] = Field(default_factory=dict)
    type_values: dict[str, dict[str, dict[str, Number]]] = Field(default_factory=dict)
    start: str
    moves: dict[str, MoveSpec]
    ends: dict[str, EndSpec]
    select: Selecting = "principal"
    refine: Refining = Field(default_factory=list)


def schema() -> dict[str, Any]:
    """The JSON Schema of a tree's own keys, for editors."""
    return allow_import(TreeSpec.model_json_schema())


def read_spec(entry: ModelEntry) -> tuple[TreeSpec | None, list[Problem]]:
    """The body of a model, and every fault of its shape at its place.

    None where the rest cannot be read without what is faulty.
    """
    try:
        return TreeSpec.model_validate(entry.body), []
    except ValidationError as error:
        problems = spec_problems(error, TreeSpec, entry.place_of, entry.key_place_of)
        dispensable = [fault["loc"] for fault in error.errors() if _is_dispensable(fault)]
        if len(dispensable) < error.error_count():
            return None, problems
    try:
        return TreeSpec.model_validate(_without(entry.body, dispensable)), problems
    except ValidationError:
        return None, problems  # what is left is no game: the faults found say why


def _is_dispensable(fault: ErrorDetails) -> bool:
    """Whether the rest can be read, and checked, without the faulty value."""
    path = fault["loc"]
    optional = ("title", "text", "only_if", "hidden_from", "revealed_at")
    is_optional = path[-1] in optional or path[0] == "type_titles" or path[-2:-1] == ("set",)
    return fault["type"] == "extra_forbidden" or is_optional


def _without(body: Any, paths: Sequence[tuple[int | str, ...]]) -> Any:
    """A copy of plain data without the values at some paths."""
    kept = deepcopy(body)
    for path in paths:
        parent = kept
        for step in path[:-1]:
            parent = parent[step]
        del parent[path[-1]]
    return kept
