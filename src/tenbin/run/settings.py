"""Settings: what a policy sets, and what an outcome call changes in the setting of its asker."""

from __future__ import annotations

import ast
from copy import deepcopy
from dataclasses import replace
from graphlib import TopologicalSorter
from math import isfinite

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.language import Expression, OutcomeCall, Setting
from tenbin.scenario.objects import Scenario
from tenbin.worlds import reached_numbers

__all__ = ["bare_call", "overlay", "policy_setting", "set_values", "settled"]


MAX_INLINED_NODES = 5_000
"""Nodes of a replaced number once formulas stand in place of the derived numbers in it."""
MAX_INLINED_DEPTH = 150
"""Nodes inside one another in it."""


def policy_setting(scenario: Scenario, policy: str) -> Setting:
    """What a policy of the scenario sets: its levers and its committed moves."""
    entry = scenario.policies[policy]
    return Setting(_sorted_values(dict(entry.values)), tuple(sorted(entry.play)))


def set_values(setting: Setting, values: dict[str, Expression]) -> Setting:
    """The setting with further names given a value, whatever they had before."""
    return replace(setting, values=_sorted_values({**dict(setting.values), **values}))


def bare_call(call: OutcomeCall) -> OutcomeCall:
    """The call without its policy and its replaced numbers, for use with its whole setting."""
    return replace(call, policy=None, replaced=())


def overlay(scenario: Scenario, setting: Setting, call: OutcomeCall) -> Setting:
    """The setting under which a call is answered that is asked under another setting.

    A policy that the call names takes the place of the asker's: levers that any policy sets get
    the named policy's value, or their default; committed moves are the named policy's alone. Other
    replaced numbers stay. The call's own replaced numbers come last; they are read in the asker's
    numbers, so that `E(m.US, troops=floor)` means the asker's `floor`.

    Raises
    ------
    ScenarioError
        If a replaced number is computed from an outcome of a model.
    """
    values, play = dict(setting.values), setting.play
    if call.policy is not None:
        chosen = policy_setting(scenario, call.policy)
        levers = {name for policy in scenario.policies.values() for name, _ in policy.values}
        values = {name: value for name, value in values.items() if name not in levers}
        values.update(chosen.values)
        play = chosen.play
    own = {name: _as_asked(scenario, value, setting) for name, value in call.replaced}
    return Setting(_sorted_values({**values, **own}), play)


def settled(scenario: Scenario, setting: Setting) -> Setting:
    """The setting in one spelling: what is fixed in the file becomes a plain number.

    A lever or constant that is given the value it has anyway is left out, so that settings which
    mean the same are equal.
    """
    values: dict[str, Expression] = {}
    for name, value in setting.values:
        number = _fixed_number(scenario, value)
        if number is None:
            values[name] = value
        elif number != _own_number(scenario, name):
            values[name] = _plain_number(number, value.place)
    return Setting(_sorted_values(values), tuple(sorted(setting.play)))


def _fixed_number(scenario: Scenario, value: Expression) -> float | None:
    """What an expression of constants is; None where it reads anything else, or is not finite."""
    if value.calls or not value.names <= scenario.constants.keys():
        return None
    constants = {name: scenario.constants[name].value for name in value.names}
    number = float(evaluate(value, constants))
    return number if isfinite(number) else None


def _own_number(scenario: Scenario, name: str) -> float | None:
    if name in scenario.levers:
        return scenario.levers[name].default
    return scenario.constants[name].value if name in scenario.constants else None


def _plain_number(number: float, place: Place) -> Expression:
    text = f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
    return Expression(text, ast.Constant(number), frozenset(), (), place)


def _sorted_values(values: dict[str, Expression]) -> tuple[tuple[str, Expression], ...]:
    return tuple(sorted(values.items(), key=lambda item: item[0]))


def _as_asked(scenario: Scenario, value: Expression, setting: Setting) -> Expression:
    """A replaced number of a call, written in the unreplaced numbers of the world."""
    given = dict(setting.values)
    reached, calls = reached_numbers(scenario, value.names, given)
    if calls:
        problem = Problem(
            value.place,
            f"the replaced number '{value.text}' is computed from an outcome of a model",
            advice="Put a number, or names of numbers that read no outcome.",
        )
        raise ScenarioError([problem])
    if not reached & given.keys():
        return value
    _refuse_vast(scenario, value, reached, given)
    tree = _Inlined(scenario, given).visit(deepcopy(value.tree))
    names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    functions = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return Expression(ast.unparse(tree), tree, names - functions, (), value.place)


def _refuse_vast(
    scenario: Scenario, value: Expression, reached: frozenset[str], given: dict[str, Expression]
) -> None:
    """Refuse a replaced number that would be too large or deep once formulas stand for names."""
    extents = {name: _extent(given[name].tree, {}) for name in reached & given.keys()}
    formulas = {
        name: scenario.derived[name].expression
        for name in reached & scenario.derived.keys() - given.keys()
    }
    reads = {name: formula.names & formulas.keys() for name, formula in formulas.items()}
    for name in TopologicalSorter(reads).static_order():
        extents[name] = _extent(formulas[name].tree, extents)
    size, depth = _extent(value.tree, extents)
    if size > MAX_INLINED_NODES or depth > MAX_INLINED_DEPTH:
        problem = Problem(
            value.place,
            f"the replaced number '{value.text}' is made of too many formulas",
            advice="Let it read fewer derived numbers, or replace what they read.",
        )
        raise ScenarioError([problem])


def _extent(tree: ast.expr, known: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """How many nodes a tree has, and how deep it is, with what is `known` in place of names."""
    size = depth = 0
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        more, deeper = known.get(node.id, (1, 1)) if isinstance(node, ast.Name) else (1, 1)
        size, depth = size + more, max(depth, level + deeper)
        waiting.extend((child, level + 1) for child in ast.iter_child_nodes(node))
    return size, depth


class _Inlined(ast.NodeTransformer):
    """Puts what a setting gives in place of names, and formulas in place of derived numbers."""

    def __init__(self, scenario: Scenario, given: dict[str, Expression]) -> None:
        self._scenario = scenario
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._given:
            return deepcopy(self._given[node.id].tree)
        if node.id in self._scenario.derived:
            return self.visit(deepcopy(self._scenario.derived[node.id].expression.tree))
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        return node
