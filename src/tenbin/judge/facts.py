"""Claims judged on the fact table: true over all bounds of the rows, over none, or over part.

The rows' bounds span a box. Interval arithmetic decides whole boxes, boxes it cannot decide are
halved, and corners and middles are tried as points; so no assumption is made about the shape of
the proposition.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

__all__ = ["FactRow", "because_word", "fact_bounds", "fact_rows_named", "fact_word", "is_known"]

Interval = tuple[float, float]
Box = Mapping[str, Interval]

RELATIVE_TOLERANCE = 1e-6
_TRUE, _UNKNOWN, _FALSE = 1, 0, -1
_MAX_CORNER_ROWS = 8
_MAX_BOXES = 2000
_EVERYTHING: Interval = (-math.inf, math.inf)


class FactRow(Protocol):
    """What is read of a row of the fact table."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def verified(self) -> bool: ...


def fact_bounds(row: FactRow) -> Interval | None:
    """The row's bounds, its value where it has none; None where it holds no number."""
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    if low is None or high is None:
        return None
    return (low, high)


def is_known(row: FactRow | None) -> bool:
    """Whether a row is there and verified."""
    return row is not None and row.verified


def fact_rows_named(tree: ast.expr) -> tuple[str, ...]:
    """The rows that a proposition reads with `fact('ID')`, in reading order, each once."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="fact"), args=[ast.Constant(value=row)]):
                found[str(row)] = None
            case _:
                pass
    return tuple(found)


def because_word(word: str, rows: Sequence[str], facts: Mapping[str, FactRow]) -> str:
    """The word an analyst gave, or `unverified` where a row is missing or unverified."""
    if not rows or not all(is_known(facts.get(row)) for row in rows):
        return "unverified"
    return word


def fact_word(tree: ast.expr, facts: Mapping[str, FactRow], numbers: Mapping[str, float]) -> str:
    """`supported`, `contradicted`, `partly` or `unverified` for a proposition over fact rows.

    Parameters
    ----------
    tree
        The proposition: fact rows, names of `numbers` and literals.
    facts
        The fact table by row.
    numbers
        Constants, and derived numbers made of constants.

    Returns
    -------
    `unverified` also where the proposition has no value at some point of the bounds.
    """
    bounds: dict[str, Interval] = {}
    for name in fact_rows_named(tree):
        row = facts.get(name)
        interval = fact_bounds(row) if row is not None and row.verified else None
        if interval is None:
            return "unverified"
        bounds[name] = interval
    seen = _truths_over(tree, bounds, numbers)
    if _UNKNOWN in seen:
        return "unverified"
    if seen == {_TRUE}:
        return "supported"
    return "contradicted" if seen == {_FALSE} else "partly"


def _truths_over(tree: ast.expr, bounds: Box, numbers: Mapping[str, float]) -> set[int]:
    """Every truth value the proposition takes within the bounds."""
    seen = {_truth(tree, _Reading(point, numbers)) for point in _corners(bounds)}
    boxes: list[Box] = [bounds]
    looked_at = 0
    while boxes and seen < {_TRUE, _FALSE}:
        box = boxes.pop(0)
        looked_at += 1
        truth = _truth(tree, _Reading(box, numbers))
        if truth != _UNKNOWN:
            seen.add(truth)
            continue
        seen.add(_truth(tree, _Reading(_middle(box), numbers)))
        if looked_at + len(boxes) < _MAX_BOXES and _widest(box) is not None:
            boxes.extend(_halves(box))
    return seen


def _corners(bounds: Box) -> list[Box]:
    if len(bounds) > _MAX_CORNER_ROWS:
        return [
            {name: (low, low) for name, (low, _) in bounds.items()},
            {name: (high, high) for name, (_, high) in bounds.items()},
            _middle(bounds),
        ]
    corners: list[Box] = []
    for corner in product(*(dict.fromkeys(interval) for interval in bounds.values())):
        corners.append({name: (x, x) for name, x in zip(bounds, corner, strict=True)})
    return corners


def _middle(box: Box) -> Box:
    middles = {name: (low + high) / 2 for name, (low, high) in box.items()}
    return {name: (middle, middle) for name, middle in middles.items()}


def _widest(box: Box) -> str | None:
    """The row with the widest interval relative to its size; None where all are points."""
    widths = {
        name: (high - low) / max(abs(low), abs(high))
        for name, (low, high) in box.items()
        if high > low
    }
    return max(widths, key=widths.__getitem__) if widths else None


def _halves(box: Box) -> list[Box]:
    name = _widest(box)
    assert name is not None
    low, high = box[name]
    middle = (low + high) / 2
    return [{**box, name: (low, middle)}, {**box, name: (middle, high)}]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a proposition is read with: intervals of the fact rows, numbers by name."""

    rows: Box
    numbers: Mapping[str, float]


