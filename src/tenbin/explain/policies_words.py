"""Policies in words and as a picture: what each does, which lasts, what to find out first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.explain.hinge_words import figure_text, value_text
from tenbin.explain.sensitivity_words import percent_text
from tenbin.explain.validity_words import number_title
from tenbin.figures.tradeoff import TradeoffPanel, TradeoffPicture, TradeoffRow
from tenbin.figures.words import Words
from tenbin.scenario.objects import Scenario

__all__ = ["lever_sentences", "policy_sentences", "tradeoff_picture"]

Plain = Mapping[str, Any]

SAID = 2
"""Uncertainties to resolve that are said for each objective."""


def policy_sentences(data: Plain, scenario: Scenario, words: Words) -> tuple[str, ...]:
    """The front, then objective by objective what to find out first and where the ranking turns."""
    front = data["pareto"]
    shares = words("join.items").join(
        words("policy.share", policy=_policy(scenario, name, words), share=percent_text(share or 0))
        for name, share in ((name, front["share"][name]) for name in data["policies"])
    )
    sentences = [words("policy.front", shares=shares, worlds=f"{front['worlds']:,}")]
    for name, entry in data["objectives"].items():
        sentences += _objective(name, entry, data, scenario, words)
    for item in data["thresholds"]:
        if item["top"]:
            sentences.append(_threshold(item, scenario, words))
    sentences += lever_sentences(data.get("levers") or (), scenario, words)
    return tuple(sentences)


def lever_sentences(found: Sequence[Plain], scenario: Scenario, words: Words) -> tuple[str, ...]:
    """What a search of the levers came to, an objective a sentence."""
    return tuple(_levers(item, scenario, words) for item in found)


def tradeoff_picture(verdicts: Plain, scenario: Scenario, words: Words) -> TradeoffPicture | None:
    """Policies by objective, from the `policies` of `verdicts.json`; None where it has none."""
    policies: Plain | None = verdicts.get("policies")
    if not policies:
        return None
    panels = [
        _panel(name, entry, scenario, words) for name, entry in policies["objectives"].items()
    ]
    return TradeoffPicture(
        panels=tuple(panel for panel in panels if panel.rows),
        best_title=words("policy.best_mean"),
        mean_title=words("policy.mean"),
        enough_title=words("policy.enough"),
        description=words("policy.description"),
    )


def _panel(name: str, entry: Plain, scenario: Scenario, words: Words) -> TradeoffPanel:
    solved = {policy: row for policy, row in entry["rows"].items() if row["mean"] is not None}
    order = [policy for policy in scenario.policies if policy in solved] or list(solved)
    sign = 1.0 if entry["direction"] == "max" else -1.0
    means = [sign * solved[policy]["mean"] for policy in order]
    spread = max(means) - min(means) if means else 0.0
    tolerance = 1e-6 * max(map(abs, means), default=0.0)
    rows = tuple(
        TradeoffRow(
            _policy(scenario, policy, words),
            solved[policy]["mean"],
            (solved[policy]["quantiles"]["0.25"], solved[policy]["quantiles"]["0.75"]),
            (solved[policy]["quantiles"]["0.05"], solved[policy]["quantiles"]["0.95"]),
            spread > tolerance and mean >= max(means) - tolerance,
        )
        for policy, mean in zip(order, means, strict=True)
    )
    title = scenario.objectives[name].title.in_language(words.language) or name.replace("_", " ")
    return TradeoffPanel(title, words(f"policy.{entry['direction']}"), rows, _number(entry))


def _number(entry: Plain) -> float | None:
    """What is good enough, where it is a plain number."""
    try:
        return float(entry["threshold"])
    except (KeyError, ValueError):
        return None


def _policy(scenario: Scenario, name: str, words: Words) -> str:
    entry = scenario.policies.get(name)
    title = entry.title.in_language(words.language) if entry is not None else ""
    return title or name.replace("_", " ")


def _objective(name: str, entry: Plain, data: Plain, scenario: Scenario, words: Words) -> list[str]:
    title = scenario.objectives[name].title.in_language(words.language) or name.replace("_", " ")
    best = entry["best_on_average"]
    if len(best) == len(data["policies"]):
        return [words("policy.alike", objective=title)]
    named = words("join.items").join(_policy(scenario, one, words) for one in best)
    key = "policy.expected" if entry["reading"] == "chance" else "policy.average"
    sentences = [words(key, objective=title, policies=named)]
    first = [item for item in data["resolve_first"][name] if item["low"] > 0.0][:SAID]
    for item in first:
        sentences.append(
            words(
                "policy.resolve",
                name=number_title(scenario, item["name"], words),
                value=figure_text(item["value"]),
                low=figure_text(item["low"]),
                high=figure_text(item["high"]),
                share=percent_text(item["share"]),
            )
        )
    if not first and entry["all_resolved"] > 0.0:
        sentences.append(words("policy.resolve_none", value=figure_text(entry["all_resolved"])))
    return sentences


def _threshold(item: Plain, scenario: Scenario, words: Words) -> str:
    unit = scenario.uncertainties[item["name"]].unit
    at, low, high = (value_text(item[key], unit, words) for key in ("at", "low", "high"))
    objective = scenario.objectives[item["objective"]].title.in_language(words.language)
    return words(
        "policy.threshold",
        objective=objective or item["objective"],
        name=number_title(scenario, item["name"], words),
        at=at,
        low=low,
        high=high,
        below=_policy(scenario, item["from"], words),
        above=_policy(scenario, item["to"], words),
    )


def _levers(item: Plain, scenario: Scenario, words: Words) -> str:
    title = scenario.objectives[item["objective"]].title.in_language(words.language)
    objective = title or item["objective"].replace("_", " ")
    if item["mean"] is None:
        key = "unsolved" if item["status"] == "found" else item["status"]
        return words(f"policy.levers_{key}", objective=objective)
    named = words("join.items").join(
        words("policy.share", policy=_policy(scenario, name, words), share=figure_text(mean))
        for name, mean in item["named"].items()
        if mean is not None
    )
    listed = words("join.items").join(
        f"{number_title(scenario, name, words)} = {figure_text(value)}"
        for name, value in item["levers"].items()
    )
    return words(
        "policy.levers",
        objective=objective,
        levers=listed,
        mean=figure_text(item["mean"]),
        worlds=f"{item['worlds']:,}",
        named=named,
    )
