"""Policies, models, claims and objectives of a scenario: what is argued, and with what."""

from __future__ import annotations

import re
from typing import Any

from tenbin.scenario.expressions import evaluate, fact_ids, unknown_names
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import (
    Because,
    Claim,
    ClaimKind,
    Constant,
    Lever,
    ModelEntry,
    Objective,
    Policy,
)
from tenbin.scenario.sheet import NUMBERS, Sheet
from tenbin.scenario.source import Node
from tenbin.scenario.spec import ClaimSpec, ModelSpec, ObjectiveSpec, PolicySpec
from tenbin.scenario.texts import Text

__all__ = ["COMMON_KEYS", "build_claims", "build_models", "build_objectives", "build_policies"]

COMMON_KEYS = tuple(ModelSpec.model_fields)
"""Keys that a model of any form has; all others belong to its form."""

_CLAIM_ID = re.compile(r"[A-Za-z][\w.-]{0,39}", re.ASCII)
_STATUS_QUO = Text({"en": "Status quo", "ja": "現状維持", "ko": "현상 유지"})


def build_policies(
    sheet: Sheet, levers: dict[str, Lever], constants: dict[str, Constant]
) -> dict[str, Policy]:
    """Policies by name; a scenario without any has one, `status_quo`, that sets nothing."""
    found: dict[str, Policy] = {}
    for name, spec, node in sheet.entries("policies", PolicySpec):
        values: list[tuple[str, Expression]] = []
        for lever, given in (spec.model_extra or {}).items():
            expression = _lever_value(sheet, lever, given, node, levers, constants)
            if expression is not None:
                values.append((lever, expression))
        play = _committed(sheet, node, spec.play)
        place = sheet.key_place("policies", name)
        title = Text.of(spec.title).or_name(name)
        found[name] = Policy(name, title, Text.of(spec.text), tuple(values), play, place)
    if not sheet.names("policies"):
        found["status_quo"] = Policy("status_quo", _STATUS_QUO)
    return found


def _lever_value(
    sheet: Sheet,
    lever: str,
    given: Any,
    node: Node,
    levers: dict[str, Lever],
    constants: dict[str, Constant],
) -> Expression | None:
    known = sheet.names("levers")
    if lever not in known:
        allowed = tuple(sorted((*known, "title", "text", "play")))
        sheet.problem(node.key_place(lever), f"unknown lever '{lever}'", lever, allowed)
        return None
    below = node.get(lever) or node
    expression = sheet.expression(given, below)
    if expression is None:
        return None
    if expression.calls:
        sheet.problem(
            below.place,
            f"the value of lever '{lever}' may not be an outcome",
            advice="It is a number, or an expression of constants.",
        )
        return None
    unknown = unknown_names(expression, sheet.names("constants"), "constant")
    sheet.problems.extend(unknown)
    if unknown or lever not in levers or not expression.names <= set(constants):
        return expression
    value = evaluate(expression, {name: constants[name].value for name in expression.names})
    low, high = levers[lever].low, levers[lever].high
    if not low <= float(value) <= high:
        what = f"{value:g} lies outside the range {low:g}..{high:g} of lever '{lever}'"
        sheet.problem(below.place, what, str(given))
    return expression


