"""How the models were solved: shares solved and certified, the worst residual, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import concept_name, room_words, titled
from tenbin.report.sections.claims import advice
from tenbin.report.words import share_text

__all__ = ["context", "residual_text"]

Plain = Mapping[str, Any]
EXTRA = ("smallest_margin", "largest_witness_gap")


def context(material: Material, words: Words) -> Context | None:
    models: Mapping[str, Plain] = material.verdicts["models"]
    if not models:
        return None
    return {
        "extra": [name for name in EXTRA if any(name in entry for entry in models.values())],
        "rows": [_row(material, name, entry, words) for name, entry in models.items()],
        "advices": _advices(models, words),
    }


def _row(material: Material, name: str, entry: Plain, words: Words) -> dict[str, Any]:
    model = material.scenario.models[name]
    return {
        "name": name,
        "title": titled(model.title, name, words),
        "form": room_words(entry["form"], words)("form"),
        "concept": concept_name(entry["form"], entry["concept"], words),
        "solved": share_text(float(entry["solved"])),
        "unsolved": share_text(float(entry["unsolved"])),
        "residual": residual_text(entry["worst_residual"]),
        "extra": {key: residual_text(entry.get(key)) for key in EXTRA},
    }


def residual_text(residual: float | None) -> str:
    """A residual in one significant digit; a dash where there is none."""
    return "–" if residual is None else "0" if residual == 0 else f"{residual:.0e}"


def _advices(models: Mapping[str, Plain], words: Words) -> list[str]:
    seen: dict[str, float] = {}
    for entry in models.values():
        for reason, share in entry.get("reasons", {}).items():
            seen[reason] = max(seen.get(reason, 0.0), float(share))
    return [
        words("solving.reason", reason=reason, share=share_text(share))
        + " "
        + advice(reason, words)
        for reason, share in seen.items()
    ]
