"""Pictures of the run as a whole: which claims go together, and policies by objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.explain import explain_words
from tenbin.explain.consistency_words import consistency_picture
from tenbin.explain.policies_words import tradeoff_picture
from tenbin.figures.matrix import matrix_spec
from tenbin.figures.render import accessible, render_svg
from tenbin.figures.tradeoff import tradeoff_spec
from tenbin.report.material import Picture
from tenbin.report.words import report_words
from tenbin.scenario.objects import Scenario

__all__ = ["charts_of"]

Plain = Mapping[str, Any]


def charts_of(
    scenario: Scenario, verdicts: Plain, explained: Plain, language: str
) -> dict[str, Picture]:
    """`consistency` where the run was explained, `policies` where several were compared."""
    words, found = explain_words(language), dict[str, dict[str, Any]]()
    consistency: Plain = explained.get("consistency") or {}
    if len(consistency.get("claims") or ()) > 1:
        found["consistency"] = matrix_spec(consistency_picture(consistency, scenario, words))
    tradeoff = tradeoff_picture(verdicts, scenario, words)
    if explained and tradeoff is not None and tradeoff.panels:
        found["policies"] = tradeoff_spec(tradeoff)
    return {name: _picture(name, spec, language) for name, spec in found.items()}


def _picture(name: str, spec: dict[str, Any], language: str) -> Picture:
    title, text = report_words(language)("section." + name), str(spec.get("description", ""))
    svg = accessible(render_svg(spec), f"{language}-picture-of-{name}", title, text)
    return Picture(svg, text)