def _committed(sheet: Sheet, node: Node, play: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The moves of models that a policy commits, with their actions."""
    below = node.get("play") or node
    models = sheet.names("models")
    found: list[tuple[str, str]] = []
    for move, action in play.items():
        model, _, name = move.partition(".")
        place = below.key_place(move)
        if not name or "." in name:
            what = f"'{move}' is not a move: write model.move"
            sheet.problem(place, what, move)
        elif model not in models:
            sheet.unknown(place, "model", model, models)
        else:
            found.append((move, action))
    return tuple(found)


def build_models(sheet: Sheet) -> dict[str, ModelEntry]:
    """Models by name, each with its form's own keys as plain data."""
    found: dict[str, ModelEntry] = {}
    for name, spec, node in sheet.entries("models", ModelSpec):
        found[name] = ModelEntry(
            name,
            spec.form,
            Text.of(spec.title).or_name(name),
            Text.of(spec.text),
            spec.concept,
            spec.precision,
            spec.worlds,
            {key: below.plain() for key, below in node.items() if key not in COMMON_KEYS},
            node,
        )
    return found


def build_claims(sheet: Sheet) -> dict[str, Claim]:
    """Claims by id, in the order of the file."""
    found: dict[str, Claim] = {}
    for name, spec, node in sheet.entries("claims", ClaimSpec, named=False):
        if not _CLAIM_ID.fullmatch(name):
            place = sheet.key_place("claims", name)
            sheet.problem(
                place,
                f"'{name}' cannot be a claim's id: at most 40 letters, digits and "
                "_ . - that begin with a letter",
                name,
            )
        claim = _claim(sheet, name, spec, node)
        if claim is not None:
            found[name] = claim
    return found


def _claim(sheet: Sheet, name: str, spec: ClaimSpec, node: Node) -> Claim | None:
    given = [key for key in ("holds", "because", "stated") if node.get(key) is not None]
    place = sheet.key_place("claims", name)
    if len(given) != 1:
        what = f"claim '{name}' has " + (" and ".join(given) or "nothing to judge it by")
        sheet.problem(
            place,
            what,
            allowed=("holds", "because", "stated"),
            advice="It needs exactly one of these.",
        )
        return None
    holds = None
    if given[0] == "holds":
        holds = sheet.expression(spec.holds, node.get("holds") or node, claim=True)
        if holds is None:
            return None
    because = None
    if spec.because is not None:
        words = spec.because
        because = Because(Text.of(words.sentence), tuple(words.rows), words.word)
    return Claim(
        name,
        Text.of(spec.says),
        spec.kind or _kind(holds, because),
        Text.of(spec.title),
        spec.section or "",
        holds,
        spec.equilibria,
        tuple(spec.needs),
        _asserts(sheet, spec, node),
        spec.worlds,
        Text.of(spec.reading),
        tuple(spec.facts),
        because,
        None if spec.stated is None else Text.of(spec.stated),
        place,
    )


def _kind(holds: Expression | None, because: Because | None) -> ClaimKind:
    """What kind a claim is that does not say so itself: by how it is judged."""
    if because is not None:
        return "fact"
    if holds is None:
        return "normative"
    if not holds.calls and fact_ids(holds):
        return "fact"
    settings = {(call.policy, call.replaced) for call in holds.calls}
    return "causal" if len(settings) > 1 else "prediction"


def _asserts(sheet: Sheet, spec: ClaimSpec, node: Node) -> dict[str, Expression]:
    below = node.get("asserts") or Node(None)
    known = sheet.names("uncertainties", "constants", "levers")
    found: dict[str, Expression] = {}
    for name, given in spec.asserts.items():
        if name not in known:
            sheet.unknown(below.key_place(name), "number", name, known)
            continue
        value = below.get(name) or below
        expression = sheet.expression(given, value)
        if expression is None:
            continue
        if expression.calls:
            sheet.problem(
                value.place,
                f"what is asserted of '{name}' may not be an outcome",
                advice="State it as `holds:` of the premise.",
            )
            continue
        sheet.problems.extend(unknown_names(expression, sheet.names(*NUMBERS)))
        found[name] = expression
    return found


def build_objectives(sheet: Sheet) -> dict[str, Objective]:
    """Objectives by name, in the order of the file."""
    found: dict[str, Objective] = {}
    for name, spec, node in sheet.entries("objectives", ObjectiveSpec):
        place = sheet.key_place("objectives", name)
        if (spec.min is None) == (spec.max is None):
            sheet.problem(
                place, f"objective '{name}' needs exactly one of these", allowed=("min", "max")
            )
            continue
        direction = "max" if spec.min is None else "min"
        given = spec.max if spec.min is None else spec.min
        expression = sheet.expression(given, node.get(direction) or node)
        if expression is None:
            continue
        if not expression.calls:
            what = f"objective '{name}' reads no outcome of a model"
            sheet.problem(expression.place, what)
        title = Text.of(spec.title).or_name(name)
        threshold = _threshold(sheet, spec, node, direction)
        found[name] = Objective(name, direction, expression, title, threshold, place)
    return found


def _threshold(sheet: Sheet, spec: ObjectiveSpec, node: Node, direction: str) -> Expression | None:
    """What would be good enough; None where the objective does not say."""
    key, other = ("at_most", "at_least") if direction == "min" else ("at_least", "at_most")
    if node.get(other) is not None:
        what = f"`{other}` does not go with `{direction}`"
        sheet.problem(node.key_place(other), what, other, (key,))
    given = spec.at_most if direction == "min" else spec.at_least
    return None if given is None else sheet.expression(given, node.get(key) or node)
