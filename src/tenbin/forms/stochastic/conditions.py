"""Conditions over names and counters: read once, checked, and looked up in every state.

A condition joins by `and`, `or`, `not` what is so (`US.talk`, `DPRK.staller`, a state's name) and
comparisons of whole numbers made of counters. It is parsed with Python's grammar and walked, never
executed. Nothing in it depends on a world, for nothing in a structure does.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from tenbin.errors import Place, Problem
from tenbin.scenario.words import MAX_DEPTH, MAX_LENGTH, Refused, place_of_node

__all__ = ["ALWAYS", "Atom", "Condition", "Whole", "read_condition", "read_whole"]

Atom = tuple[str, ...]
"""What is so or not: `("US", "talk")`, or `("dialogue",)` for a state."""

_COMPARISONS: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_CONDITION = "A condition joins names such as US.talk and comparisons such as arsenal < 3."
_WHOLE = "Write a whole number, or counters joined by + - *."


@dataclass(frozen=True)
class Condition:
    """A checked condition; `atoms` and `counters` are the names in it, with their places."""

    tree: ast.expr | None
    atoms: tuple[tuple[Atom, Place], ...] = ()
    counters: tuple[tuple[str, Place], ...] = ()

    def holds(self, so: Collection[Atom], counters: Mapping[str, int]) -> bool:
        """Whether it holds where the atoms `so` are so and the counters stand as given."""
        return self.tree is None or _holds(self.tree, so, counters)


ALWAYS = Condition(None)
"""The condition of a rule that has none."""


@dataclass(frozen=True)
class Whole:
    """A whole number made of counters."""

    tree: ast.expr
    counters: tuple[tuple[str, Place], ...] = ()

    def value(self, counters: Mapping[str, int]) -> int:
        """The number where the counters stand as given."""
        return _number(self.tree, counters)


def read_condition(text: str, place: Place) -> tuple[Condition, list[Problem]]:
    """The condition in a text; one that always holds stands in for a faulty one."""
    text = text.strip()
    try:
        tree = _parsed(text)
        _check_condition(tree, 0)
    except Refused as refusal:
        return ALWAYS, [_problem(refusal, place, text)]
    counters = tuple((name.id, place_of_node(name, place, text)) for name in _counters(tree))
    atoms = tuple((atom, place_of_node(node, place, text)) for atom, node in _atoms(tree))
    return Condition(tree, atoms, counters), []


def read_whole(given: object, place: Place) -> tuple[Whole, list[Problem]]:
    """The whole number that a value of the file stands for; zero stands in for a faulty one."""
    zero = Whole(ast.Constant(0))
    if isinstance(given, bool) or not isinstance(given, int | str):
        return zero, [Problem(place, f"{_WHOLE[:-1].lower()}, not {given}", str(given))]
    try:
        tree = _parsed(str(given))
        _check_number(tree, 0)
    except Refused as refusal:
        return zero, [_problem(refusal, place, str(given))]
    names = tuple((node.id, place_of_node(node, place, str(given))) for node in _names(tree))
    return Whole(tree, names), []


def _problem(refusal: Refused, place: Place, text: str) -> Problem:
    where = place_of_node(refusal.node, place, text)
    return Problem(where, refusal.what, refusal.given, refusal.allowed, refusal.advice)


def _parsed(text: str) -> ast.expr:
    start = ast.Constant(0, lineno=1, col_offset=0)
    if len(text) > MAX_LENGTH:
        raise Refused(start, f"at most {MAX_LENGTH} characters are allowed here, not {len(text)}")
    try:
        return ast.parse(" ".join(text.splitlines()).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refused(start, f"'{text}' cannot be read", _CONDITION, text) from None


def _check_condition(node: ast.expr, depth: int) -> None:
    _check_depth(node, depth)
    match node:
        case ast.BoolOp():
            for value in node.values:
                _check_condition(value, depth + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check_condition(operand, depth + 1)
        case ast.Compare():
            for op in node.ops:
                if type(op) not in _COMPARISONS:
                    raise Refused(node, "only < <= > >= == != compare counters", _CONDITION)
            for side in (node.left, *node.comparators):
                _check_number(side, depth + 1)
        case ast.Attribute(value=ast.Name()) | ast.Name():
            pass
        case _:
            raise Refused(node, "this cannot stand in a condition", _CONDITION)


def _check_number(node: ast.expr, depth: int) -> None:
    _check_depth(node, depth)
    match node:
        case ast.Constant(value=bool()):
            raise Refused(node, f"`{node.value}` is no whole number", _WHOLE)
        case ast.Constant(value=int()) | ast.Name():
            pass
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check_number(operand, depth + 1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            _check_number(left, depth + 1)
            _check_number(right, depth + 1)
        case _:
            raise Refused(node, "this is no whole number made of counters", _WHOLE)


def _check_depth(node: ast.expr, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Refused(node, f"this is nested more than {MAX_DEPTH} levels deep")


def _atoms(node: ast.expr) -> Iterator[tuple[Atom, ast.expr]]:
    match node:
        case ast.BoolOp():
            for value in node.values:
                yield from _atoms(value)
        case ast.UnaryOp():
            yield from _atoms(node.operand)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            yield (owner, name), node
        case ast.Name(id=name):
            yield (name,), node
        case _:
            pass


def _counters(node: ast.expr) -> Iterator[ast.Name]:
    for item in ast.walk(node):
        if isinstance(item, ast.Compare):
            yield from _names(item)


def _names(node: ast.expr) -> Iterator[ast.Name]:
    return (item for item in ast.walk(node) if isinstance(item, ast.Name))


def _holds(node: ast.expr, so: Collection[Atom], counters: Mapping[str, int]) -> bool:
    match node:
        case ast.BoolOp(op=ast.And()):
            return all(_holds(value, so, counters) for value in node.values)
        case ast.BoolOp():
            return any(_holds(value, so, counters) for value in node.values)
        case ast.UnaryOp():
            return not _holds(node.operand, so, counters)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return (owner, name) in so
        case ast.Name(id=name):
            return (name,) in so
        case ast.Compare():
            return _compared(node, counters)
        case _:
            raise TypeError("not a node of a checked condition")


def _compared(node: ast.Compare, counters: Mapping[str, int]) -> bool:
    values = [_number(side, counters) for side in (node.left, *node.comparators)]
    return all(
        _COMPARISONS[type(op)](left, right)
        for left, op, right in zip(values, node.ops, values[1:], strict=False)
    )


def _number(node: ast.expr, counters: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name):
            return counters[name]
        case ast.UnaryOp(op=op, operand=operand):
            value = _number(operand, counters)
            return -value if isinstance(op, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _number(left, counters), _number(right, counters)
            if isinstance(op, ast.Add):
                return one + other
            return one - other if isinstance(op, ast.Sub) else one * other
        case _:
            raise TypeError("not a node of a checked whole number")
