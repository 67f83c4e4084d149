"""Claims that hold together in no world: contradictions that the run found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.explain import explain_words
from tenbin.explain.consistency_words import consistency_sentences, contradiction_sentences
from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import claim_title

__all__ = ["context"]

SHOWN = 25
"""Contradictions that are listed; the file has all."""


def context(material: Material, words: Words) -> Context | None:
    consistency: Mapping[str, Any] = material.explained.get("consistency") or {}
    if not consistency:
        return None
    found: Sequence[Mapping[str, Any]] = consistency["contradictions"]
    own, scenario = explain_words(words.language), material.scenario
    chart = material.charts.get(words.language, {}).get("consistency")
    return {
        "worlds": f"{int(consistency['worlds']):,}",
        "sentences": consistency_sentences(consistency, own),
        "rows": [
            {
                "claims": [
                    {
                        "id": key,
                        "title": claim_title(scenario.claims[key], words),
                        "word": material.verdicts["claims"][key]["word"],
                    }
                    for key in item["claims"]
                ],
                "said": contradiction_sentences(item, scenario, own),
            }
            for item in found[:SHOWN]
        ],
        "left": words.count("consistency.left", len(found) - SHOWN) if len(found) > SHOWN else "",
        "chart": {"svg": chart.svg, "caption": chart.caption} if chart else None,
    }
