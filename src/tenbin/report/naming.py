"""How things of a scenario are called in a report: titles where the file gives them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tenbin.figures.words import Words, read_words
from tenbin.scenario.objects import Claim, Fact, Policy, Scenario, Uncertainty
from tenbin.scenario.texts import Text

__all__ = [
    "claim_title",
    "concept_name",
    "fact_value",
    "number",
    "option_text",
    "policy_title",
    "provenance",
    "room_words",
    "short_player",
    "titled",
    "values_in_words",
]


def titled(title: Text, name: str, words: Words) -> str:
    """The title in the reader's language, or the name with its underscores opened."""
    return title.in_language(words.language) or name.replace("_", " ")


def short_player(scenario: Scenario, name: str, words: Words) -> str:
    """A player's title without what stands in brackets."""
    title = titled(scenario.players[name].title, name, words)
    return title.partition("(")[0].partition("（")[0].strip() or title


def room_words(form: str, words: Words) -> Words:
    """The words of a form's own room, in the language of other words."""
    return read_words(f"tenbin.forms.{form}", words.language)


def concept_name(form: str, concept: str, words: Words) -> str:
    """A solution concept of a form in words, or its own name where there are none."""
    own = room_words(form, words)
    return own("concept." + concept) if own.has("concept." + concept) else concept


def claim_title(claim: Claim, words: Words) -> str:
    """The claim's short title, else what it says."""
    language = words.language
    return claim.title.in_language(language) or claim.says.in_language(language)


def policy_title(scenario: Scenario, name: str, words: Words) -> str:
    """A policy's title; `all` is a claim that names its policies itself, `any` every policy."""
    policy: Policy | None = scenario.policies.get(name)
    if policy is None:
        key = "policy." + name
        return words(key) if words.has(key) else name.replace("_", " ")
    return titled(policy.title, name, words)


def number(value: float) -> str:
    """A number of the file, as it stands there."""
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    text = f"{value:,.0f}" if abs(value) >= 1000 and value == int(value) else f"{value:.6g}"
    return text.replace("-", "−")


def option_text(key: str, value: str | float) -> str:
    """An option of an outcome as a file writes it: by keyword, or by its place."""
    if key.isdigit():
        return f"'{value}'"
    return f"{key}={value if isinstance(value, str) else number(value).replace(',', '')}"


def provenance(source: str, fact: str, words: Words) -> str:
    """Where a number comes from: its source, and the row of the fact table."""
    parts = [source] if source else []
    if fact:
        parts.append(words("scenario.fact", id=fact))
    return "; ".join(parts) or words("scenario.no_source")


def values_in_words(uncertainty: Uncertainty, words: Words) -> str:
    """The range or distribution of an uncertainty as a phrase."""
    given = [number(parameter) for parameter in uncertainty.parameters]
    if uncertainty.kind == "choice":
        pairs = zip(uncertainty.values, uncertainty.probabilities, strict=True)
        options = [
            words("values.option", value=number(v), share=f"{100 * p:.3g}%") for v, p in pairs
        ]
        return ", ".join(options)
    named: Mapping[str, str] = dict(zip("abc", given, strict=False))
    bounds = {"low": number(uncertainty.low), "high": number(uncertainty.high)}
    phrase = words(f"values.{uncertainty.kind}", **named, **bounds)
    if uncertainty.kind in ("normal", "lognormal") and _is_cut(uncertainty):
        phrase += " " + words("values.cut", **bounds)
    return phrase


def _is_cut(uncertainty: Uncertainty) -> bool:
    natural = 0.0 if uncertainty.kind == "lognormal" else float("-inf")
    return uncertainty.low > natural or uncertainty.high < float("inf")


def fact_value(fact: Fact) -> str:
    """A figure with its bounds and unit."""
    if fact.value is None and fact.low is None:
        return "–"
    text = number(fact.value) if fact.value is not None else ""
    if fact.low is not None and fact.high is not None and fact.low != fact.high:
        text += f" ({number(fact.low)}…{number(fact.high)})"
    return f"{text.strip()} {fact.unit}".strip()
