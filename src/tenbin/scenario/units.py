"""Units, checked once when a scenario is read; kernels see bare numbers.

A number without a unit goes with everything. Nothing is converted: `bn_KRW` and `KRW` are added or
compared only where the file says by which factor, and currencies only by a rate of the file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isclose
from typing import Any

from tenbin.errors import Place, Problem
from tenbin.scenario.events import is_outcome_call, outcome_call
from tenbin.scenario.grammar import written_text
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import Scenario
from tenbin.scenario.sheet import NUMBERS, Sheet
from tenbin.scenario.words import place_of_node

__all__ = ["UNITS", "check_units", "unit_factors"]

_BASE = (
    *("person", "year", "metre", "kilogram", "joule", "barrel", "utility", "point"),
    *("KRW", "USD", "JPY", "EUR", "CNY", "GBP", "RUB", "TWD"),
    *("warhead", "weapon", "missile", "launch", "test", "ship", "aircraft", "vehicle", "flight"),
    *("event", "crisis", "case", "vote", "seat"),
)
_DEFINED = {
    "soldier": "person",
    "troop": "person",
    "month": "year / 12",
    "week": "7 * day",
    "day": "year / 365.25",
    "hour": "day / 24",
    "minute": "hour / 60",
    "second": "minute / 60",
    "kilometre": "1000 * metre",
    "tonne": "1000 * kilogram",
    "kiloton": "4.184e12 * joule",
    "megaton": "1000 * kiloton",
    "watt": "joule / second",
    "percent": "0.01",
    **dict.fromkeys(("share", "probability", "ratio", "index", "count", "dimensionless"), "1"),
}
_SHORT = {
    "%": "percent",
    "percentage_point": "percent",
    "pp": "percent",
    "yr": "year",
    "h": "hour",
    "min": "minute",
    "s": "second",
    "m": "metre",
    "km": "kilometre",
    "kg": "kilogram",
    "t": "tonne",
    "kt": "kiloton",
    "Mt": "megaton",
    "J": "joule",
    "W": "watt",
    "people": "person",
    "crises": "crisis",
}
_MULTIPLES = {
    "thousand": 1e3,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "trn": 1e12,
    "trillion": 1e12,
}
_CANONICAL = {
    **{name: name for name in (*_BASE, *_DEFINED)},
    **{f"{name}s": name for name in (*_BASE, *_DEFINED) if not name.isupper()},
    **_SHORT,
}
UNITS = (*_BASE, *_DEFINED)
"""Every word that a unit may be made of, beside the multiples `mn`, `bn`, `trn`."""

_FACTOR = re.compile(
    rf"(?:({'|'.join(_MULTIPLES)})[ _])?([A-Za-z_]+|%|1)(?:\s*(?:\*\*|\^)\s*(-?[1-4]))?"
)
_SEPARATOR = re.compile(r"\s*(/|(?<!\*)\*(?!\*)|\bper\b)\s*")


def unit_factors(unit: str) -> str:
    """A unit such as `bn USD/yr` in full words, for pint.

    Raises
    ------
    KeyError
        With the word that is no unit.
    """
    parts = _SEPARATOR.split(unit.strip())
    text = ""
    for number, part in enumerate(parts):
        if number % 2:
            text += " * " if part == "*" else " / "
            continue
        found = _FACTOR.fullmatch(part)
        if found is None:
            raise KeyError(part)
        multiple, name, power = found.groups()
        if name != "1" and name not in _CANONICAL:
            raise KeyError(name)
        full = "1" if name == "1" else _CANONICAL[name]
        factor = f"({full} ** {power})" if power else full
        text += f"({_MULTIPLES[multiple]:g} * {factor})" if multiple else factor
    return text


@cache
def _registry() -> Any:
    """A pint registry with nothing but the units above; pint is loaded on first need."""
    from pint import UnitRegistry

    registry: Any = UnitRegistry(None)  # pyright: ignore[reportArgumentType]  None: no definitions
    for name in _BASE:
        registry.define(f"{name} = [{name}]")
    for name, definition in _DEFINED.items():
        registry.define(f"{name} = {definition}")
    return registry


@cache
def _are_same(left: str, right: str) -> bool:
    """Whether two units, in full words, measure the same in the same multiples."""
    if left == right:
        return True
    registry = _registry()
    ratio = registry.parse_expression(f"({left}) / ({right}) * dimensionless").to_base_units()
    return ratio.dimensionless and isclose(ratio.magnitude, 1.0, rel_tol=1e-9)


def check_units(sheet: Sheet, scenario: Scenario) -> None:
    """Report unknown units, and numbers of different units that are added or compared."""
    numbers: dict[str, str] = {}
    for section in NUMBERS:
        numbers |= _declared(sheet, section, getattr(scenario, section))
    measures = _declared(sheet, "measures", scenario.measures)
    for derived in scenario.derived.values():
        walk = _Walk(derived.expression, numbers, measures)
        found = walk.unit(derived.expression.tree)
        if derived.name in numbers and isinstance(found, str):
            walk.compare(derived.expression.tree, found, numbers[derived.name])
        sheet.problems += walk.problems
    for claim in scenario.claims.values():
        if claim.holds is not None:
            walk = _Walk(claim.holds, numbers, measures)
            walk.unit(claim.holds.tree)
            sheet.problems += walk.problems


def _declared(sheet: Sheet, section: str, entries: Mapping[str, Any]) -> dict[str, str]:
    """The units of a section's entries in full words; problems for those that are none."""
    found: dict[str, str] = {}
    for name, entry in entries.items():
        if not entry.unit:
            continue
        try:
            found[name] = unit_factors(entry.unit)
        except KeyError as error:
            word = str(error.args[0])
            place = sheet.root.place_at((section, name, "unit"))
            advice = "Units are joined by * / per and raised by **; mn, bn, trn stand before them."
            sheet.problem(place, f"unknown unit '{word}' of '{name}'", word, UNITS, advice)
    return found


