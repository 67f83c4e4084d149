"""Whether everything that is named exists, nothing goes in circles, and nothing lies idle."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from tenbin.errors import Place, Problem
from tenbin.scenario.cycles import find_cycles
from tenbin.scenario.expressions import (
    all_names,
    fact_ids,
    named_policies,
    unknown_names,
)
from tenbin.scenario.grammar import written_text
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import Claim, Scenario
from tenbin.scenario.sheet import NUMBERS, Sheet
from tenbin.scenario.source import Node
from tenbin.scenario.words import place_of_node

__all__ = ["Known", "check_expression", "check_references", "swept_names"]

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Known:
    """The names that an expression may use."""

    numbers: frozenset[str]
    replaceable: tuple[str, ...]
    derived: frozenset[str]
    models: tuple[str, ...]
    policies: tuple[str, ...]

    @classmethod
    def of(cls, names: Callable[..., tuple[str, ...]]) -> Known:
        """What `names(section, ...)` tells of the sections."""
        return cls(
            frozenset(names(*NUMBERS)),
            names("uncertainties", "constants", "levers"),
            frozenset(names("derived")),
            names("models"),
            names("policies") or ("status_quo",),
        )


def check_expression(
    expression: Expression, scenario: Scenario, local: Collection[str] = ()
) -> list[Problem]:
    """What an expression names that the scenario does not have.

    Parameters
    ----------
    expression
        Any checked expression of the scenario, of a model's body too.
    scenario
        Where its numbers, models and policies must be.
    local
        Further numbers it may read (path values of a tree).
    """

    def names(*sections: str) -> tuple[str, ...]:
        return tuple(name for section in sections for name in getattr(scenario, section))

    return _problems(expression, Known.of(names), local)


def check_references(sheet: Sheet, scenario: Scenario) -> frozenset[str]:
    """Report every reference between the sections that leads nowhere, and every circle.

    Returns
    -------
    The claims with such a reference.
    """
    _check_clashes(sheet)
    known = Known.of(sheet.names)
    for derived in scenario.derived.values():
        sheet.problems += _problems(derived.expression, known)
    for objective in scenario.objectives.values():
        sheet.problems += _problems(objective.expression, known)
        if objective.threshold is not None:
            sheet.problems += _problems(objective.threshold, known)
    faulty_claims: set[str] = set()
    for claim in scenario.claims.values():
        before = len(sheet.problems)
        _check_claim(sheet, claim, known)
        if len(sheet.problems) > before:
            faulty_claims.add(claim.id)
    _check_circles(sheet, scenario)
    _check_facts(sheet, scenario)
    maker = sheet.root.get("decision_maker")
    if maker is not None and scenario.decision_maker not in sheet.names("players"):
        sheet.unknown(maker.place, "player", str(maker.value), sheet.names("players"))
    if sheet.is_usable:  # what reads a number may be what is faulty
        _warn_of_idle(sheet, scenario)
    return frozenset(faulty_claims)


def _problems(expression: Expression, known: Known, local: Collection[str] = ()) -> list[Problem]:
    numbers = known.numbers.union(local) if local else known.numbers
    found = unknown_names(expression, numbers)
    return found + _call_problems(expression, known)


def _call_problems(expression: Expression, known: Known) -> list[Problem]:
    """Models, policies and replaced names of the outcome calls."""
    found = [
        _unknown(call.place, "model", call.model, known.models)
        for call in expression.calls
        if call.model not in known.models
    ]
    found += [
        _unknown(place, "policy", policy, known.policies)
        for policy, place in named_policies(expression)
        if policy not in known.policies
    ]
    for name, place in _replaced_names(expression):
        if name in known.derived:
            advice = "Replace an uncertainty, a constant or a lever that it reads."
            what = f"'{name}' is derived and cannot be replaced"
            found.append(Problem(place, what, name, (), advice))
        elif name not in known.replaceable:
            allowed = (*known.replaceable, "policy", "given")
            found.append(_unknown(place, "number", name, allowed))
    return list(dict.fromkeys(found))


def _unknown(place: Place, kind: str, name: str, allowed: Collection[str]) -> Problem:
    advice = "" if allowed else f"The scenario has no {kind}."
    return Problem(place, f"unknown {kind} '{name}'", name, tuple(sorted(set(allowed))), advice)


def _replaced_names(expression: Expression) -> Iterator[tuple[str, Place]]:
    replaced = {name for call in expression.calls for name, _ in call.replaced}
    text = written_text(expression)
    for node in ast.walk(expression.tree) if replaced else ():
        if isinstance(node, ast.keyword) and node.arg in replaced:
            yield node.arg, place_of_node(node, expression.place, text)


def _check_clashes(sheet: Sheet) -> None:
    """One name stands for one thing, wherever an expression could mean both."""
    for sections in (NUMBERS, ("players", "measures"), ("players", "models")):
        seen: dict[str, str] = {}
        for section in sections:
            for name in sheet.names(section):
                if name in seen:
                    place = sheet.key_place(section, name)
                    first = sheet.key_place(seen[name], name)
                    what = f"'{name}' is already a name in `{seen[name]}`"
                    sheet.problem(place, what, name, (), f"That one is at {first}.")
                else:
                    seen[name] = section


def _check_circles(sheet: Sheet, scenario: Scenario) -> None:
    reads = {name: sorted(all_names(d.expression)) for name, d in scenario.derived.items()}
    for path in find_cycles(reads):
        what = "derived numbers go in a circle: " + " -> ".join(path)
        sheet.problem(sheet.key_place("derived", path[0]), what, path[0])
    needs = {name: claim.needs for name, claim in scenario.claims.items()}
    for path in find_cycles(needs):
        what = "claims need one another in a circle: " + " -> ".join(path)
        sheet.problem(sheet.key_place("claims", path[0]), what, path[0])


def swept_names(expression: Expression) -> list[tuple[str, Place]]:
    """The names that `rises` and `falls` move over their range, each with its place."""
    text = written_text(expression)
    found: list[tuple[str, Place]] = []
    for node in ast.walk(expression.tree):
        match node:
            case ast.Call(func=ast.Name(id=("rises" | "falls")), args=[_, ast.Name() as name]):
                found.append((name.id, place_of_node(name, expression.place, text)))
            case _:
                pass
    return found


def _check_claim(sheet: Sheet, claim: Claim, known: Known) -> None:
    node = (sheet.root.get("claims") or Node(None)).get(claim.id) or Node(None)
    ids = sheet.names("claims")
    for number, need in enumerate(claim.needs):
        place = node.place_at(("needs", number))
        if need not in ids:
            sheet.unknown(place, "claim", need, ids)
        elif need == claim.id:
            sheet.problem(place, f"claim '{need}' needs itself", need)
    if claim.holds is None:
        return
    sheet.problems += _problems(claim.holds, known)
    movable = sheet.names("uncertainties", "levers")
    for name, place in swept_names(claim.holds):
        if name not in movable:
            kind = "uncertainty or lever"
            sheet.problem(place, f"'{name}' is no {kind}: it has no range", name, movable)
    for node_ in ast.walk(claim.holds.tree):
        match node_:
            case ast.keyword(arg="objective", value=ast.Name() as value):
                objectives = sheet.names("objectives")
                if value.id not in objectives:
                    text = written_text(claim.holds)
                    place = place_of_node(value, claim.holds.place, text)
                    sheet.unknown(place, "objective", value.id, objectives)
            case _:
                pass


def _check_facts(sheet: Sheet, scenario: Scenario) -> None:
    """Every row of the fact table that anything points at, unless the table cannot be read."""
    table = sheet.root.get("facts")
    name = table.value if table is not None else None
    unread = not scenario.facts and isinstance(name, str)
    if unread and any(problem.place.file.endswith(str(name)) for problem in sheet.problems):
        return
    allowed = tuple(scenario.facts)
    for name, place in _fact_references(sheet, scenario):
        if name not in scenario.facts:
            sheet.unknown(place, "fact", name, allowed)


def _fact_references(sheet: Sheet, scenario: Scenario) -> Iterator[tuple[str, Place]]:
    root = sheet.root
    for section, entries in (
        ("uncertainties", scenario.uncertainties),
        ("constants", scenario.constants),
    ):
        for name, entry in entries.items():
            if entry.fact:
                yield entry.fact, root.place_at((section, name, "fact"))
    for claim in scenario.claims.values():
        for number, row in enumerate(claim.facts):
            yield row, root.place_at(("claims", claim.id, "facts", number))
        for number, row in enumerate(claim.because.rows if claim.because else ()):
            yield row, root.place_at(("claims", claim.id, "because", "rows", number))
        if claim.holds is not None:
            yield from fact_ids(claim.holds)


def _warn_of_idle(sheet: Sheet, scenario: Scenario) -> None:
    """Warn of numbers that nothing reads: mostly a name that was meant elsewhere."""
    used = _used_words(scenario)
    for section in ("uncertainties", "levers", "derived"):
        kind = {"uncertainties": "uncertainty", "levers": "lever", "derived": "derived number"}
        for name in sheet.names(section):
            if name not in used:
                what = f"nothing reads the {kind[section]} '{name}'"
                sheet.warn(sheet.key_place(section, name), what)


def _used_words(scenario: Scenario) -> set[str]:
    expressions: list[Expression] = [item.expression for item in scenario.derived.values()]
    for objective in scenario.objectives.values():
        expressions.append(objective.expression)
        expressions += [] if objective.threshold is None else [objective.threshold]
    for claim in scenario.claims.values():
        expressions += [] if claim.holds is None else [claim.holds]
        expressions += claim.asserts.values()
    used: set[str] = set()
    for expression in expressions:
        used |= all_names(expression) | {name for name, _ in swept_names(expression)}
        used |= {name for call in expression.calls for name, _ in call.replaced}
    for claim in scenario.claims.values():
        used |= set(claim.asserts)
    for model in scenario.models.values():
        used |= _words(model.body)
    return used


def _words(value: object) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(_words(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(_words(item) for item in value))
    return set(_WORD.findall(value)) if isinstance(value, str) else set()
