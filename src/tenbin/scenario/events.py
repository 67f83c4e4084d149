"""Outcome calls and events: the part of an expression that a solved model answers."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tenbin.errors import Place
from tenbin.scenario.language import ANY, Event, Expression, Name, OutcomeCall
from tenbin.scenario.words import (
    CLAIM_FUNCTIONS,
    MAX_DEPTH,
    NUMBER_FUNCTIONS,
    OPTION_KEYWORDS,
    Refused,
)

__all__ = [
    "CallReader",
    "event",
    "has_dotted_name",
    "is_outcome_call",
    "mixture",
    "outcome_call",
    "read_call",
    "read_mixture",
]


class CallReader(Protocol):
    """What the checker of the surrounding expression supplies."""

    def replaced_value(self, item: ast.keyword) -> Expression:
        """The number that a keyword `name=value` puts in place of `name`."""
        ...

    def place_of(self, node: ast.AST) -> Place: ...


def is_outcome_call(node: ast.expr) -> bool:
    """Whether a node of a checked tree asks for an outcome (`mix` does not by itself)."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id not in NUMBER_FUNCTIONS
        and node.func.id not in CLAIM_FUNCTIONS
        and node.func.id != "mix"
    )


def outcome_call(node: ast.expr) -> OutcomeCall:
    """The outcome that a call of a checked tree asks for."""
    remembered = getattr(node, "outcome", None)
    if not isinstance(remembered, OutcomeCall):
        raise TypeError("not an outcome call of a checked expression")
    return remembered


def mixture(node: ast.expr) -> list[tuple[OutcomeCall, ast.expr]]:
    """The pairs of a checked `mix(event, x, ...)`: the probability of each event, its number."""
    if not isinstance(node, ast.Call):
        raise TypeError("not a mix of a checked expression")
    return [
        (outcome_call(happens), value)
        for happens, value in zip(node.args[::2], node.args[1::2], strict=True)
    ]


def event(node: ast.expr) -> tuple[str, Event]:
    """The model and the event that a node names, e.g. `not burden.threat.none`."""
    return _event(node, 0)


def read_mixture(node: ast.Call, reader: CallReader) -> list[tuple[OutcomeCall, ast.expr]]:
    """The pairs of a `mix` that is being checked; refused where they are malformed."""
    if len(node.args) < 2 or len(node.args) % 2:
        raise Refused(node, "write mix(event, number, event, number, ...)")
    for happens in node.args[::2]:
        probability = ast.Call(ast.Name("P", ast.Load()), [happens], node.keywords)
        ast.copy_location(probability, happens)
        _remember(happens, read_call(probability, reader))
    return mixture(node)


def read_call(node: ast.Call, reader: CallReader) -> OutcomeCall:
    """The outcome that a call asks for, noted on its node; refused where it is malformed."""
    assert isinstance(node.func, ast.Name)
    function = node.func.id
    if not node.args:
        raise Refused(node, f"{function}(...) needs a dotted name such as model.end")
    model, first = _event(node.args[0], 0)
    arguments: list[Event | float] = [first]
    keywords = _Keywords(function, model, reader)
    for number, argument in enumerate(node.args[1:], start=2):
        value = _argument(argument, model)
        if isinstance(value, str):
            keywords.options[str(number)] = value
        else:
            arguments.append(value)
    _check_count(node, function)
    for item in node.keywords:
        keywords.add(item)
    call = OutcomeCall(
        function,
        model,
        tuple(arguments),
        keywords.given,
        keywords.policy,
        tuple(sorted(keywords.replaced.items())),
        tuple(sorted(keywords.options.items())),
        reader.place_of(node),
    )
    _remember(node, call)
    return call


def _check_count(node: ast.Call, function: str) -> None:
    expected = {"P": 1, "E": 1, "B": 2}.get(function)
    if expected is not None and len(node.args) != expected:
        shape = {"P": "P(event)", "E": "E(model.player)", "B": "B(model.move, PLAYER.type)"}
        raise Refused(node, f"write {shape[function]}; a list [a, b] means both")


