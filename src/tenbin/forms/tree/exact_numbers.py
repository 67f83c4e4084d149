"""The numbers of one game as fractions: what the file states, not what rounding made of it.

The numbers of a Gambit file are fractions as they stand. A number of a scenario is a float by the
time a game is made of it; here a float stands for

- the decimal that it shows, where that has at most 15 digits (0.1 is one tenth);
- else the fraction with a denominator up to `MOST` that rounds to it (0.333... is one third);
- else itself, a multiple of a power of two, and `from_floats` says so.

Expressions are then evaluated again in fractions, so that 1.1 - 1 is one tenth; where one needs a
root, a logarithm or an outcome of another model its floating-point value stands.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.exchange_file import GameFile
from tenbin.forms.tree.tables import NONE, Tree, TreeGame
from tenbin.forms.tree.values import Computed, Fixed, Product, Rest, Sum, Value, evaluate_values

__all__ = ["ExactGame", "exact_bound", "exact_file", "exact_float", "exact_tables"]

MOST = 1000
"""The largest denominator of a fraction that a float is taken for."""
MOST_DIGITS = 15
LARGEST_POWER = 64


@dataclass(frozen=True)
class ExactGame:
    """One game in fractions: chance [C], payoffs [Z][P].

    `from_floats` tells that some number is the exact value of a float, not one that a person wrote.
    """

    tree: Tree
    chance: tuple[Fraction, ...]
    payoffs: tuple[tuple[Fraction, ...], ...]
    from_floats: bool = False


class _NotRationalError(Exception):
    """An expression that fractions cannot follow."""


def exact_float(number: float) -> tuple[Fraction, bool]:
    """The fraction that a float stands for, and whether that is the float itself."""
    text = repr(float(number))
    digits = text.lower().partition("e")[0].replace(".", "").replace("-", "").strip("0")
    if len(digits) <= MOST_DIGITS:
        return Fraction(text), False
    near = Fraction(number).limit_denominator(MOST)
    return (near, False) if float(near) == number else (Fraction(number), True)


def exact_tables(game: TreeGame, world: int) -> ExactGame:
    """One world's game, every float by itself."""
    found = [exact_float(x) for x in game.chance[world].tolist()]
    rows = [[exact_float(x) for x in row] for row in game.payoffs[world].tolist()]
    return ExactGame(
        game.tree,
        _shares(game.tree, [value for value, _ in found]),
        tuple(tuple(value for value, _ in row) for row in rows),
        any(rough for row in (found, *rows) for _, rough in row),
    )


def exact_file(file: GameFile, tree: Tree) -> ExactGame:
    """The game of a Gambit file, whose tables are `tree`, by the numbers that stand in it."""
    nodes = range(len(file.nodes))
    zero = (Fraction(0),) * len(file.players)
    chance = [Fraction(0)] * tree.n_branches
    for node in nodes:
        if tree.branch[node] != NONE:
            above = file.infosets[file.nodes[file.nodes[node].parent].infoset]
            chance[tree.branch[node]] = above.probabilities[file.nodes[node].step]
    payoffs = [zero] * tree.n_terminals
    for node in nodes:
        if tree.terminal[node] != NONE:
            met = [file.outcomes[number].payoffs for number in file.passed(node)]
            payoffs[tree.terminal[node]] = tuple(
                sum(paid, Fraction(0)) for paid in zip(zero, *met, strict=True)
            )
    return ExactGame(tree, _shares(tree, chance), tuple(payoffs))


def exact_bound(bound: BoundTree, world: int) -> ExactGame:
    """One world's game of a scenario's model, its expressions evaluated in fractions."""
    model = bound.model
    rough = evaluate_values(model.values, model.used, bound.numbers, bound.outcomes)
    reader = _Reader(
        {name: _at(value, world) for name, value in bound.numbers.items()},
        {number: _at(value, world) for number, value in rough.items()},
    )
    for number in model.used:
        reader.read(number, model.values[number])
    chance = _shares(model.tree, [reader.found[int(number)] for number in model.chance_index])
    rows = model.payoff_index.tolist()
    payoffs = tuple(tuple(reader.found[number] for number in row) for row in rows)
    return ExactGame(model.tree, chance, payoffs, reader.from_floats)