def _truth(node: ast.expr, reading: _Reading) -> int:
    """True or false where decided over the whole box, else unknown."""
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return min(_truth(value, reading) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return max(_truth(value, reading) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return -_truth(operand, reading)
        case ast.Compare(left=left, ops=operators, comparators=rights):
            sides = [_number(side, reading) for side in (left, *rights)]
            return min(
                _compare(operator, sides[i], sides[i + 1]) for i, operator in enumerate(operators)
            )
        case ast.Call(func=ast.Name(id="iff"), args=[first, second]):
            return _truth(first, reading) * _truth(second, reading)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _choose(_truth(test, reading), _truth(body, reading), _truth(other, reading))
        case _:
            return _UNKNOWN


def _choose(test: int, first: int, second: int) -> int:
    if test == _UNKNOWN:
        return first if first == second else _UNKNOWN
    return first if test == _TRUE else second


def _compare(operator: ast.cmpop, left: Interval, right: Interval) -> int:
    if any(math.isnan(x) for x in (*left, *right)):
        return _UNKNOWN
    low, high = right[0] - left[1], right[1] - left[0]
    wide = RELATIVE_TOLERANCE * max(_largest(left), _largest(right))
    narrow = RELATIVE_TOLERANCE * max(_smallest(left), _smallest(right))
    more = _decide(low > wide, high <= narrow)
    less = _decide(high < -wide, low >= -narrow)
    same = _decide(
        low >= -narrow and high <= narrow,
        low > wide or high < -wide,
    )
    match operator:
        case ast.Lt():
            return more
        case ast.Gt():
            return less
        case ast.LtE():
            return -less
        case ast.GtE():
            return -more
        case ast.Eq():
            return same
        case _:
            return -same


def _decide(surely: bool, surely_not: bool) -> int:
    return _TRUE if surely else _FALSE if surely_not else _UNKNOWN


def _largest(interval: Interval) -> float:
    largest = max(abs(interval[0]), abs(interval[1]))
    return largest if math.isfinite(largest) else 0.0


def _smallest(interval: Interval) -> float:
    low, high = interval
    return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


def _number(node: ast.expr, reading: _Reading) -> Interval:
    """Bounds of a number over the box; everything where no bound is known."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return (float(value), float(value))
        case ast.Name(id=name):
            value = reading.numbers[name]
            return (value, value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            low, high = _number(operand, reading)
            return (-high, -low)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _number(operand, reading)
        case ast.BinOp(left=left, op=operator, right=right):
            return _arithmetic(operator, _number(left, reading), _number(right, reading))
        case ast.IfExp(test=test, body=body, orelse=other):
            return _either(test, body, other, reading)
        case ast.Call(func=ast.Name(id="where"), args=[test, body, other]):
            return _either(test, body, other, reading)
        case ast.Call(func=ast.Name(id="fact"), args=[ast.Constant(value=row)]):
            return reading.rows[str(row)]
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _function(name, [_number(argument, reading) for argument in arguments])
        case _:
            return _EVERYTHING


def _either(test: ast.expr, body: ast.expr, other: ast.expr, reading: _Reading) -> Interval:
    truth = _truth(test, reading)
    if truth != _UNKNOWN:
        return _number(body if truth == _TRUE else other, reading)
    first, second = _number(body, reading), _number(other, reading)
    return (min(first[0], second[0]), max(first[1], second[1]))


def _arithmetic(operator: ast.operator, left: Interval, right: Interval) -> Interval:
    match operator:
        case ast.Add():
            return (left[0] + right[0], left[1] + right[1])
        case ast.Sub():
            return (left[0] - right[1], left[1] - right[0])
        case ast.Mult():
            return _corner_values(lambda a, b: a * b, left, right)
        case ast.Div():
            if right[0] <= 0 <= right[1]:
                return (math.nan, math.nan) if right[0] == right[1] else _EVERYTHING
            return _corner_values(lambda a, b: a / b, left, right)
        case ast.Pow():
            return _power(left, right)
        case _:
            return _EVERYTHING


def _corner_values(
    function: Callable[[float, float], float], left: Interval, right: Interval
) -> Interval:
    values = [function(a, b) for a in left for b in right]
    return _EVERYTHING if any(math.isnan(v) for v in values) else (min(values), max(values))


def _power(base: Interval, exponent: Interval) -> Interval:
    power = exponent[0]
    whole = power == int(power)
    undefined = (base[0] <= 0 <= base[1] and power < 0) or (base[0] < 0 and not whole)
    if exponent[0] != exponent[1] or undefined:
        return (math.nan, math.nan) if base[0] == base[1] else _EVERYTHING
    try:
        low, high = sorted((base[0] ** power, base[1] ** power))
    except OverflowError:
        return _EVERYTHING
    return (min(low, 0.0) if base[0] < 0 < base[1] else low, high)


def _function(name: str, arguments: Sequence[Interval]) -> Interval:
    lows, highs = [a[0] for a in arguments], [a[1] for a in arguments]
    match name, arguments:
        case "min", _:
            return (min(lows), min(highs))
        case "max", _:
            return (max(lows), max(highs))
        case "abs", [(low, high)]:
            return (max(low, -high, 0.0), max(abs(low), abs(high)))
        case "exp", [(low, high)]:
            return (_guarded(math.exp, low), _guarded(math.exp, high))
        case (("log" | "sqrt"), [(low, high)]):
            function = math.log if name == "log" else math.sqrt
            if low < 0 or (low == 0 and name == "log"):
                return (math.nan, math.nan) if low == high else _EVERYTHING
            return (function(low), function(high))
        case _:
            return _EVERYTHING


def _guarded(function: Callable[[float], float], value: float) -> float:
    try:
        return function(value)
    except OverflowError:
        return math.inf
