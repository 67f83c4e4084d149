"""What every room does with the body of a model before it knows what the body means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tenbin.errors import Place, Problem
from tenbin.scenario.language import Event, Name
from tenbin.scenario.objects import ModelEntry
from tenbin.scenario.places import spec_problems

__all__ = ["only_name", "read_body", "type_title_problems", "unknown"]

Spec = TypeVar("Spec", bound=BaseModel)


def read_body(entry: ModelEntry, spec: type[Spec]) -> tuple[Spec | None, list[Problem]]:
    """The body of a model as its form's spec, and every fault of its shape at its place."""
    try:
        return spec.model_validate(entry.body), []
    except ValidationError as error:
        return None, spec_problems(error, spec, entry.place_of, entry.key_place_of)


def unknown(place: Place, kind: str, name: str, allowed: Collection[str]) -> Problem:
    """The problem that a name stands for nothing; the nearest of `allowed` is suggested."""
    return Problem(place, f"unknown {kind} '{name}'", name, tuple(allowed))


def type_title_problems(
    entry: ModelEntry,
    titles: Mapping[str, Collection[str]],
    types: Mapping[str, Collection[str]],
) -> list[Problem]:
    """Every entry of `type_titles` that is no player with types, or no type of that player."""
    problems: list[Problem] = []
    for player, named in titles.items():
        if player not in types:
            place = entry.key_place_of("type_titles", player)
            problems.append(unknown(place, "player with types", player, types))
            continue
        for name in named:
            if name not in types[player]:
                place = entry.key_place_of("type_titles", player, name)
                problems.append(unknown(place, f"type of {player}", name, types[player]))
    return problems


def only_name(event: Event) -> Name | None:
    """The name that an event consists of; None where it joins or negates."""
    operand = event.operands[0]
    return operand if event.operator == "name" and isinstance(operand, Name) else None
