"""Faults that pydantic finds, as problems with their place and the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from tenbin.errors import Place, Problem

__all__ = ["Strict", "spec_problems"]

Locate = Callable[..., Place]


class Strict(BaseModel):
    """A mapping of the file: what is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def spec_problems(
    error: ValidationError, spec: type[BaseModel], place_of: Locate, key_place_of: Locate
) -> list[Problem]:
    """Every fault of a validation, in the order of the file.

    Parameters
    ----------
    error
        What pydantic raised.
    spec
        The class that was validated; its fields are what is allowed.
    place_of, key_place_of
        The place of the value, and of the key, at a path of keys and positions.
    """
    problems = [_problem(fault, spec, place_of, key_place_of) for fault in error.errors()]
    return sorted(problems, key=lambda problem: (problem.place.file, problem.place.line))


def _problem(fault: Any, spec: type[BaseModel], place_of: Locate, key_place_of: Locate) -> Problem:
    path: tuple[str | int, ...] = tuple(step for step in fault["loc"] if step != "[key]")
    kind: str = fault["type"]
    name = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        allowed = _allowed_keys(spec, path[:-1])
        cut = not name.replace("-", "_").isidentifier()
        advice = "Put quotes around an expression that holds a comma." if cut else ""
        return Problem(key_place_of(*path), f"unknown key '{name}'", name, allowed, advice)
    if kind == "missing":
        parent = f" in '{path[-2]}'" if len(path) > 1 else ""
        return Problem(place_of(*path[:-1]), f"'{name}' is missing{parent}")
    if kind == "tenbin":
        context: dict[str, Any] = fault.get("ctx", {})
        place = key_place_of(*path) if context.get("at_key") else place_of(*path)
        return Problem(
            place,
            fault["msg"],
            str(context.get("given", "")),
            tuple(context.get("allowed", ())),
            str(context.get("advice", "")),
        )
    if kind == "literal_error":
        allowed = tuple(_literal_values(spec, path))
        given = _shown(fault["input"])
        return Problem(place_of(*path), f"'{name}' cannot be {given}", given, allowed)
    expected = _EXPECTED.get(kind, fault["msg"][:1].lower() + fault["msg"][1:])
    what = f"'{name}': {expected}" if name and not isinstance(path[-1], int) else expected
    return Problem(place_of(*path), f"{what}, not {_shown(fault['input'])}")


_EXPECTED = {
    "model_type": "a mapping is expected",
    "dict_type": "a mapping is expected",
    "list_type": "a list is expected",
    "tuple_type": "a list is expected",
    "string_type": "a text is expected",
    "int_type": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "float_type": "a number is expected",
    "bool_type": "true or false is expected",
}


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _allowed_keys(spec: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """The fields of the class that validated the mapping at a path."""
    found: list[str] = []
    for annotation in _annotations_at(spec, path):
        for item in _classes(annotation):
            found += [field.alias or name for name, field in item.model_fields.items()]
    return tuple(dict.fromkeys(found))


def _literal_values(spec: type[BaseModel], path: Sequence[str | int]) -> Iterator[str]:
    for annotation in _annotations_at(spec, path):
        for item in _members(annotation):
            if item is not type(None) and not isinstance(item, type) and not get_origin(item):
                yield str(item)


def _annotations_at(spec: type[BaseModel], path: Sequence[str | int]) -> list[Any]:
    found: list[Any] = [spec]
    for step in path:
        below = [item for annotation in found for item in _below(annotation, step)]
        found = below or found  # a step that is no key names the branch of a union
    return found


def _below(annotation: Any, step: str | int) -> Iterator[Any]:
    for item in _unwrapped(annotation):
        origin = get_origin(item)
        if isinstance(item, type) and issubclass(item, BaseModel):
            for name, field in item.model_fields.items():
                if step in (name, field.alias):
                    yield field.annotation
        elif origin is dict:
            yield get_args(item)[1]
        elif origin in (list, tuple, Sequence) and isinstance(step, int):
            yield get_args(item)[0]


def _unwrapped(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _unwrapped(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for item in get_args(annotation):
            yield from _unwrapped(item)
    else:
        yield annotation


def _classes(annotation: Any) -> Iterator[type[BaseModel]]:
    for item in _unwrapped(annotation):
        if isinstance(item, type) and issubclass(item, BaseModel):
            yield item


def _members(annotation: Any) -> Iterator[Any]:
    for item in _unwrapped(annotation):
        yield from get_args(item)