_PLAIN = 1.0
"""The unit of a number that is written out: it goes with everything."""

Unit = str | float | None
"""A unit in full words, `_PLAIN`, or None where it is not known."""


@dataclass
class _Walk:
    """The unit of an expression from those of the names it reads; problems where they clash."""

    expression: Expression
    numbers: Mapping[str, str]
    measures: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def unit(self, node: ast.expr) -> Unit:
        match node:
            case ast.Constant():
                return _PLAIN
            case ast.Name():
                return self.numbers.get(node.id)
            case ast.UnaryOp():
                return self.unit(node.operand)
            case ast.BinOp(op=(ast.Add() | ast.Sub())):
                return self._same(node.left, node.right)
            case ast.BinOp(op=ast.Pow()):
                return _power(self.unit(node.left), ast.unparse(node.right))
            case ast.BinOp():
                sign = "*" if isinstance(node.op, ast.Mult) else "/"
                return _product(self.unit(node.left), sign, self.unit(node.right))
            case ast.Compare():
                self._same(node.left, *node.comparators)
                return _PLAIN
            case ast.BoolOp():
                for value in node.values:
                    self.unit(value)
                return _PLAIN
            case ast.IfExp():
                self.unit(node.test)
                return self._same(node.body, node.orelse)
            case ast.Call(func=ast.Name(id=function)):
                return self._call(node, function)
            case _:
                return None

    def _call(self, node: ast.Call, function: str) -> Unit:
        if is_outcome_call(node):
            return self._outcome(node)
        match function:
            case "min" | "max":
                return self._same(*node.args)
            case "abs":
                return self.unit(node.args[0])
            case "sqrt":
                return _power(self.unit(node.args[0]), "0.5")
            case "exp" | "log":
                self._dimensionless(node.args[0], function)
                return _PLAIN
            case "where":
                self.unit(node.args[0])
                return self._same(*node.args[1:])
            case "mix":
                return self._same(*node.args[1::2])
            case "iff" | "rises" | "falls":
                for argument in node.args[: 2 if function == "iff" else 1]:
                    self.unit(argument)
                return _PLAIN
            case _:
                return None

    def _outcome(self, node: ast.Call) -> Unit:
        call = outcome_call(node)
        if call.function in ("P", "B"):
            return _PLAIN
        of = call.arguments[0]
        return self.measures.get(str(of)) if call.function == "E" else None

    def _same(self, *nodes: ast.expr) -> Unit:
        """The one unit that all nodes must have."""
        units = [(node, self.unit(node)) for node in nodes]
        stated = [unit for _, unit in units if isinstance(unit, str)]
        if not stated:
            return None if any(unit is None for _, unit in units) else _PLAIN
        for node, unit in units:
            if isinstance(unit, str):
                self.compare(node, unit, stated[0])
        return stated[0]

    def compare(self, node: ast.expr, found: str, expected: str) -> None:
        if not _are_same(found, expected):
            what = f"this is in {_readable(found)}, but {_readable(expected)} is expected"
            advice = "Multiply by the rate or factor between them; nothing is converted silently."
            self.problems.append(Problem(self._place(node), what, advice=advice))

    def _dimensionless(self, node: ast.expr, function: str) -> None:
        unit = self.unit(node)
        if isinstance(unit, str) and not _are_same(unit, "1"):
            what = f"{function} of a number in {_readable(unit)}; a pure number is expected"
            self.problems.append(Problem(self._place(node), what))

    def _place(self, node: ast.expr) -> Place:
        return place_of_node(node, self.expression.place, written_text(self.expression))


def _product(left: Unit, sign: str, right: Unit) -> Unit:
    if left is None or right is None:
        return None
    if isinstance(right, float):
        return left
    if isinstance(left, float):
        return right if sign == "*" else f"1 / ({right})"
    return f"({left}) {sign} ({right})"


def _power(unit: Unit, exponent: str) -> Unit:
    return f"({unit}) ** ({exponent})" if isinstance(unit, str) else unit


def _readable(unit: str) -> str:
    """A unit in full words as people write it."""
    ratio = _registry().parse_expression(f"({unit}) * dimensionless")
    names = str(ratio.units).replace("dimensionless", "") or "pure numbers"
    factor = next((key for key, size in _MULTIPLES.items() if size == ratio.magnitude), "")
    if factor and names != "pure numbers":
        return f"{factor} {names}"
    return names if ratio.magnitude == 1 else f"{ratio.magnitude:g} {names}"