def _at(value: Any, world: int) -> float:
    return float(value) if not hasattr(value, "shape") or value.ndim == 0 else float(value[world])


def _shares(tree: Tree, chance: list[Fraction]) -> tuple[Fraction, ...]:
    """Chance with probabilities that sum to one exactly at every chance node.

    What rounding leaves is taken up in proportion.
    """
    branches: dict[int, list[int]] = {}
    for node in range(1, tree.n_nodes):
        if tree.branch[node] != NONE:
            branches.setdefault(int(tree.parent[node]), []).append(int(tree.branch[node]))
    shares = list(chance)
    for drawn in branches.values():
        total = sum((shares[branch] for branch in drawn), Fraction(0))
        for branch in drawn:
            shares[branch] /= total
    return tuple(shares)


class _Reader:
    """Values in fractions, one after the other; `rough` are the same as floats."""

    def __init__(self, numbers: Mapping[str, float], rough: Mapping[int, float]) -> None:
        self._numbers = numbers
        self._rough = rough
        self.found: dict[int, Fraction] = {}
        self.from_floats = False

    def read(self, number: int, value: Value) -> None:
        match value:
            case Computed(expression=expression, reads=reads):
                shared = {name: self.found[index] for name, index in reads}
                try:
                    found = self._value(expression.tree, shared)
                except (_NotRationalError, ZeroDivisionError):
                    found = self._float(self._rough[number])
            case Fixed(number=plain):
                found = self._float(plain)
            case Rest(others=others):
                found = 1 - sum((self.found[index] for index in others), Fraction(0))
            case Sum(terms=terms):
                found = sum((self.found[index] for index in terms), Fraction(0))
            case Product(factors=factors):
                found = reduce(operator.mul, (self.found[index] for index in factors), Fraction(1))
        self.found[number] = found

    def _float(self, number: float) -> Fraction:
        value, rough = exact_float(number)
        self.from_floats |= rough
        return value

    def _value(self, node: ast.expr, shared: Mapping[str, Fraction]) -> Fraction:
        match node:
            case ast.Constant(value=value):
                return self._float(float(value))  # pyright: ignore[reportArgumentType]  checked
            case ast.Name(id=name):
                return shared[name] if name in shared else self._float(self._numbers[name])
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return _power(self._value(left, shared), self._value(right, shared))
            case ast.BinOp(left=left, op=kind, right=right):
                return _BINARY[type(kind)](self._value(left, shared), self._value(right, shared))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Fraction(self._value(operand, shared) == 0)
            case ast.UnaryOp(op=kind, operand=operand):
                value = self._value(operand, shared)
                return -value if isinstance(kind, ast.USub) else value
            case ast.Compare(left=left, ops=kinds, comparators=others):
                values = [self._value(item, shared) for item in (left, *others)]
                pairs = zip(kinds, values, values[1:], strict=False)
                return Fraction(all(_COMPARE[type(kind)](a, b) for kind, a, b in pairs))
            case ast.BoolOp(op=kind, values=parts):
                truths = (self._value(part, shared) != 0 for part in parts)
                return Fraction(all(truths) if isinstance(kind, ast.And) else any(truths))
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._value(body if self._value(test, shared) else other, shared)
            case ast.Call(func=ast.Name(id="where"), args=[test, body, other]):
                return self._value(body if self._value(test, shared) else other, shared)
            case ast.Call(func=ast.Name(id=name), args=args) if name in _CALLS:
                return _CALLS[name](*(self._value(argument, shared) for argument in args))
            case _:
                raise _NotRationalError


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > LARGEST_POWER:
        raise _NotRationalError
    return base ** int(exponent)


_BINARY: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_CALLS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs}
