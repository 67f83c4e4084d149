"""The JSON Schema of the file, generated from the classes that check it.

Editors understand draft 7, pydantic writes 2020-12: what differs is rewritten here.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tenbin.scenario.spec import ModelSpec, ScenarioSpec

__all__ = ["scenario_schema"]

DRAFT = "http://json-schema.org/draft-07/schema#"


def scenario_schema(form_schemas: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The schema of a scenario file, draft 7.

    Parameters
    ----------
    form_schemas
        By form, the schema of what a model of that form has beside the common keys, as pydantic
        writes it (`$defs`).
    """
    schema = ScenarioSpec.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = schema.pop("$defs")
    for form, given in form_schemas.items():
        definitions |= _form_definitions(form, given)
    definitions["ModelSpec"] = _model_schema(tuple(form_schemas))
    _allow_parts(schema)
    return {
        "$schema": DRAFT,
        "title": "tenbin scenario",
        **_as_draft_7({key: value for key, value in schema.items() if key != "title"}),
        "definitions": _as_draft_7(definitions),
    }


def _model_schema(forms: tuple[str, ...]) -> dict[str, Any]:
    """A model: its form decides which of the closed schemas it must meet."""
    return {
        "type": "object",
        "required": ["form"],
        "properties": {"form": {"enum": list(forms)}},
        "allOf": [
            {
                "if": {"properties": {"form": {"const": form}}},
                "then": {"$ref": f"#/definitions/{form}"},
            }
            for form in forms
        ],
    }


def _form_definitions(form: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A form's own definitions, under names no other form has, and its model as `form`."""
    schema = deepcopy(dict(given))
    inner = {**schema.pop("$defs", {}), **schema.pop("definitions", {})}
    common = ModelSpec.model_json_schema(by_alias=True)
    properties = {**common["properties"], **schema.get("properties", {})}
    properties["form"] = {"const": form}
    schema["properties"] = properties
    schema["required"] = sorted({"form", *schema.get("required", ())})
    schema["additionalProperties"] = False
    found = {f"{form}.{name}": definition for name, definition in inner.items()}
    found[form] = schema
    return {name: _with_prefix(definition, form) for name, definition in found.items()}


def _with_prefix(value: Any, form: str) -> Any:
    if isinstance(value, dict):
        renamed = {key: _with_prefix(item, form) for key, item in value.items()}
        reference = renamed.get("$ref")
        if isinstance(reference, str):
            renamed["$ref"] = f"#/definitions/{form}." + reference.rsplit("/", 1)[-1]
        return renamed
    return [_with_prefix(item, form) for item in value] if isinstance(value, list) else value


def _allow_parts(schema: dict[str, Any]) -> None:
    """An included file holds some of the sections, so nothing is required of every file."""
    schema.pop("required", None)


def _as_draft_7(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_draft_7(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _as_draft_7(item) for key, item in value.items()}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace("#/$defs/", "#/definitions/")
    if isinstance(found.get("prefixItems"), list):
        found["items"] = found.pop("prefixItems")
        found["additionalItems"] = False
    return found
