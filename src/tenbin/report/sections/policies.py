"""Policies by objective: means, regrets, shares of worlds in which each is best or enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.explain import explain_words
from tenbin.explain.policies_words import policy_sentences
from tenbin.figures.colours import VERDICTS
from tenbin.figures.strips import bar_strip
from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import policy_title, titled
from tenbin.report.policies import (
    Cell,
    ObjectiveTable,
    compares_policies,
    is_coverage,
    joint_cells,
    objective_tables,
)
from tenbin.report.words import share_text

__all__ = ["context"]

BAR = 56.0


def context(material: Material, words: Words) -> Context | None:
    policies: Mapping[str, Any] = material.verdicts.get("policies") or {}
    if not compares_policies(policies):
        return None
    scenario = material.scenario
    tables = objective_tables(scenario, policies, words)
    joint = joint_cells(scenario, policies)
    maker = scenario.players.get(policies.get("decision_maker") or "")
    sentences = [words("policies.intro")]
    if maker is not None:
        sentences.insert(0, words("policies.maker", player=titled(maker.title, maker.name, words)))
    weighed: Mapping[str, Any] = material.explained.get("policies") or {}
    chart = material.charts.get(words.language, {}).get("policies")
    basis = "coverage" if is_coverage(scenario, policies) else "chance"
    return {
        "findings": policy_sentences(weighed, scenario, explain_words(words.language))
        if weighed
        else (),
        "chart": {"svg": chart.svg, "caption": chart.caption} if chart else None,
        "sentences": [" ".join(sentences), words("policies." + basis)],
        "overview": _overview(tables) if len(tables) > 1 or joint else None,
        "joint": {policy_title(scenario, name, words): _cell(cell) for name, cell in joint.items()},
        "tables": [_objective(table, words) for table in tables],
    }


def _overview(tables: list[ObjectiveTable]) -> dict[str, Any]:
    """The shares of worlds in which each policy is the best: a column per objective."""
    policies = dict.fromkeys(title for table in tables for title, _ in table.rows)
    columns = [dict(table.rows) for table in tables]
    return {
        "titles": [table.title for table in tables],
        "rows": [
            {
                "policy": policy,
                "cells": [
                    _cell(column[policy]["best_share"]) if policy in column else None
                    for column in columns
                ],
            }
            for policy in policies
        ],
    }


def _objective(table: ObjectiveTable, words: Words) -> dict[str, Any]:
    note = words.count("policies.worlds", table.worlds)
    if table.compared < 1.0:
        note += " " + words("policies.compared", share=share_text(table.compared))
    return {
        "name": table.name,
        "title": table.title,
        "direction": table.direction,
        "enough": table.enough,
        "columns": table.columns,
        "rows": [
            {"policy": policy, "cells": [_cell(cells[column]) for column in table.columns]}
            for policy, cells in table.rows
        ],
        "note": note,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    bar = bar_strip(cell.share, VERDICTS["mostly holds"], BAR) if cell.share is not None else ""
    return {"text": cell.text, "note": cell.note, "strip": bar, "best": cell.best}
