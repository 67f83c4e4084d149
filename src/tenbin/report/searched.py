"""The verdicts over all equilibria found in the first worlds, beside those of the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.material import Material
from tenbin.report.naming import policy_title
from tenbin.report.shares import policy_rows, share_row
from tenbin.report.words import share_text

__all__ = ["searched_caption", "searched_rows", "searched_word"]

Plain = Mapping[str, Any]


def _section(material: Material) -> Plain:
    return material.verdicts.get("search") or {}


def _entry(material: Material, claim: str) -> Plain | None:
    return _section(material).get("claims", {}).get(claim)


def searched_caption(material: Material, words: Words) -> str:
    """Above the column of the verdict table; empty where nothing was searched."""
    section = _section(material)
    return words("searched.column", worlds=f"{section['worlds']:,}") if section else ""


def searched_word(material: Material, claim: str, words: Words) -> dict[str, Any] | None:
    """The word, and whether the search may have missed equilibria."""
    entry = _entry(material, claim)
    if entry is None:
        return None
    return {"word": entry["word"], "note": "" if entry["complete"] else words("searched.open")}


def searched_rows(material: Material, claim: str, words: Words) -> dict[str, Any] | None:
    """A table of one line per policy, as the run's own."""
    entry = _entry(material, claim)
    if entry is None:
        return None
    quantifier: str = material.verdicts["claims"][claim]["quantifier"]
    rows = [
        {
            **share_row(row, quantifier, words),
            "policy": policy_title(material.scenario, policy, words),
            "word": row.get("word", entry["word"]),
        }
        for policy, row in policy_rows(entry).items()
    ]
    return {
        "caption": words.count("searched.caption", int(entry["worlds"])),
        "note": words("searched.complete" if entry["complete"] else "searched.incomplete"),
        "models": _incomplete_models(material, words),
        "rows": rows,
    }


def _incomplete_models(material: Material, words: Words) -> str:
    """In which share of worlds the list of equilibria is not proved, by model."""
    models: Mapping[str, Plain] = _section(material).get("models", {})
    parts = [
        words("searched.model", model=name, share=share_text(1.0 - entry["complete"] / total))
        for name, entry in models.items()
        if (total := int(entry.get("worlds", 0))) and entry.get("complete", total) < total
    ]
    return words("join.semicolon").join(parts)
