"""What stands in for the faulty parts of a scenario, so that the rest is checked all the same.

A faulty number, player, measure or policy gets a harmless entry of its name; a faulty claim or
objective is left out. So a mistake in one section hides none in another and is reported once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from tenbin.scenario.arguments import COMMON_KEYS
from tenbin.scenario.cycles import find_cycles
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import (
    Constant,
    Derived,
    Lever,
    Measure,
    ModelEntry,
    Player,
    Policy,
    Scenario,
    Uncertainty,
)
from tenbin.scenario.references import check_expression
from tenbin.scenario.sheet import Sheet
from tenbin.scenario.texts import NO_TEXT, Text

__all__ = ["with_stand_ins"]

Entry = TypeVar("Entry")


def with_stand_ins(sheet: Sheet, scenario: Scenario, faulty_claims: Collection[str]) -> Scenario:
    """The scenario with an entry for every name of the file, and only sound claims.

    Parameters
    ----------
    sheet
        The file, whose entries all count as known names.
    scenario
        What was understood of it.
    faulty_claims
        Claims of the scenario that name what there is not.
    """

    def filled(
        section: str, known: Mapping[str, Entry], make: Callable[[str], Entry]
    ) -> dict[str, Entry]:
        return {name: known[name] if name in known else make(name) for name in sheet.names(section)}

    whole = replace(
        scenario,
        players=filled("players", scenario.players, lambda name: Player(name, Text({"en": name}))),
        uncertainties=filled("uncertainties", scenario.uncertainties, _uncertainty),
        constants=filled("constants", scenario.constants, lambda name: Constant(name, 1.0)),
        levers=filled("levers", scenario.levers, lambda name: Lever(name, 0.5, 0.0, 1.0)),
        measures=filled("measures", scenario.measures, Measure),
        policies={**scenario.policies, **filled("policies", scenario.policies, _policy)},
        derived=filled("derived", scenario.derived, _derived),
        models=_models(sheet, scenario),
    )
    whole = replace(whole, derived=_sound_derived(whole))
    objectives = {
        name: objective
        for name, objective in whole.objectives.items()
        if not check_expression(objective.expression, whole)
    }
    all_objectives = len(objectives) == len(sheet.names("objectives"))
    claims = {
        name: claim
        for name, claim in whole.claims.items()
        if name not in faulty_claims
        and (claim.holds is None or not check_expression(claim.holds, whole))
        and (claim.holds is None or all_objectives or not _ranks_policies(claim.holds))
    }
    return replace(whole, objectives=objectives, claims=claims)


def _uncertainty(name: str) -> Uncertainty:
    return Uncertainty(name, "range", (0.5, 1.5), 0.5, 1.5)


def _policy(name: str) -> Policy:
    return Policy(name, Text({"en": name}))


def _derived(name: str) -> Derived:
    expression, problems = parse_expression(1.0)
    assert expression is not None, problems
    return Derived(name, expression)


def _models(sheet: Sheet, scenario: Scenario) -> dict[str, ModelEntry]:
    """The models, those too of which a key that every form has is faulty."""
    found: dict[str, ModelEntry] = {}
    for name in sheet.names("models"):
        node = (sheet.root.get("models") or sheet.root).get(name)
        form = node.get("form") if node is not None else None
        if name in scenario.models:
            found[name] = scenario.models[name]
        elif node is not None and form is not None and isinstance(form.value, str):
            body = {key: item.plain() for key, item in node.items() if key not in COMMON_KEYS}
            found[name] = ModelEntry(name, form.value, NO_TEXT, NO_TEXT, "", None, None, body, node)
    return found


def _sound_derived(scenario: Scenario) -> dict[str, Derived]:
    """Derived numbers that read what there is, without circles; ones in place of the others."""
    reads = {name: sorted(item.expression.names) for name, item in scenario.derived.items()}
    faulty = {name for path in find_cycles(reads) for name in path}
    faulty |= {
        name
        for name, item in scenario.derived.items()
        if check_expression(item.expression, scenario)
    }
    return {
        name: _derived(name) if name in faulty else item for name, item in scenario.derived.items()
    }


def _ranks_policies(expression: Expression) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id in ("best", "dominated")
        for node in ast.walk(expression.tree)
    )
