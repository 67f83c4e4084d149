"""What holds of every room: its furniture, its languages, and that it knows no other room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tenbin.forms
from tenbin.figures.words import LANGUAGES, read_words
from tenbin.forms import find_rooms, room
from tenbin.forms.schema import form_schemas

FORMS = Path(tenbin.forms.__file__).parent
FURNITURE = ("spec.py", "room.py", "outcomes.py", "certify.py", "draw.py")
ROOMS = find_rooms()


@pytest.mark.parametrize("name", ROOMS)
def test_room_has_its_furniture(name: str) -> None:
    present = {path.name for path in (FORMS / name).iterdir()}
    assert set(FURNITURE) <= present
    assert {"solve.py", "solvers"} & present
    assert room(name).name == name
    assert room(name).concepts


@pytest.mark.parametrize("name", ROOMS)
def test_room_imports_no_other_room(name: str) -> None:
    for path in (FORMS / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tenbin.forms."):
                parts = (node.module or "").split(".")
                assert parts[2] in (name, *(p.stem for p in FORMS.glob("*.py"))), path


@pytest.mark.parametrize("name", ROOMS)
def test_room_speaks_every_language(name: str) -> None:
    english = set(read_words(f"tenbin.forms.{name}", "en").catalogue.messages)
    wanted = {("form", 0), *((f"concept.{concept}", 0) for concept in room(name).concepts)}
    assert wanted <= english
    for language in LANGUAGES:
        known = read_words(f"tenbin.forms.{name}", language).catalogue.messages
        assert {key for key, _ in known} == {key for key, _ in english}, language


def test_schemas_are_there_for_every_room() -> None:
    assert set(form_schemas()) == set(ROOMS)
