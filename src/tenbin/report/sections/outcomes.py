"""For each outcome that the run asked for: how it is distributed over the worlds."""

from __future__ import annotations

from typing import Any

from tenbin.figures.gametree import figure, percent
from tenbin.figures.strips import histogram_strip
from tenbin.figures.words import Words
from tenbin.report.events import outcome_title, setting_title
from tenbin.report.material import Context, Distribution, Material, Outcome
from tenbin.report.naming import titled

__all__ = ["context"]


def context(material: Material, words: Words) -> Context | None:
    if not material.outcomes:
        return None
    models: list[dict[str, Any]] = []
    for entry in material.scenario.models.values():
        outcomes = [item for item in material.outcomes if item.model == entry.name]
        if outcomes:
            models.append(
                {
                    "name": entry.name,
                    "title": titled(entry.title, entry.name, words),
                    "outcomes": [_outcome(material, item, words) for item in outcomes],
                }
            )
    return {"models": models} if models else None


def _outcome(material: Material, outcome: Outcome, words: Words) -> dict[str, Any]:
    first = outcome.rows[0]
    write = percent if outcome.is_probability else figure
    return {
        "title": _title(material, outcome, words),
        "text": outcome.text,
        "axis": words("outcomes.axis", low=write(first.low), high=write(first.high)),
        "left_out": words.count("outcomes.left_out", outcome.left_out) if outcome.left_out else "",
        "rows": [_row(material, outcome, row, words) for row in outcome.rows],
    }


def _title(material: Material, outcome: Outcome, words: Words) -> str:
    """What an outcome is, in words; empty where it is only known by its text."""
    return outcome_title(
        material.scenario,
        outcome.model,
        outcome.function,
        outcome.arguments,
        outcome.given,
        outcome.options,
        words,
    )


def _row(material: Material, outcome: Outcome, row: Distribution, words: Words) -> dict[str, Any]:
    write = percent if outcome.is_probability else figure
    low, middle, high = row.quantiles[0], row.quantiles[2], row.quantiles[4]
    used = f"{row.worlds - row.missing:,}"
    if row.missing:
        used += f" ({words('outcomes.missing', count=f'{row.missing:,}')})"
    return {
        "setting": setting_title(material.scenario, row.policies, row.setting, words),
        "strip": histogram_strip(row.counts, [row.mark(value) for value in (low, middle, high)]),
        "mean": write(row.mean),
        "median": write(middle),
        "band": f"{write(low)} … {write(high)}",
        "worlds": used,
    }
