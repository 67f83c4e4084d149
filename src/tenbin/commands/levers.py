"""Levers searched on request: the best setting found for each objective, beside the policies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tenbin.errors import TenbinError
from tenbin.explain import explain_words
from tenbin.explain.levers import LeverSearch, search_levers
from tenbin.explain.policies_words import lever_sentences
from tenbin.judge.questions import policy_settings
from tenbin.run import read_manifest
from tenbin.scenario import Scenario, load_scenario

__all__ = ["levers_data", "levers_text", "searched_levers"]


def searched_levers(
    path: Path, policy: str | None, seed: int
) -> tuple[Scenario, list[LeverSearch]]:
    """The levers of a run's scenario, or of a scenario, searched for every objective.

    Raises
    ------
    TenbinError
        If the scenario states no objective or levers, or has no such policy.
    """
    if (path / "manifest.json").is_file():
        manifest = read_manifest(path)
        path, seed = path / manifest["scenario"], int(manifest["seed"])
    scenario = load_scenario(path)
    if not scenario.objectives or not scenario.levers:
        raise TenbinError(f"{path} states no objectives, or no levers: there is nothing to search")
    allowed = tuple(policy_settings(scenario))
    if policy is not None and policy not in allowed:
        raise TenbinError(f"unknown policy '{policy}'; allowed: {', '.join(allowed)}")
    return scenario, search_levers(scenario, seed, policy=policy)


def levers_data(found: Sequence[LeverSearch]) -> dict[str, Any]:
    """What was found, for other programs."""
    return {"levers": [item.as_data() for item in found]}


def levers_text(scenario: Scenario, found: Sequence[LeverSearch], language: str) -> str:
    """What was found in sentences, an objective a line."""
    words = explain_words(language)
    return "\n".join(lever_sentences([item.as_data() for item in found], scenario, words))
