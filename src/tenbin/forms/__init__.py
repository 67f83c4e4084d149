"""Rooms, one per kind of game; discovered by folder, never listed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenbin.forms.contract import Room

__all__ = ["find_rooms", "room"]


@cache
def find_rooms() -> tuple[str, ...]:
    """The names of all forms, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if module.ispkg))


@cache
def room(name: str) -> Room:
    """The room of a form; `name` must be one of `find_rooms()`."""
    return import_module(f"tenbin.forms.{name}.room").ROOM