def _remember(node: ast.expr, call: OutcomeCall) -> None:
    node.outcome = call  # pyright: ignore[reportAttributeAccessIssue]  a note on our own tree


@dataclass
class _Keywords:
    """What stands after the arguments of an outcome call."""

    function: str
    model: str
    reader: CallReader
    given: Event | Literal["any"] | None = None
    policy: str | None = None
    replaced: dict[str, Expression] = field(default_factory=dict)
    options: dict[str, str | float] = field(default_factory=dict)

    def add(self, item: ast.keyword) -> None:
        value = item.value
        if item.arg is None:
            raise Refused(value, "a star is not allowed in an expression")
        if item.arg == "policy":
            if not isinstance(value, ast.Name):
                raise Refused(value, "`policy=` takes the name of a policy")
            self.policy = value.id
        elif item.arg == "given":
            self.given = self._given(value)
        elif item.arg in OPTION_KEYWORDS.get(self.function, ()):
            self.options[item.arg] = self._option(value)
        else:
            self.replaced[item.arg] = self.reader.replaced_value(item)

    def _given(self, node: ast.expr) -> Event | Literal["any"]:
        if isinstance(node, ast.Name) and node.id == ANY:
            return ANY
        model, found = _event(node, 0)
        if model != self.model:
            raise Refused(node, f"the condition names model '{model}', the outcome '{self.model}'")
        return found

    def _option(self, node: ast.expr) -> str | float:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return float(node.value)
        raise Refused(node, "a name or a constant is expected here")


def _argument(node: ast.expr, model: str) -> Event | float | str:
    """An argument after the first: an event, `PLAYER.type` without its model, a number, a text."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return float(node.value)
    parts = _dotted(node)
    if parts is not None and len(parts) == 2 and parts[0] != model:
        return Event("name", (Name(parts),))
    found_model, found = _event(node, 0)
    if found_model != model:
        raise Refused(node, f"names of '{model}' and '{found_model}' in one outcome")
    return found


def _event(node: ast.expr, depth: int) -> tuple[str, Event]:
    if depth > MAX_DEPTH:
        raise Refused(node, f"the event is nested more than {MAX_DEPTH} levels deep")
    match node:
        case ast.Attribute():
            parts = _dotted(node)
            if parts is None or not 2 <= len(parts) <= 4:
                raise Refused(
                    node,
                    "an event is named model.end, model.move, model.move.action "
                    "or model.PLAYER.type",
                )
            model, *below = parts
            return model, Event("name", (Name(tuple(below)),))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            model, found = _event(operand, depth + 1)
            return model, Event("not", (found,))
        case ast.BoolOp():
            operator = "and" if isinstance(node.op, ast.And) else "or"
            return _joined(node, operator, node.values, depth)
        case ast.List() if node.elts:
            return _joined(node, "and", node.elts, depth)
        case ast.Name():
            raise Refused(
                node,
                f"'{node.id}' is not an event: write model.{node.id}",
                "Events are named model.end, model.move, model.move.action or model.PLAYER.type.",
            )
        case _:
            raise Refused(node, "an event is expected here: dotted names joined by and, or, not")


def _joined(
    node: ast.expr, operator: str, operands: list[ast.expr], depth: int
) -> tuple[str, Event]:
    found = [_event(operand, depth + 1) for operand in operands]
    models = {model for model, _ in found}
    if len(models) > 1:
        raise Refused(
            node, "one event may not join names of several models", given=", ".join(sorted(models))
        )
    if len(found) == 1:
        return found[0]
    kind = "and" if operator == "and" else "or"
    return found[0][0], Event(kind, tuple(item for _, item in found))


def has_dotted_name(node: ast.expr) -> bool:
    """Whether a node holds a name such as `model.end` anywhere."""
    return any(isinstance(item, ast.Attribute) for item in ast.walk(node))


def _dotted(node: ast.expr) -> tuple[str, ...] | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    if any(part.startswith("__") for part in parts):
        return None
    return tuple(reversed(parts))
