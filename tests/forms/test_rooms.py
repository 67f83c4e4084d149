"""What holds of every room: its furniture, its languages, and that it knows no other room."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

import tenbin.forms
from tenbin.figures.words import LANGUAGES, read_words
from tenbin.forms import find_rooms, room
from tenbin.forms.contract import Room
from tenbin.forms.furniture import FurnishedRoom, Furniture
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


@pytest.mark.parametrize("piece", [item.name for item in fields(Furniture)])
@pytest.mark.parametrize("name", ROOMS)
def test_furniture_stands_where_the_room_says(name: str, piece: str) -> None:
    found = room(name)
    assert isinstance(found, FurnishedRoom)
    place = getattr(found.furniture, piece)
    if place is None:
        assert piece == "unit_shift"
        assert not found.unit_concepts
        return
    module, function = place.rsplit(".", 1)
    target = getattr(import_module(f"tenbin.forms.{name}.{module}"), function)
    takes = [item for item in inspect.signature(getattr(Room, piece)).parameters if item != "self"]
    inspect.signature(target).bind(*takes)


def test_finding_and_reaching_rooms_loads_no_array_engine() -> None:
    lines = (
        "import sys; from tenbin.forms import find_rooms, room",
        "names = find_rooms()",
        "print(*[m for m in sys.modules if m.startswith('tenbin.forms.')])",
        "[room(name) for name in names]",
        "print(*{m.partition('.')[0] for m in sys.modules} & {'numba', 'pyarrow', 'vl_convert'})",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


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
