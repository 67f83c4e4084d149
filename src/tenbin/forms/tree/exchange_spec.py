"""What may stand in the file for a tree that is imported: `import`, and what is put over it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema

from tenbin.forms.tree.select_spec import Refining, Selecting
from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, Text

__all__ = ["ImportSpec", "PricedSpec", "allow_import"]

Amount = Annotated[Number, WithJsonSchema({"type": ["number", "string"]})]


class PricedSpec(Strict):
    """What an outcome of the file pays here: numbers by player, and measures."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Amount]  # pyright: ignore[reportIncompatibleVariableOverride]  narrowed, as pydantic documents

    measures: dict[str, Amount] = Field(default_factory=dict)
    title: Text | None = None


class ImportSpec(Strict):
    """The body of a model of form `tree` that another tool's file gives."""

    imported: str = Field(alias="import")
    players: dict[str, str] = Field(default_factory=dict)
    payoffs: dict[str, PricedSpec] = Field(default_factory=dict)
    chance: dict[str, dict[str, Amount]] = Field(default_factory=dict)
    select: Selecting = "principal"
    refine: Refining = Field(default_factory=list)


def allow_import(schema: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a tree's own keys, in which a model may also be imported."""
    other = ImportSpec.model_json_schema(by_alias=True)
    own = {**schema["properties"], **other["properties"]}
    own["players"] = {"anyOf": [schema["properties"]["players"], other["properties"]["players"]]}
    kept = {key: value for key, value in schema.items() if key != "required"}
    return {
        **kept,
        "$defs": {**schema.get("$defs", {}), **other.get("$defs", {})},
        "properties": own,
        "anyOf": [{"required": schema["required"]}, {"required": other["required"]}],
    }
