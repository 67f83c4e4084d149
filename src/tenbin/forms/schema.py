"""The JSON Schemas of all forms: what may stand in a model's own keys."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tenbin.forms import find_rooms

__all__ = ["form_schemas"]


def form_schemas() -> dict[str, dict[str, Any]]:
    """The schema of each form by its name; imports the rooms' `spec` alone."""
    return {name: import_module(f"tenbin.forms.{name}.spec").schema() for name in find_rooms()}
