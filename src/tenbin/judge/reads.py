"""What the numbers of a claim read: names, outcomes of models, rows of the fact table."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

from tenbin.scenario.expressions import is_outcome_call, mixture, outcome_call
from tenbin.scenario.language import OutcomeCall
from tenbin.scenario.objects import Claim, Scenario
from tenbin.scenario.words import CLAIM_FUNCTIONS
from tenbin.worlds import reached_numbers

__all__ = ["is_factual", "named_calls", "reads_of"]


def reads_of(node: ast.expr) -> tuple[tuple[str, ...], tuple[OutcomeCall, ...]]:
    """The names that a checked number reads outside its outcome calls, and those calls."""
    names: dict[str, None] = {}
    calls: dict[OutcomeCall, None] = {}
    for item in _reading(node):
        if isinstance(item, str):
            names[item] = None
        else:
            calls[item] = None
    return tuple(names), tuple(calls)


def _reading(node: ast.expr) -> Iterator[str | OutcomeCall]:
    if is_outcome_call(node):
        yield outcome_call(node)
        return
    if isinstance(node, ast.Name):
        yield node.id
        return
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "mix":
            for happens, value in mixture(node):
                yield happens
                yield from _reading(value)
            return
        below: list[ast.AST] = [*node.args]
    else:
        below = list(ast.iter_child_nodes(node))
    for child in below:
        if isinstance(child, ast.expr):
            yield from _reading(child)


def is_factual(scenario: Scenario, claim: Claim) -> bool:
    """Whether a proposition reads only fact rows, constants and numbers made of constants."""
    if claim.holds is None:
        return False
    if any(named_calls(claim.holds.tree, set(CLAIM_FUNCTIONS) - {"fact", "iff"})):
        return False
    names, linked = reached_numbers(scenario, claim.holds.names)
    fixed = {*scenario.constants, *scenario.derived}
    return not claim.holds.calls and not linked and names <= fixed


def named_calls(tree: ast.expr, functions: Container[str]) -> Iterator[ast.Call]:
    """Every call of one of the functions anywhere in a tree."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in functions:
                yield node
            case _:
                pass
