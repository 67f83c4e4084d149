"""Nodes -> `Scenario`: every section built, every reference checked, all problems at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tenbin.errors import Problem, in_file_order
from tenbin.scenario.arguments import (
    build_claims,
    build_models,
    build_objectives,
    build_policies,
)
from tenbin.scenario.digest import content_digest
from tenbin.scenario.gather import Gathered
from tenbin.scenario.languages import check_languages
from tenbin.scenario.numbers import (
    build_constants,
    build_correlations,
    build_derived,
    build_levers,
    build_uncertainties,
)
from tenbin.scenario.objects import Fact, Measure, Player, Scenario
from tenbin.scenario.references import check_references
from tenbin.scenario.sheet import Sheet
from tenbin.scenario.source import Node
from tenbin.scenario.spec import FactSpec, MeasureSpec, PlayerSpec, ScenarioSpec
from tenbin.scenario.stand_ins import with_stand_ins
from tenbin.scenario.texts import Text
from tenbin.scenario.units import check_units

__all__ = ["build_scenario"]

MAX_ENTRIES = 5_000
"""Names of one section."""


def build_scenario(path: Path | None, found: Gathered) -> tuple[Scenario | None, list[Problem]]:
    """The scenario that was gathered, and its problems.

    Where they are no mere warnings the scenario holds stand-ins for what is faulty, for further
    checks and for nothing else. None where nothing can be made of it.
    """
    if found.root is None:
        return None, found.problems
    sheet = Sheet(found.root, list(found.problems))
    if not _has_fair_sizes(sheet):
        return None, sheet.problems
    _check_top(sheet)
    is_whole = sheet.is_usable  # else a section is missing, and much would seem unknown
    scenario = _build(sheet, path, found)
    faulty_claims = check_references(sheet, scenario)
    check_units(sheet, scenario)
    check_languages(sheet, scenario)
    problems = sheet.problems
    data = _content(found.root, scenario)
    scenario = replace(scenario, data=data, warnings=tuple(in_file_order(problems)))
    if not sheet.is_usable:
        partly = with_stand_ins(sheet, scenario, faulty_claims) if is_whole else None
        return partly, problems
    return replace(scenario, digest=content_digest(data)), problems


def _build(sheet: Sheet, path: Path | None, found: Gathered) -> Scenario:
    root = sheet.root
    uncertainties = build_uncertainties(sheet)
    constants = build_constants(sheet)
    levers = build_levers(sheet)
    maker = root.get("decision_maker")
    title = _text(root.get("title"))
    return Scenario(
        path=path,
        folder=found.folder,
        files=tuple(found.files),
        digest="",
        data={},
        title=title,
        languages=tuple(title.languages) or ("en",),
        summary=_text(root.get("summary")),
        players=_players(sheet),
        uncertainties=uncertainties,
        correlations=build_correlations(sheet, uncertainties),
        constants=constants,
        derived=build_derived(sheet),
        levers=levers,
        policies=build_policies(sheet, levers, constants),
        measures=_measures(sheet),
        facts=_facts(sheet) if found.facts is None else found.facts,
        models=build_models(sheet),
        claims=build_claims(sheet),
        decision_maker=None if maker is None else str(maker.value),
        objectives=build_objectives(sheet),
        search=_search(root.get("search")),
    )


def _search(node: Node | None) -> int:
    value = None if node is None else node.value
    return value if isinstance(value, int) else 0


def _text(node: Node | None) -> Text:
    value = None if node is None else node.plain()
    return Text.of(value) if isinstance(value, (str, dict)) else Text()


def _has_fair_sizes(sheet: Sheet) -> bool:
    """Whether every section is of a size that can be checked name against name."""
    is_fair = True
    for key, node in sheet.root.items():
        size = len(node.value) if isinstance(node.value, (dict, list)) else 0
        if size > MAX_ENTRIES:
            what = f"`{key}` has {size:,} entries; at most {MAX_ENTRIES:,} are allowed"
            sheet.problem(sheet.root.key_place(key), what)
            is_fair = False
    return is_fair


def _check_top(sheet: Sheet) -> None:
    """The sections themselves; what is inside them is checked entry by entry."""
    shell: dict[str, Any] = {}
    for key, node in sheet.root.items():
        is_section = key not in ("title", "summary")
        if is_section and isinstance(node.value, dict):
            shell[key] = Node({}, node.source, node.line, node.column)
        elif key == "correlations" and isinstance(node.value, list):
            shell[key] = Node([], node.source, node.line, node.column)
        elif node.value is not None or not is_section:
            shell[key] = node
    root = sheet.root
    sheet.valid(ScenarioSpec, Node(shell, root.source, root.line, root.column, root.keys))


def _players(sheet: Sheet) -> dict[str, Player]:
    return {
        name: Player(
            name,
            Text.of(spec.title).or_name(name),
            Text.of(spec.text),
            sheet.key_place("players", name),
        )
        for name, spec, _ in sheet.entries("players", PlayerSpec)
    }


def _measures(sheet: Sheet) -> dict[str, Measure]:
    return {
        name: Measure(
            name,
            spec.unit or "",
            Text.of(spec.title).or_name(name),
            sheet.key_place("measures", name),
        )
        for name, spec, _ in sheet.entries("measures", MeasureSpec)
    }


def _facts(sheet: Sheet) -> dict[str, Fact]:
    """Facts that stand in the file itself."""
    found: dict[str, Fact] = {}
    for name, spec, node in sheet.entries("facts", FactSpec, named=False):
        if spec.low is not None and spec.high is not None and spec.low > spec.high:
            sheet.problem(node.place_at(("low",)), f"fact '{name}': low is above high")
        place = sheet.key_place("facts", name)
        found[name] = Fact(id=name, **spec.model_dump(), place=place)
    return found


def _content(root: Node, scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain data: one file's worth, with its facts in place."""
    data: dict[str, Any] = root.plain()
    data.pop("include", None)
    if scenario.facts:
        data["facts"] = {name: _fact_data(fact) for name, fact in scenario.facts.items()}
    return data


def _fact_data(fact: Fact) -> dict[str, Any]:
    row = asdict(fact)
    return {
        key: value
        for key, value in row.items()
        if key not in ("id", "place") and value not in (None, "")
    }
