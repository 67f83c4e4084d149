"""Numbers computed from checked expressions over arrays of worlds; the tree is only walked.

`if`, `and`, `or`, `not` and comparisons mean *where*: both branches are computed in all worlds, and
each world takes its own. A comparison is 1.0 where true, 0.0 where false and NaN where either side
is NaN, so that an undefined number is never taken for a false one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np

from tenbin.errors import NOWHERE, Place, Problem
from tenbin.scenario.events import event, is_outcome_call, mixture, outcome_call
from tenbin.scenario.grammar import parse_expression, written_text
from tenbin.scenario.language import Array, Expression, Numbers, OutcomeCall
from tenbin.scenario.words import RESERVED, name_fault, place_of_node

__all__ = [
    "MIXTURE_TOLERANCE",
    "RESERVED",
    "all_names",
    "evaluate",
    "evaluate_tree",
    "event",
    "fact_ids",
    "is_outcome_call",
    "mixture",
    "name_fault",
    "named_policies",
    "outcome_call",
    "parse_expression",
    "unknown_names",
]

MIXTURE_TOLERANCE = 1e-6
"""How far the probabilities of a mix may sum from one before it is undefined."""

Value = float | Array
Outcomes = Mapping[OutcomeCall, Array]

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_CALLS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}


def evaluate(expression: Expression, numbers: Numbers, outcomes: Outcomes | None = None) -> Value:
    """The number that an expression is in every world; NaN or infinite where it is undefined.

    Parameters
    ----------
    expression
        A number (not a claim's proposition, which `judge` reads).
    numbers
        Values of the names it reads, floats or arrays [W].
    outcomes
        Values of the outcome calls it makes, arrays [W].

    Returns
    -------
    A float where it reads only floats, else an array [W].

    Raises
    ------
    KeyError
        If a number or an outcome it reads is not supplied.
    """
    return evaluate_tree(expression.tree, numbers, outcomes)


def evaluate_tree(tree: ast.expr, numbers: Numbers, outcomes: Outcomes | None = None) -> Value:
    """As `evaluate`, for a node inside a checked tree (a side of a claim's comparison)."""
    with np.errstate(all="ignore"):
        value = _value(tree, numbers, outcomes or {})
    return float(value) if np.ndim(value) == 0 else value


def _value(node: ast.expr, numbers: Numbers, outcomes: Outcomes) -> Any:
    match node:
        case ast.Constant():
            return np.float64(node.value)  # pyright: ignore[reportArgumentType]  checked: a float
        case ast.Name():
            return np.asarray(numbers[node.id], dtype=np.float64)[()]
        case ast.BinOp():
            left = _value(node.left, numbers, outcomes)
            right = _value(node.right, numbers, outcomes)
            return _BINARY[type(node.op)](left, right)
        case ast.UnaryOp():
            return _unary(node, numbers, outcomes)
        case ast.Compare():
            return _comparison(node, numbers, outcomes)
        case ast.BoolOp():
            values = [_truth(_value(item, numbers, outcomes)) for item in node.values]
            # Truths are 0, 1 or NaN: a false part decides `and`, a true part decides `or`.
            return reduce(_and if isinstance(node.op, ast.And) else _or, values)
        case ast.IfExp():
            return _where(node.test, node.body, node.orelse, numbers, outcomes)
        case ast.Call():
            return _call(node, numbers, outcomes)
        case _:
            raise TypeError(f"not a node of a checked number: {ast.dump(node)[:60]}")


def _unary(node: ast.UnaryOp, numbers: Numbers, outcomes: Outcomes) -> Any:
    operand = _value(node.operand, numbers, outcomes)
    if isinstance(node.op, ast.Not):
        return 1.0 - _truth(operand)
    return np.negative(operand) if isinstance(node.op, ast.USub) else operand


def _truth(value: Any) -> Any:
    """1 where true (not zero), 0 where false, NaN where undefined."""
    return np.where(np.isnan(value), np.nan, np.not_equal(value, 0.0))[()]


def _and(left: Any, right: Any) -> Any:
    return np.where((left == 0.0) | (right == 0.0), 0.0, left + right - 1.0)[()]


def _or(left: Any, right: Any) -> Any:
    return np.where((left == 1.0) | (right == 1.0), 1.0, left + right)[()]


def _comparison(node: ast.Compare, numbers: Numbers, outcomes: Outcomes) -> Any:
    left = _value(node.left, numbers, outcomes)
    truths: list[Any] = []
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, numbers, outcomes)
        undefined = np.isnan(left) | np.isnan(right)
        truths.append(np.where(undefined, np.nan, _COMPARE[type(operator)](left, right))[()])
        left = right
    return reduce(_and, truths)


def _where(
    test: ast.expr, body: ast.expr, otherwise: ast.expr, numbers: Numbers, outcomes: Outcomes
) -> Any:
    truth = _truth(_value(test, numbers, outcomes))
    yes = _value(body, numbers, outcomes)
    no = _value(otherwise, numbers, outcomes)
    return np.where(np.isnan(truth), np.nan, np.where(truth == 1.0, yes, no))[()]


def _call(node: ast.Call, numbers: Numbers, outcomes: Outcomes) -> Any:
    assert isinstance(node.func, ast.Name)
    function = node.func.id
    if is_outcome_call(node):
        return np.asarray(outcomes[outcome_call(node)], dtype=np.float64)
    if function == "mix":
        return _mix(node, numbers, outcomes)
    if function == "where":
        test, body, otherwise = node.args
        return _where(test, body, otherwise, numbers, outcomes)
    values = [_value(argument, numbers, outcomes) for argument in node.args]
    if function in ("min", "max"):
        return reduce(np.minimum if function == "min" else np.maximum, values)
    return _CALLS[function](*values)


def _mix(node: ast.Call, numbers: Numbers, outcomes: Outcomes) -> Any:
    """The mean over events that exclude one another; NaN where they do not sum to one."""
    total, mean = np.float64(0.0), np.float64(0.0)
    for happens, value in mixture(node):
        probability = np.asarray(outcomes[happens], dtype=np.float64)
        total = total + probability
        # An event of probability zero contributes nothing, even where its number is undefined.
        term = probability * _value(value, numbers, outcomes)
        mean = mean + np.where(probability == 0.0, 0.0, term)
    return np.where(np.abs(total - 1.0) <= MIXTURE_TOLERANCE, mean, np.nan)[()]


def _named_nodes(expression: Expression) -> Iterator[tuple[str, Place]]:
    """Every number an expression reads, inside its outcome calls too, with its place."""
    text = written_text(expression)
    skipped: set[int] = set()
    for node in ast.walk(expression.tree):
        if id(node) in skipped:
            skipped.update(id(child) for child in ast.iter_child_nodes(node))
        elif isinstance(node, ast.Call):
            skipped.update(_not_numbers(node))
        elif isinstance(node, ast.Name):
            yield node.id, place_of_node(node, expression.place, text)


def _not_numbers(node: ast.Call) -> set[int]:
    """Nodes directly below a call that name functions, events, types or policies."""
    assert isinstance(node.func, ast.Name)
    found: set[int] = {id(node.func)}
    if is_outcome_call(node):
        found.update(map(id, node.args))
        found.update(id(item.value) for item in node.keywords if item.arg not in _replaced(node))
    elif node.func.id == "mix":
        found.update(map(id, node.args[::2]))
        found.update(id(item.value) for item in node.keywords if item.arg in ("policy", "given"))
    elif node.func.id in ("best", "dominated"):
        found.update(map(id, node.args))
        found.update(id(item.value) for item in node.keywords)
    return found


def _replaced(node: ast.Call) -> set[str]:
    return {name for name, _ in outcome_call(node).replaced}


def all_names(expression: Expression) -> frozenset[str]:
    """Every number that an expression reads, also in the replaced numbers of its outcome calls."""
    within = (value.names for call in expression.calls for _, value in call.replaced)
    return expression.names.union(*within)


def unknown_names(
    expression: Expression, known: Collection[str], kind: str = "number"
) -> list[Problem]:
    """A problem, with the nearest name, for every number it reads but nobody defines.

    `known` is asked about every name: a set, where there are many.
    """
    if all(name in known for name in all_names(expression)):
        return []
    return [
        Problem(place, f"unknown {kind} '{name}'", given=name, allowed=tuple(sorted(known)))
        for name, place in _named_nodes(expression)
        if name not in known
    ]


def fact_ids(expression: Expression) -> list[tuple[str, Place]]:
    """The rows of the fact table that a claim reads, each with its place."""
    return [
        (str(node.args[0].value), place_of_node(node, expression.place, written_text(expression)))
        for node in ast.walk(expression.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "fact"
        and isinstance(node.args[0], ast.Constant)
    ]


def named_policies(expression: Expression) -> list[tuple[str, Place]]:
    """The policies that an expression names, in `policy=` and in `best` and `dominated`."""
    found = [(call.policy, call.place) for call in expression.calls if call.policy is not None]
    text = written_text(expression) or ""
    for node in ast.walk(expression.tree):
        match node:
            case ast.Call(func=ast.Name(id=("best" | "dominated")), args=[ast.Name(id=policy)]):
                found.append((policy, place_of_node(node, expression.place or NOWHERE, text)))
            case _:
                pass
    return found
