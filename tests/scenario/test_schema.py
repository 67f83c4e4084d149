"""The published JSON Schema: draft 7, and every scenario that ships meets it."""

from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tenbin.forms.schema import form_schemas
from tenbin.scenario.schema import scenario_schema
from tenbin.scenario.source import read_yaml

LIBRARY = Path(str(files("tenbin.library")))
FILES = sorted(path for path in LIBRARY.rglob("*.yaml") if path.parent.name != "texts")


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft7Validator(scenario_schema(form_schemas()))


def test_schema_is_draft_7(validator):
    jsonschema.Draft7Validator.check_schema(validator.schema)

    assert "$defs" not in str(validator.schema)
    assert "prefixItems" not in str(validator.schema)


def test_every_reference_of_the_schema_leads_somewhere(validator):
    def references(value):
        if isinstance(value, dict):
            yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            for item in value.values():
                yield from references(item)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    names = {f"#/definitions/{name}" for name in validator.schema["definitions"]}
    assert set(references(validator.schema)) <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_scenario_meets_the_schema(validator, path):
    node, problems = read_yaml(path.read_bytes(), path.name)

    assert problems == []
    assert [error.message for error in validator.iter_errors(node.plain())] == []


@pytest.mark.parametrize(
    "data",
    [
        {"players": {"A": {"titel": "x"}}},
        {"uncertainties": {"u": "one to two"}},
        {"levers": {"x": {"default": 0}}},
        {"models": {"m": {}}},
        {"models": {"m": {"form": "nothing"}}},
        {"models": {"m": {"form": "tree", "start": "a", "moves": {}, "ends": {}, "extra": 1}}},
        {"claims": {"C": {"holds": "P(m.a) < 1"}}},
        {"unknown": 1},
    ],
)
def test_schema_refuses_what_the_reader_refuses(validator, data):
    assert not validator.is_valid({"tenbin": 1, "title": "t", **data})
