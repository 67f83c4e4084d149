"""The scenario in words: players, what is uncertain and within which bounds, numbers, policies."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.figures.colours import PLAYERS
from tenbin.figures.strips import histogram_strip
from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import number, provenance, titled, values_in_words
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Policy, Scenario

__all__ = ["context"]

BINS = 32


def context(material: Material, words: Words) -> Context:
    scenario = material.scenario
    sampled = max((len(values) for values in material.draws.values()), default=0)
    return {
        "players": [
            {
                "number": place % len(PLAYERS),
                "title": titled(player.title, player.name, words),
                "text": player.text.in_language(words.language),
            }
            for place, player in enumerate(scenario.players.values())
        ],
        "uncertainties": [
            {
                "name": item.name,
                "title": titled(item.title, item.name, words),
                "stated": values_in_words(item, words),
                "strip": _draws_strip(material.draws.get(item.name)),
                "unit": item.unit,
                "source": provenance(item.source, item.fact, words),
            }
            for item in scenario.uncertainties.values()
        ],
        "sampled": f"{sampled:,}",
        "numbers": [*_constants(scenario, words), *_levers(scenario, words)],
        "policies": [
            {
                "name": policy.name,
                "title": titled(policy.title, policy.name, words),
                "text": policy.text.in_language(words.language),
                "sets": _policy_sentence(policy, words),
            }
            for policy in scenario.policies.values()
        ],
    }


def _draws_strip(values: Array | None) -> str:
    """The worlds' values of one uncertainty as a histogram, over their central 99 %."""
    if values is None or len(values) == 0:
        return ""
    low, high = np.quantile(values, [0.005, 0.995])
    if high <= low:
        low, high = low - 0.5, high + 0.5
    counts, _ = np.histogram(np.clip(values, low, high), bins=BINS, range=(low, high))
    return histogram_strip([int(count) for count in counts], width=96.0, height=22.0)


def _constants(scenario: Scenario, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "name": item.name,
            "title": titled(item.title, item.name, words),
            "value": number(item.value),
            "unit": item.unit,
            "source": provenance(item.source, item.fact, words),
        }
        for item in scenario.constants.values()
    ]


def _levers(scenario: Scenario, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "name": item.name,
            "title": titled(item.title, item.name, words),
            "value": number(item.default),
            "unit": item.unit,
            "source": words("scenario.lever", low=number(item.low), high=number(item.high)),
        }
        for item in scenario.levers.values()
    ]


def _policy_sentence(policy: Policy, words: Words) -> str:
    parts = [f"{name} = {value.text}" for name, value in policy.values]
    parts += [words("scenario.commits", move=move, action=action) for move, action in policy.play]
    return "; ".join(parts) if parts else words("scenario.defaults")
